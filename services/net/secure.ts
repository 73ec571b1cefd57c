import { once } from "node:events";
import type { Socket } from "node:net";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { GreenlightError } from "../errors.ts";
import { withDeadline } from "./deadline.ts";

export interface SecureOptions {
  readonly socket: Socket;
  /** From `tlsSettings`: what to trust and which name to expect. */
  readonly settings: ConnectionOptions;
  /** Postgres speaks clear text first and is asked to switch. */
  readonly negotiation: "direct" | "postgres";
  /** Milliseconds. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** SSLRequest: length 8, code 80877103 (PostgreSQL manual, "Message Formats"). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Performs a TLS handshake on an open socket and returns the secured socket; the caller destroys it.
 *
 * @throws OpenSSL's or Node's error (`CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID` …); `TLS_DECLINED` when a
 *   Postgres server answers that it has no TLS; `DeadlineError`.
 */
export async function secureSocket(options: SecureOptions): Promise<TLSSocket> {
  const { socket, settings, negotiation, ms, signal } = options;
  return withDeadline({ ms, signal, waitedFor: "the TLS handshake" }, async (inner) => {
    if (negotiation === "postgres") await askPostgresForTls(socket, inner);
    const secured = connect({ ...settings, socket });
    secured.on("error", () => undefined);
    inner.addEventListener("abort", () => secured.destroy(), { once: true });
    const closed = once(secured, "close", { signal: inner }).then(() => {
      throw new GreenlightError("TLS_CLOSED", "the server closed the connection during the TLS handshake");
    });
    await Promise.race([once(secured, "secureConnect", { signal: inner }), closed]);
    return secured;
  });
}

async function askPostgresForTls(socket: Socket, signal: AbortSignal): Promise<void> {
  socket.write(SSL_REQUEST);
  const answer = once(socket, "data", { signal });
  const closed = once(socket, "close", { signal }).then(() => {
    throw new GreenlightError("TLS_CLOSED", "the server closed the connection when asked for TLS");
  });
  const [bytes] = (await Promise.race([answer, closed])) as [Buffer];
  if (bytes[0] === 0x4e) throw new GreenlightError("TLS_DECLINED", "the server answered that it has no TLS");
  if (bytes[0] !== 0x53)
    throw new GreenlightError("PROTOCOL", "the answer to the TLS request is not PostgreSQL's");
}
