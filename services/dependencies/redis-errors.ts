import type { CauseCode } from "../causes.ts";
import { codeOf, messageOf, type Recognised } from "./classify.ts";

/** First word of a Redis error reply to cause. Redis and Valkey, src/server.c (`shared` replies). */
const PREFIXES: Readonly<Record<string, CauseCode>> = {
  NOAUTH: "PASSWORD_MISSING",
  WRONGPASS: "AUTH_FAILED",
  NOPERM: "PERMISSION_DENIED",
  DENIED: "HOST_NOT_ALLOWED",
  LOADING: "STARTING_UP",
  MASTERDOWN: "REPLICA_LINK_DOWN",
  CLUSTERDOWN: "CLUSTER_DOWN",
  MOVED: "WRONG_NODE",
  ASK: "WRONG_NODE",
  READONLY: "READ_ONLY",
  NOREPLICAS: "CLUSTER_DOWN",
  OOM: "OUT_OF_MEMORY",
  MISCONF: "DISK_FULL",
  BUSY: "OVERLOADED",
  WRONGTYPE: "KEY_MISSING",
};

/** Texts behind the general prefix `ERR`. */
const MESSAGES: readonly [RegExp, CauseCode][] = [
  [/max number of clients reached/, "TOO_MANY_CONNECTIONS"],
  [/DB index is out of range|invalid DB index/, "DATABASE_MISSING"],
  [/without any password configured|Client sent AUTH, but no password is set/, "AUTH_FAILED"],
  [/invalid password/, "AUTH_FAILED"],
];

/** True for an error reply: the server understood and declined. */
export function isServerError(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}

/** Recognises what `ioredis` throws; undefined for what the operating system or TLS raised beneath it. */
export function recogniseRedis(error: object): Recognised | undefined {
  const message = messageOf(error);
  if (isServerError(error)) {
    const prefix = /^[A-Z]+/.exec(message)?.[0] ?? "";
    const code =
      PREFIXES[prefix] ?? MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? "QUERY_FAILED";
    return { code, ...(prefix === "" ? {} : { evidence: prefix }) };
  }
  if (codeOf(error) !== undefined) return undefined;
  // 0x15 begins a TLS alert: the server took the command for a handshake.
  if (/Unknown RESP type 21\b/.test(message)) return { code: "TLS_REQUIRED" };
  if (/Unknown RESP type|Please report this\.$/.test(message)) return { code: "PROTOCOL_MISMATCH" };
  if (/Connection is closed|Stream isn't writeable|connection.*(closed|ended)/i.test(message))
    return { code: "CONNECTION_CLOSED" };
  return undefined;
}
