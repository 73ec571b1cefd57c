// A TCP proxy in front of one server. It mirrors the server (a dead one is refused, not accepted and closed)
// and, when told so, spoils the connections in the ways networks do.
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createLink, type Link } from "./fault-link.ts";
import type { Fault, FaultMode } from "./fault-modes.ts";
import { knock } from "./knock.ts";
import { freePort } from "./ports.ts";

/** Where the proxy listens and what it stands in front of. */
export interface FaultProxyOptions {
  upstream: { host: string; port: number };
  port?: number;
  /** Calls back at once when the upstream process has ended; returns how to unsubscribe. */
  onUpstreamExit?: (listener: () => void) => () => void;
  /** Seed of the bytes sent in the mode `garbage`. */
  seed?: number;
}

/** A running proxy. */
export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  readonly mode: FaultMode;
  /** Whether new clients are accepted now. */
  readonly listening: boolean;
  /** Applies a mode to all connections, old and new. `ms`: see `FaultMode`. */
  setMode(mode: FaultMode, options?: { ms?: number | undefined }): Promise<void>;
  /** Connections that clients hold open. */
  connections(): number;
  close(): Promise<void>;
}

const pollMs = 25;

/** Starts a proxy in mode `none`. Throws when the port is taken. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const port = options.port ?? (await freePort());
  const upstream = { host: options.upstream.host, port: options.upstream.port };
  const links = new Set<Link>();
  let fault: Fault = { mode: "none", ms: 0 };
  let listener: Server | undefined;
  let upstreamUp = true;
  let closed = false;
  let poll: NodeJS.Timeout | undefined;

  /** Modes that play dead or mad need no upstream; the others are as reachable as it is. */
  function shouldListen(): boolean {
    const independent = fault.mode === "blackhole" || fault.mode === "reset";
    return !closed && fault.mode !== "refuse" && (independent || upstreamUp);
  }

  async function reconcile(): Promise<void> {
    if (!shouldListen()) {
      listener?.close();
      listener = undefined;
    } else if (listener === undefined) {
      listener = createServer({ allowHalfOpen: true, noDelay: true }, accept);
      listener.listen(port, "127.0.0.1");
      await once(listener, "listening");
    }
  }

  function accept(client: Socket): void {
    const link = createLink({
      client,
      upstream,
      fault: () => fault,
      seed: options.seed ?? 1,
      onUpstreamLost: confirmUpstream,
      onClose: () => links.delete(link),
    });
    links.add(link);
  }

  /** Asked before a client learns that its connection has ended, so that its next one finds the truth. */
  async function confirmUpstream(): Promise<void> {
    if (upstreamUp && !(await knock(upstream))) {
      upstreamLost();
    }
  }

  function upstreamLost(): void {
    upstreamUp = false;
    void reconcile();
    poll ??= setInterval(() => void lookForUpstream(), pollMs).unref();
  }

  async function lookForUpstream(): Promise<void> {
    if (await knock(upstream)) {
      clearInterval(poll);
      poll = undefined;
      upstreamUp = true;
      await reconcile();
    }
  }

  const unsubscribe = options.onUpstreamExit?.(upstreamLost);
  try {
    await reconcile();
  } catch (error) {
    unsubscribe?.();
    throw error;
  }
  return {
    host: "127.0.0.1",
    port,
    get mode() {
      return fault.mode;
    },
    get listening() {
      return listener !== undefined;
    },
    async setMode(mode, { ms } = {}) {
      fault = { mode, ms: ms ?? defaultMs(mode) };
      await reconcile();
      for (const link of links) {
        link.faultChanged();
      }
    },
    connections: () => links.size,
    async close() {
      closed = true;
      unsubscribe?.();
      clearInterval(poll);
      await reconcile();
      for (const link of links) {
        link.destroy();
      }
    },
  };
}

function defaultMs(mode: FaultMode): number {
  return mode === "drip" ? 1000 : 200;
}
