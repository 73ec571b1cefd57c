/** The faults of the auth service itself, and what each does. */
export const authModes = {
  "wrong-issuer": "discovery document and tokens name another issuer",
  "foreign-endpoint": "the discovery document sends credentials to another host",
  "rotated-key": "tokens are signed by a key that the JWKS does not hold",
  "expired-key": "the `exp` of every published key has passed",
  "no-keys": "the JWKS is empty",
  "leaks-private-key": "the JWKS shows the private parts too",
  "client-rejected": "every client is rejected",
  "wrong-audience": "tokens are for another audience than the one asked for",
  "expired-token": "tokens have expired before they are issued",
  "accepts-tampered": "whatever is presented as a token is accepted",
  "refuses-tokens": "whatever is presented as a token is refused",
  "skewed-clock": "the clock is `ms` ahead (default 600000)",
  degraded: "the status says `degraded`",
  down: "the status says `down`, with HTTP 200",
  "unknown-status": "the status is a word that nobody knows",
  "wrong-service": "the status names another service",
  redirects: "every answer is a redirect to another host",
  "answers-everything": "every path and method is answered 200 and `ok`",
} as const;

export type AuthMode = keyof typeof authModes | "none";

/** Those that a server without keys and clients can have. */
export const mockModes: readonly AuthMode[] = [
  "skewed-clock",
  "degraded",
  "down",
  "unknown-status",
  "wrong-service",
  "redirects",
  "answers-everything",
];
