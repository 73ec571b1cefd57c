import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A TCP client that remembers what it received and how its connection ended. */
export interface Client {
  readonly socket: Socket;
  /** All bytes received so far. */
  received(): Buffer;
  /** Settles with the error code of the connection, `end` for an orderly end, or `close`. */
  readonly ended: Promise<string>;
}

/** Opens a connection; rejects with ECONNREFUSED as the operating system says it. */
export async function openClient(port: number): Promise<Client> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  let bytes = Buffer.alloc(0);
  socket.on("data", (chunk) => (bytes = Buffer.concat([bytes, chunk])));
  const ended = new Promise<string>((resolve) => {
    socket.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    socket.once("end", () => resolve("end"));
    socket.once("close", () => resolve("close"));
  });
  return { socket, received: () => bytes, ended };
}

/** An echo server; on a free port unless one is given. */
export async function startEcho(port = 0): Promise<{
  port: number;
  sockets: Set<Socket>;
  close: () => Promise<void>;
}> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => socket.write(chunk));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new TypeError("The echo server has no port.");
  }
  return {
    port: address.port,
    sockets,
    async close() {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await once(server, "close");
    },
  };
}
