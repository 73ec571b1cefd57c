import type { Socket } from "node:net";
import { CauseError } from "../errors.ts";
import type { Redact } from "../redact.ts";

/** How long a connection must stand to count as accepted, in ms: a proxy without a backend accepts and hangs up. */
const STANDS_MS = 50;

/** The longest part of a greeting that a message repeats, in bytes. */
const SHOWN_BYTES = 80;

/**
 * Reads what the server says first, until it is as long as `banner`, cannot become it any more, or the server ends.
 * The caller destroys the socket, which ends the wait.
 *
 * @throws {CauseError} `CONNECTION_CLOSED` when the server ends without a word; Node's error.
 */
export async function readGreeting(socket: Socket, banner: string): Promise<Buffer> {
  const wanted = Buffer.from(banner);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let heard = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
    const common = Math.min(heard.length, wanted.length);
    const fits = heard.subarray(0, common).equals(wanted.subarray(0, common));
    if (!fits || common === wanted.length) resolve(heard);
  });
  socket.once("error", reject);
  socket.once("close", () => (heard.length > 0 ? resolve(heard) : reject(hungUp())));
  if (socket.destroyed) reject(hungUp());
  return promise;
}

/**
 * Compares a greeting with the configured banner.
 *
 * @throws {CauseError} `BANNER_MISMATCH`.
 */
export function expectBanner(greeting: Buffer, banner: string, redact: Redact): void {
  const wanted = Buffer.from(banner);
  if (greeting.subarray(0, wanted.length).equals(wanted)) return;
  // Redacted before it is cut: of a secret that is cut in the middle nobody would know the rest.
  const text = redact(greeting.toString("utf8"));
  const found = text.length > SHOWN_BYTES ? `${text.slice(0, SHOWN_BYTES)}…` : text;
  throw new CauseError(
    "BANNER_MISMATCH",
    `expected a greeting that begins with ${JSON.stringify(banner)}, found ${JSON.stringify(found)}`,
  );
}

/**
 * Waits for a moment whether the server ends the connection that it has accepted.
 *
 * @throws {CauseError} `CONNECTION_CLOSED`; Node's error.
 */
export async function expectStanding(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, STANDS_MS);
  socket.once("error", reject);
  socket.once("close", () => reject(hungUp()));
  if (socket.destroyed) reject(hungUp());
  socket.resume();
  await promise.finally(() => clearTimeout(timer));
}

const hungUp = (): CauseError =>
  new CauseError("CONNECTION_CLOSED", "the server accepted the connection and closed it");
