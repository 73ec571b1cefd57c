import { randomBytes } from "node:crypto";

/** Access tokens, and whose each is. */
export interface Tokens {
  mint(email: string, lifetimeMs: number): string;
  /** Undefined for one that nobody knows, or that has ended. */
  emailOf(token: string): string | undefined;
}

/** Knows none at first. */
export function createTokens(now: () => number): Tokens {
  const known = new Map<string, { email: string; ends: number }>();
  return {
    mint(email, lifetimeMs) {
      const token = `ya29.c.c0${randomBytes(48).toString("base64url")}`;
      known.set(token, { email, ends: now() + lifetimeMs });
      return token;
    },
    emailOf(token) {
      const found = known.get(token);
      return found !== undefined && found.ends > now() ? found.email : undefined;
    },
  };
}
