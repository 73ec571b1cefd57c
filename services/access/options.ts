/** access: who asks, and what they may see; verifies tokens and keeps the answers, knows no HTTP. */

/** `reader` sees detail; `operator` also plans, applies, rolls back and holds. */
export type Role = "reader" | "operator";

/** Whoever proved who they are. */
export interface Principal {
  /** As in the allow-list: `user:ann@example.com`, `serviceAccount:ci@p.iam.gserviceaccount.com`, `token:ci`, `anybody` in mode `none`. */
  readonly id: string;
  readonly role: Role;
}

/** One line of the allow-list, in the syntax of IAM members where there is one. */
export type Member =
  | { readonly kind: "user"; readonly email: string }
  | { readonly kind: "serviceAccount"; readonly email: string }
  | { readonly kind: "domain"; readonly domain: string }
  /** A static token, kept as the SHA-256 of it, in hex. */
  | { readonly kind: "token"; readonly name: string; readonly sha256: string };

export interface Rule {
  readonly member: Member;
  readonly role: Role;
}

/** Requests per second, with a burst of twice as many. */
export interface RateLimits {
  /** For each principal. */
  readonly perPrincipal: number;
  /** For each address (an IPv6 network of 64 bits counts as one) without a valid token. */
  readonly perAddress: number;
}

interface GuardedOptions {
  /** What callers without a token see of health: the verdict without detail, or nothing. */
  readonly public: "verdict" | "nothing";
  readonly rules: readonly Rule[];
  readonly limits: RateLimits;
  /** How many proxies in front append to X-Forwarded-For; 0 believes the socket alone. */
  readonly trustedProxies: number;
}

export interface GoogleOptions {
  /** Accepted `aud` of ID tokens: the URL of this service, and custom audiences. At least one. */
  readonly audiences: readonly string[];
  /** Also accept tokens made for gcloud itself, as `gcloud auth print-identity-token` gives to people. */
  readonly gcloud: boolean;
  /** Other OAuth clients whose access tokens are accepted. */
  readonly clientIds: readonly string[];
  /** For tests, on loopback alone. */
  readonly jwksUrl?: string;
  /** For tests, on loopback alone. */
  readonly tokenInfoUrl?: string;
}

export type AccessOptions =
  | { readonly mode: "none" }
  | ({ readonly mode: "token" } & GuardedOptions)
  | ({ readonly mode: "google"; readonly google: GoogleOptions } & GuardedOptions)
  | ({ readonly mode: "platform" } & GuardedOptions);
