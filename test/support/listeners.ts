import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { onTestFinished } from "vitest";
import type { Certificate } from "./certificates.ts";

/** A server in this process; it ends with the test that started it. */
export interface Listener {
  readonly port: number;
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** Connections that were ever accepted. */
  accepted(): number;
  /** Ends it and its connections at once, as a killed process does. */
  kill(): Promise<void>;
}

async function listen(server: Server | HttpServer): Promise<Listener> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on("connection", (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const kill = async (): Promise<void> => {
    const closed = server.listening ? once(server, "close") : undefined;
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(kill);
  return { port: (server.address() as AddressInfo).port, sockets, accepted: () => accepted, kill };
}

/** Speaks TCP as `serve` does it, under TLS when a certificate is given. */
export async function startTcp(
  serve: (socket: Socket) => void,
  certificate?: Certificate,
): Promise<Listener> {
  const guarded = (socket: Socket): void => serve(socket.on("error", () => undefined));
  const server =
    certificate === undefined
      ? createServer(guarded)
      : createTlsServer(certificate, guarded).on("tlsClientError", () => undefined);
  return listen(server);
}

/** Speaks HTTP, or HTTPS when a certificate is given. Idle connections stay open unless `keepAliveMs` ends them. */
export async function startHttp(
  serve: RequestListener,
  { certificate, keepAliveMs = 60_000 }: { certificate?: Certificate; keepAliveMs?: number } = {},
): Promise<Listener & { readonly server: HttpServer }> {
  const server = certificate === undefined ? createHttpServer(serve) : createHttpsServer(certificate, serve);
  server.keepAliveTimeout = keepAliveMs;
  return { ...(await listen(server)), server };
}
