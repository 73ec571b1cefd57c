import { connect, type Socket } from "node:net";
import type { Fault } from "./fault-modes.ts";
import { createPump, type Pump } from "./fault-pump.ts";
import { reset } from "./reset.ts";

/** One client, the connection to the upstream made for it, and the fault between them. */
export interface Link {
  faultChanged(): void;
  destroy(): void;
}

/** What a link needs to know. */
export interface LinkOptions {
  client: Socket;
  upstream: { host: string; port: number };
  fault: () => Fault;
  seed: number;
  /** Called when the upstream has refused or ended a connection, before the client learns of it. */
  onUpstreamLost: () => Promise<void>;
  onClose: () => void;
}

/** Connects a client with the upstream, as the mode of the moment allows. */
export function createLink(options: LinkOptions): Link {
  const { client, fault } = options;
  let upstream: Socket | undefined;
  let pumps: Pump[] = [];
  let silent = false;

  client.on("error", () => undefined);
  client.once("close", (hadError) => {
    endPumps();
    if (hadError) {
      if (upstream !== undefined) reset(upstream);
    } else {
      upstream?.destroy();
    }
    options.onClose();
  });

  const { mode } = fault();
  if (mode === "blackhole") {
    fallSilent();
  } else if (mode === "reset") {
    client.once("data", () => reset(client)).once("end", () => client.destroy());
  } else {
    open();
  }

  function open(): void {
    const peer = connect({ ...options.upstream, allowHalfOpen: true, noDelay: true });
    upstream = peer;
    peer.once("error", () => void lost(() => reset(client)));
    peer.once("end", () => void lost(() => pumps[1]?.end()));
    pumps = [
      createPump({ from: client, to: peer, toClient: false, fault, seed: options.seed }),
      createPump({ from: peer, to: client, toClient: true, fault, seed: options.seed }),
    ];
    client.once("end", () => (silent ? client.destroy() : pumps[0]?.end()));
  }

  async function lost(tell: () => void): Promise<void> {
    if (silent) {
      return;
    }
    // A client that has said goodbye will not come back on account of the answer.
    if (!client.readableEnded && !client.destroyed) {
      await options.onUpstreamLost();
    }
    tell();
  }

  /** The client gets nothing any more, and what it sends vanishes. Its own closing ends the link. */
  function fallSilent(): void {
    silent = true;
    endPumps();
    upstream?.on("data", () => undefined).on("error", () => undefined);
    client.on("data", () => undefined).once("end", () => client.destroy());
  }

  function endPumps(): void {
    for (const pump of pumps) {
      pump.stop();
    }
  }

  return {
    faultChanged() {
      const now = fault().mode;
      if (now === "refuse") {
        reset(client);
      } else if (!silent && (now === "blackhole" || now === "blackhole-established")) {
        fallSilent();
      } else {
        for (const pump of pumps) {
          pump.faultChanged();
        }
      }
    },
    destroy() {
      client.destroy();
    },
  };
}
