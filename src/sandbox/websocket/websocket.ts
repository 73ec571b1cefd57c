// A WebSocket server in a child process that echoes what it is sent.
import { type FaultyServer, startFaultyChild } from "../faulty-child.ts";
import { freePort } from "../ports.ts";
import type { UrlOptions } from "../server.ts";
import { configVariable, type WebsocketConfig, websocketModes } from "./messages.ts";

/** Options of the WebSocket server. */
export interface WebsocketServerOptions {
  port?: number;
  /** Serve `wss` with these PEM files. */
  tls?: { certFile: string; keyFile: string };
  signal?: AbortSignal | undefined;
}

/**
 * Starts it on 127.0.0.1; it chooses the subprotocol `greenlight.v1` when that is asked for.
 * Throws `START_FAILED`, `START_TIMEOUT` or `ABORTED`.
 */
export async function startWebsocket(options: WebsocketServerOptions = {}): Promise<FaultyServer> {
  const port = options.port ?? (await freePort());
  const config: WebsocketConfig = { port, tls: options.tls };
  const name = "websocket";
  const url = (given: UrlOptions = {}): string =>
    `${options.tls ? "wss" : "ws"}://${given.host ?? "127.0.0.1"}:${given.port ?? port}/`;
  return startFaultyChild({
    name,
    program: new URL("main.ts", import.meta.url),
    env: { [configVariable]: JSON.stringify(config) },
    modes: Object.keys(websocketModes),
    address: { port, url, adminUrl: url },
    signal: options.signal,
  });
}
