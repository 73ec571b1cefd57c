import { type ConnectOptions, openSocket } from "./connect.ts";
import { withDeadline } from "./deadline.ts";

/** How long a server that accepts a connection may take to end it, in ms, and counts as gone. */
const HANG_UP_MS = 100;

/**
 * Tells a server that has ended from one that ended an idle connection, which is a habit of HTTP servers: only the
 * first takes no new ones. A server that is being killed may accept one more, and ends it.
 */
export async function isGone(options: ConnectOptions): Promise<boolean> {
  const socket = await openSocket(options).catch(() => undefined);
  if (socket === undefined) return true;
  const { promise: ended, resolve } = Promise.withResolvers<boolean>();
  socket.once("close", () => resolve(true)).resume();
  const wait = { ms: HANG_UP_MS, waitedFor: "the end of the connection", signal: options.signal };
  const gone = await withDeadline(wait, () => ended).catch(() => false);
  socket.destroy();
  return gone;
}
