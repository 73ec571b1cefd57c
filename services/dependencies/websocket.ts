import { randomBytes } from "node:crypto";
import { WebSocket } from "ws";
import { CauseError } from "../errors.ts";
import { checkHost, guardedLookup } from "../net/address-guard.ts";
import { classifyError } from "./classify.ts";
import type { Connection, Dependency, Target } from "./dependency.ts";
import { redirectOf } from "./http-expectations.ts";
import type { WebsocketOptions } from "./options.ts";
import { commonOf, parseServiceTarget, type ServiceAddress } from "./target.ts";
import { explainPlain } from "./tls-hint.ts";
import { recogniseWebsocket } from "./websocket-errors.ts";

/** The longest message that is read and thrown away, in bytes: servers may greet or broadcast at any time. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** A WebSocket service through `ws`: one held connection, and a pong with our own payload for each ping. */
export function createWebsocket(options: WebsocketOptions): Dependency {
  const address = parseServiceTarget({ url: options.url, tls: options.tls });
  const { redact } = address;
  return {
    name: options.name,
    kind: "websocket",
    ...commonOf(options, address),
    asserts: false,
    open: (signal) => open(options, address, signal),
    classify: (error, rung) => classifyError({ error, rung, redact, recognise: recogniseWebsocket }),
    answered: () => false,
  };
}

async function open(
  options: WebsocketOptions,
  { target }: ServiceAddress,
  signal: AbortSignal,
): Promise<Connection> {
  const url = new URL(options.url);
  checkHost(url.hostname, target.checkAddress);
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const socket = connect(options, target);
  let reason: Error | undefined;
  socket.on("error", (error) => (reason ??= error));
  socket.on("close", resolve);
  const onAbort = (): void => socket.terminate();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await handshake(socket, url);
  } catch (error) {
    socket.terminate();
    signal.throwIfAborted();
    throw await explainPlain(error, target, signal);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  return {
    lost,
    destroy: () => socket.terminate(),
    query: (inner) => pingPong(socket, inner, () => reason),
    assert: () => Promise.resolve(),
  };
}

function connect({ url, subprotocol }: WebsocketOptions, target: Target): WebSocket {
  return new WebSocket(url, subprotocol === undefined ? [] : [subprotocol], {
    ...target.tls,
    lookup: guardedLookup(target.checkAddress),
    headers: { "user-agent": "greenlight" },
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
}

/** Waits for the end of the handshake; an answer in HTTP is its refusal. */
async function handshake(socket: WebSocket, url: URL): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("open", resolve);
  socket.once("error", reject);
  socket.once("close", () => reject(closed()));
  socket.once("unexpected-response", (_request, { statusCode: status = 0, headers }) => {
    const expected = "101 Switching Protocols";
    const redirected = redirectOf({ status, headers }, expected, url);
    if (redirected !== undefined) reject(redirected);
    else reject(new CauseError("UPGRADE_REFUSED", `expected ${expected}, found ${status}`));
  });
  await promise;
}

/** A pong with another payload answers somebody else's ping, or none. */
async function pingPong(
  socket: WebSocket,
  signal: AbortSignal,
  reason: () => Error | undefined,
): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) throw reason() ?? closed();
  const payload = randomBytes(16);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onPong = (echo: Buffer): void => {
    if (echo.equals(payload)) resolve();
  };
  const onClose = (): void => reject(reason() ?? closed());
  const onAbort = (): void => reject(signal.reason);
  socket.on("pong", onPong).once("close", onClose);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    socket.ping(payload);
    await promise;
  } finally {
    socket.off("pong", onPong).off("close", onClose);
    signal.removeEventListener("abort", onAbort);
  }
}

const closed = (): CauseError =>
  new CauseError("CONNECTION_CLOSED", "the server closed the connection without an answer");
