// The child process that is the WebSocket server: it echoes what it is sent, and answers pings.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type WebSocket, WebSocketServer } from "ws";
import { followParent, tellReady } from "../parent.ts";
import { configVariable, subprotocol, type WebsocketConfig, type WebsocketMode } from "./messages.ts";

const config: WebsocketConfig = JSON.parse(process.env[configVariable] ?? "{}");
const state: { mode: WebsocketMode } = { mode: "none" };
const server = listener();
const sockets = new WebSocketServer({
  noServer: true,
  maxPayload: 64 * 1024,
  // Pongs are sent by hand, so that they can be left out.
  autoPong: false,
  handleProtocols: (offered) =>
    offered.has(subprotocol) && state.mode !== "wrong-subprotocol" ? subprotocol : false,
});
sockets.on("connection", serve);
followParent<WebsocketMode>(({ mode }) => {
  state.mode = mode;
  if (mode === "upgrade-refused" || mode === "wrong-subprotocol") {
    // Who is connected already would see nothing of it (1012: "service restart").
    for (const client of sockets.clients) {
      client.close(1012);
    }
  }
});
server.on("upgrade", (request, socket, head) => {
  if (state.mode === "upgrade-refused") {
    socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
});
server.listen(config.port, "127.0.0.1", tellReady);

function serve(client: WebSocket): void {
  client.on("error", () => undefined);
  client.on("message", (data, binary) => client.send(data, { binary }));
  client.on("ping", (data) => {
    if (state.mode !== "no-pong") {
      client.pong(data);
    }
  });
}

function listener(): Server {
  if (config.tls === undefined) {
    return createServer(refuse);
  }
  const { certFile, keyFile } = config.tls;
  return createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, refuse);
}

/** RFC 9110, 15.5.22: what to upgrade to is said in the header. */
function refuse(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426, { upgrade: "websocket", connection: "upgrade" }).end();
}
