import type { Socket } from "node:net";

/**
 * Ends a connection with a reset. One that is saying goodbye is destroyed instead: libuv refuses to reset it (EINVAL), and
 * Node then never closes it.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
