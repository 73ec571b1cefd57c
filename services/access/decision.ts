import type { Principal } from "./options.ts";
import type { Refusal, Refuse } from "./refusals.ts";

/** What a token was found to be. */
export type Decision =
  | {
      readonly ok: true;
      readonly principal: Principal;
      /** Wall-clock milliseconds at which the token ends; infinite for one that does not. */
      readonly expiresAt: number;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** A function that makes a refusing decision. */
export function createNo(refuse: Refuse): (...reason: Parameters<Refuse>) => Decision {
  return (...reason) => ({ ok: false, refusal: refuse(...reason) });
}

/** Checks one token; answers at once unless somebody has to be asked. Never throws for what a caller sent. */
export interface TokenVerifier {
  /** Loads what the first check needs; never rejects because somebody else is down. */
  prepare(): Promise<void>;
  verify(token: string): Decision | Promise<Decision>;
}
