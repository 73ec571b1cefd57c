import { openSocket } from "../net/connect.ts";
import { secureSocket } from "../net/secure.ts";
import type { Target } from "./dependency.ts";

/**
 * Tells whether a plain connection that failed met a port for TLS: tries a handshake there, whatever the certificate.
 * Takes at most half a second; false when TLS is used already.
 */
export async function speaksTls(
  { endpoint, tls, negotiation }: Target,
  signal: AbortSignal,
): Promise<boolean> {
  if (tls !== undefined || signal.aborted) return false;
  const socket = await openSocket({ endpoint, ms: 250, signal }).catch(() => undefined);
  if (socket === undefined) return false;
  const settings = { rejectUnauthorized: false };
  try {
    await secureSocket({ socket, settings, negotiation, ms: 250, signal });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
