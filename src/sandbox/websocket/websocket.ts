// A WebSocket server in a child process that echoes what it is sent.
import { startNodeChild } from "../node-child.ts";
import { type OwnFaults, trackFaults } from "../own-faults.ts";
import { freePort } from "../ports.ts";
import type { ManagedProcess } from "../process.ts";
import type { SandboxServer, UrlOptions } from "../server.ts";
import { supervise } from "../supervise.ts";
import { configVariable, type WebsocketConfig, websocketModes } from "./messages.ts";

/** Options of the WebSocket server. */
export interface WebsocketServerOptions {
  port?: number;
  /** Serve `wss` with these PEM files. */
  tls?: { certFile: string; keyFile: string };
  signal?: AbortSignal | undefined;
}

/** The handle also sets faults of the server itself. */
export interface WebsocketServer extends SandboxServer {
  readonly faults: OwnFaults;
}

/**
 * Starts it on 127.0.0.1; it chooses the subprotocol `greenlight.v1` when that is asked for.
 * Throws `START_FAILED`, `START_TIMEOUT` or `ABORTED`.
 */
export async function startWebsocket(options: WebsocketServerOptions = {}): Promise<WebsocketServer> {
  const port = options.port ?? (await freePort());
  const config: WebsocketConfig = { port, tls: options.tls };
  const name = "websocket";
  const faults = trackFaults(name, Object.keys(websocketModes));
  const url = (given: UrlOptions = {}): string =>
    `${options.tls ? "wss" : "ws"}://${given.host ?? "127.0.0.1"}:${given.port ?? port}/`;

  async function start(signal: AbortSignal | undefined): Promise<ManagedProcess> {
    const env = { [configVariable]: JSON.stringify(config) };
    const program = new URL("main.ts", import.meta.url);
    const managed = await startNodeChild({ name, program, env, signal });
    faults.attach(managed);
    return managed;
  }

  const supervised = await supervise({ name, start }, options.signal);
  return {
    ...supervised,
    get pid() {
      return supervised.pid;
    },
    host: "127.0.0.1",
    port,
    url,
    adminUrl: url,
    faults,
  };
}
