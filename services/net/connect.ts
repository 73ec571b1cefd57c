import { connect, type NetConnectOpts, type Socket } from "node:net";
import { type CheckAddress, checkHost, guardedLookup } from "./address-guard.ts";
import { withDeadline } from "./deadline.ts";

/** Where to connect: a TCP address or the path of a Unix socket. */
export type Endpoint =
  | {
      readonly host: string;
      readonly port: number;
      /** Judges each address before a connection is made to it; without one every address is asked. */
      readonly checkAddress?: CheckAddress;
    }
  | { readonly path: string };

export interface ConnectOptions {
  readonly endpoint: Endpoint;
  /** Milliseconds. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a TCP (or Unix) connection; for a name with several addresses, Node tries them in turn.
 * The caller owns the socket and destroys it.
 *
 * @throws Node's error (`ECONNREFUSED` …, an `AggregateError` when all of several addresses failed); `DeadlineError`;
 *   what the endpoint's `checkAddress` throws.
 */
export async function openSocket({ endpoint, ms, signal }: ConnectOptions): Promise<Socket> {
  return withDeadline({ ms, signal, waitedFor: "the connection attempt" }, (inner) => {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const socket = connect(guarded(endpoint));
    const onAbort = (): void => void socket.destroy();
    inner.addEventListener("abort", onAbort, { once: true });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed while connecting")));
    socket.once("connect", () => {
      inner.removeEventListener("abort", onAbort);
      // A reset that arrives before the caller listens must not end the process.
      socket.on("error", () => undefined);
      resolve(socket);
    });
    return promise;
  });
}

function guarded(endpoint: Endpoint): NetConnectOpts {
  if ("path" in endpoint) return { path: endpoint.path };
  const { host, port, checkAddress } = endpoint;
  if (checkAddress === undefined) return { host, port };
  checkHost(host, checkAddress);
  return { host, port, lookup: guardedLookup(checkAddress) };
}

/**
 * Asks whether somebody accepts connections there, and hangs up. Costs the server one accepted socket.
 *
 * @returns true when the connection was accepted within `ms` milliseconds.
 */
export async function knock(options: ConnectOptions): Promise<boolean> {
  try {
    const socket = await openSocket(options);
    socket.destroy();
    return true;
  } catch {
    options.signal.throwIfAborted();
    return false;
  }
}
