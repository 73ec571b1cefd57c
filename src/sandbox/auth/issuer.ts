import type { IncomingHttpHeaders } from "node:http";
import { type SigningKey, makeSigningKey, publishedKeys } from "./keys.ts";
import type { AuthConfig } from "./messages.ts";
import type { AuthMode } from "./modes.ts";
import type { OwnFault } from "../own-faults.ts";
import type { JWK } from "jose";

/** What all endpoints share: configuration, keys, clock and the fault in force. */
export interface Issuer {
  readonly config: AuthConfig;
  readonly mode: AuthMode;
  /** The server's idea of the time, in milliseconds. */
  now(): number;
  /** The URL under which a request was sent; what the endpoints in the discovery document begin with. */
  baseOf(headers: IncomingHttpHeaders): string;
  /** The name in the discovery document and in tokens. */
  nameOf(headers: IncomingHttpHeaders): string;
  /** The key that signs; made when it is first asked for. */
  signingKey(): Promise<SigningKey>;
  published(): Promise<{ keys: JWK[] }>;
  setFault(fault: OwnFault<AuthMode>): void;
}

const defaultSkewMs = 600_000;

/** Starts with no fault. */
export function createIssuer(config: AuthConfig): Issuer {
  let first: Promise<SigningKey> | undefined;
  let rotated: Promise<SigningKey> | undefined;
  let fault: OwnFault<AuthMode> = { mode: "none" };
  const baseOf = (headers: IncomingHttpHeaders): string =>
    `${config.tls ? "https" : "http"}://${headers.host ?? `127.0.0.1:${config.port}`}`;
  const now = (): number => Date.now() + (fault.mode === "skewed-clock" ? (fault.ms ?? defaultSkewMs) : 0);
  return {
    config,
    get mode() {
      return fault.mode;
    },
    now,
    baseOf,
    nameOf: (headers) =>
      fault.mode === "wrong-issuer" ? "https://issuer.elsewhere.example" : (config.issuer ?? baseOf(headers)),
    signingKey: () =>
      fault.mode === "rotated-key" ? (rotated ??= makeSigningKey()) : (first ??= makeSigningKey()),
    published: async () =>
      publishedKeys(await (first ??= makeSigningKey()), fault.mode, Math.floor(now() / 1000)),
    setFault(next) {
      fault = next;
    },
  };
}
