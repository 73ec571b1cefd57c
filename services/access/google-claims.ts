import type { Clock } from "../clock.ts";
import type { Identity } from "./allow-list.ts";
import type { GoogleOptions, Rule } from "./options.ts";
import type { Refuse } from "./refusals.ts";

/** What it takes to check a token of Google's, of either sort. */
export interface GoogleTokensOptions {
  readonly google: GoogleOptions;
  readonly rules: readonly Rule[];
  readonly clock: Clock;
  readonly refuse: Refuse;
}

/** Both are in use. */
export const GOOGLE_ISSUERS: readonly string[] = ["accounts.google.com", "https://accounts.google.com"];

/** The OAuth client of gcloud itself: audience of what `gcloud auth print-identity-token` gives to people. */
export const GCLOUD_CLIENT_ID = "32555940559.apps.googleusercontent.com";

/** Clocks may differ by this many milliseconds. */
export const LEEWAY_MS = 30_000;

/** The e-mail address in it, when Google says that it belongs to the account; tokeninfo writes `"true"` for true. */
export function identityIn(claims: Readonly<Record<string, unknown>>): Identity | undefined {
  const { email, email_verified: verified, hd } = claims;
  if (typeof email !== "string" || !EMAIL.test(email)) return undefined;
  if (verified !== true && verified !== "true") return undefined;
  return { email, ...(typeof hd === "string" && hd !== "" ? { hostedDomain: hd } : {}) };
}

const EMAIL = /^[^\s@]{1,128}@[^\s@]{1,255}$/;
