import type { Socket } from "node:net";
import { CauseError } from "../errors.ts";
import { openSocket } from "../net/connect.ts";
import { secureSocket } from "../net/secure.ts";
import { classifyError } from "./classify.ts";
import type { Connection, Dependency } from "./dependency.ts";
import type { TcpOptions } from "./options.ts";
import { commonOf, parseServiceTarget, type ServiceAddress } from "./target.ts";
import { expectBanner, expectStanding, readGreeting } from "./tcp-greeting.ts";

/** Any TCP service. A held connection proves nothing of a server that need not speak: each observation opens its own. */
export function createTcp(options: TcpOptions): Dependency {
  const address = parseServiceTarget({ url: options.url, tls: options.tls });
  const { redact } = address;
  return {
    name: options.name,
    kind: "tcp",
    ...commonOf(options, address),
    // Without a banner it is that the connection stands.
    asserts: true,
    open: async () => open(options, address),
    classify: (error, rung) =>
      classifyError({
        error,
        // What ends the connection while its content is judged is no fault of the content.
        rung: rung === "assert" ? "query" : rung,
        redact,
        recognise: () => undefined,
      }),
    answered: (error) => error instanceof CauseError && error.code === "BANNER_MISMATCH",
  };
}

function open({ banner, deadlines }: TcpOptions, { target, redact }: ServiceAddress): Connection {
  /** The connection, and beside it what is spoken on: under TLS another socket. */
  let held: Socket | undefined;
  let current: Socket | undefined;
  let greeting: Buffer | undefined;
  const drop = (): void => {
    held?.destroy();
    held = undefined;
  };
  async function connect(signal: AbortSignal): Promise<Socket> {
    drop();
    const wait = { ms: deadlines.connectMs, signal };
    const socket = await openSocket({ endpoint: target.endpoint, ...wait });
    held = socket;
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
    // An abort in between found nothing to destroy.
    if (signal.aborted) drop();
    signal.throwIfAborted();
    if (target.tls === undefined) return socket;
    return secureSocket({ socket, settings: target.tls, negotiation: target.negotiation, ...wait });
  }
  return {
    lost: Promise.withResolvers<void>().promise,
    destroy: drop,
    async query(signal) {
      greeting = undefined;
      current = await connect(signal);
      if (banner !== undefined) greeting = await readGreeting(current, banner);
    },
    async assert() {
      try {
        if (banner !== undefined && greeting !== undefined) expectBanner(greeting, banner, redact);
        else if (current !== undefined) await expectStanding(current);
      } finally {
        drop();
      }
    },
  };
}
