import type { Clock } from "../clock.ts";
import { type AuthenticatorOptions, createAuthenticator, type GuardedOptions } from "./authenticator.ts";
import { type Source, sourceNetwork } from "./address.ts";
import type { Credentials } from "./bearer.ts";
import type { Decision } from "./decision.ts";
import type { Principal } from "./options.ts";
import { createRateLimiter, type Rate, type Taken } from "./rate-limit.ts";
import type { Refusal, RefusalCode } from "./refusals.ts";

/** What a route needs; `verdict` also lets callers without a token in where the configuration says so. */
export type Need = "verdict" | "reader" | "operator";

export interface AccessRequest {
  readonly need: Need;
  readonly credentials: Credentials;
  /** Asked only when the address counts. */
  readonly source: () => Omit<Source, "trustedProxies">;
}

export type Admission =
  | {
      readonly ok: true;
      /** Null for a caller without a token, who gets the verdict alone. */
      readonly principal: Principal | null;
      /** Wall-clock milliseconds. */
      readonly expiresAt: number;
      readonly rate: Rate;
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly rate: Rate };

export interface Guard {
  /** Loads what the first check needs. */
  prepare(): Promise<void>;
  /** Decides at once whatever is remembered; a promise only for a token that is new. */
  admit(request: AccessRequest): Admission | Promise<Admission>;
  /** Refused requests since the start. */
  readonly refused: ReadonlyMap<RefusalCode, number>;
}

export interface GuardOptions extends AuthenticatorOptions {
  readonly clock: Clock;
}

/** Who may ask, and how often: valid tokens count for who they belong to, everything else for the address. */
export function createGuard(options: GuardedOptions, made: GuardOptions): Guard {
  const { limits, trustedProxies } = options;
  const authenticator = createAuthenticator(options, made);
  const { refuse } = authenticator;
  const { clock } = made;
  const principals = createRateLimiter({ name: "principal", perSecond: limits.perPrincipal, clock });
  const addresses = createRateLimiter({ name: "address", perSecond: limits.perAddress, clock });
  const refused = new Map<RefusalCode, number>();

  function refuseWith(refusal: Refusal, rate: Rate): Admission {
    refused.set(refusal.code, (refused.get(refusal.code) ?? 0) + 1);
    return { ok: false, refusal, rate };
  }

  function refuseRate({ rate }: Taken, whose: string, retryAfter: number): Admission {
    const detail = `${whose} has asked more often than it may; ask again in ${retryAfter} s, or follow the changes.`;
    return refuseWith(refuse("RATE_LIMITED", detail, { retryAfter }), rate);
  }

  function settle(decision: Decision, need: Need, rate: Rate | (() => Taken)): Admission {
    if (!decision.ok) {
      if (typeof rate !== "function") return refuseWith(decision.refusal, rate);
      const taken = rate();
      return taken.ok
        ? refuseWith(decision.refusal, taken.rate)
        : refuseRate(taken, "This address", taken.retryAfter);
    }
    const { principal, expiresAt } = decision;
    const taken = principals.take(principal.id);
    if (!taken.ok) return refuseRate(taken, principal.id, taken.retryAfter);
    if (need === "operator" && principal.role !== "operator") {
      const detail = `${principal.id} is a reader; access.operators lists who may do this.`;
      return refuseWith(refuse("ROLE_REQUIRED", detail), taken.rate);
    }
    return { ok: true, principal, expiresAt, rate: taken.rate };
  }

  function admit({ need, credentials, source }: AccessRequest): Admission | Promise<Admission> {
    const inspection = authenticator.inspect(credentials);
    const network = (): string => sourceNetwork({ ...source(), trustedProxies });
    if (inspection.state === "decided") {
      return settle(inspection.decision, need, () => addresses.take(network()));
    }
    // Counted before anything is checked: whoever guesses learns nothing once the address has asked too often.
    const key = network();
    const taken = addresses.take(key);
    if (!taken.ok) return refuseRate(taken, "This address", taken.retryAfter);
    if (inspection.state === "anonymous") return admitAnonymous(need, taken.rate);
    const finish = (decision: Decision): Admission => {
      if (decision.ok) addresses.refund(key);
      return settle(decision, need, taken.rate);
    };
    const decision = inspection.verify();
    return decision instanceof Promise ? decision.then(finish) : finish(decision);
  }

  function admitAnonymous(need: Need, rate: Rate): Admission {
    if (need === "verdict" && options.public === "verdict") {
      return { ok: true, principal: null, expiresAt: Number.POSITIVE_INFINITY, rate };
    }
    const detail =
      options.public === "verdict"
        ? "Without a token there is the status of /health alone; this needs one."
        : "Nothing but /health/live, /health/ready and /health/startup is answered without one.";
    return refuseWith(refuse("TOKEN_MISSING", detail), rate);
  }

  return { prepare: () => authenticator.prepare(), admit, refused };
}
