import type { Clock } from "../clock.ts";
import { type Asked, forwardedFor } from "./asked.ts";
import { type AuthenticatorOptions, createAuthenticator, type GuardedOptions } from "./authenticator.ts";
import { sourceNetwork } from "./address.ts";
import type { Decision } from "./decision.ts";
import type { Principal } from "./options.ts";
import { createRateLimiter, type Rate, type Taken } from "./rate-limit.ts";
import type { Refusal, RefusalCode } from "./refusals.ts";

/** What a route needs; `verdict` also lets callers without a token in where the configuration says so. */
export type Need = "verdict" | "reader" | "operator";

type Renewal = (now: number) => Rate | undefined;

export type Admission =
  | {
      readonly ok: true;
      /** Null for a caller without a token, who gets the verdict alone. */
      readonly principal: Principal | null;
      /** Wall-clock milliseconds. */
      readonly expiresAt: number;
      readonly rate: Rate;
      /**
       * Admits the very same request again and counts it, at a wall-clock time in ms; undefined where it has to be looked at
       * anew. Absent for a caller without a token.
       */
      readonly renew?: Renewal;
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly rate: Rate };

export interface Guard {
  /** Loads what the first check needs. */
  prepare(): Promise<void>;
  /** Decides at once whatever is remembered; a promise only for a token that is new. */
  admit(asked: Asked, need: Need): Admission | Promise<Admission>;
  /** Refused requests since the start. */
  readonly refused: ReadonlyMap<RefusalCode, number>;
}

export interface GuardOptions extends AuthenticatorOptions {
  readonly clock: Clock;
}

type Accepted = Extract<Decision, { ok: true }>;

/** Who may ask, and how often: valid tokens count for who they belong to, everything else for the address. */
export function createGuard(options: GuardedOptions, made: GuardOptions): Guard {
  const { limits, trustedProxies } = options;
  const authenticator = createAuthenticator(options, made);
  const { refuse } = authenticator;
  const { clock } = made;
  const principals = createRateLimiter({ name: "principal", perSecond: limits.perPrincipal, clock });
  const addresses = createRateLimiter({ name: "address", perSecond: limits.perAddress, clock });
  const refused = new Map<RefusalCode, number>();
  let latest: { readonly key: string; readonly need: Need; readonly renew: Renewal } | undefined;

  function refuseWith(refusal: Refusal, rate: Rate): Admission {
    refused.set(refusal.code, (refused.get(refusal.code) ?? 0) + 1);
    return { ok: false, refusal, rate };
  }

  function refuseRate({ rate }: Taken, whose: string, retryAfter: number): Admission {
    const detail = `${whose} has asked more often than it may; ask again in ${retryAfter} s, or follow the changes.`;
    return refuseWith(refuse("RATE_LIMITED", detail, { retryAfter }), rate);
  }

  function grant({ principal, expiresAt }: Accepted, key: string, need: Need, now: number): Admission {
    const taken = principals.take(principal.id, now);
    if (!taken.ok) return refuseRate(taken, principal.id, taken.retryAfter);
    if (!mayDo(principal, need)) {
      const detail = `${principal.id} is a reader; access.operators lists who may do this.`;
      return refuseWith(refuse("ROLE_REQUIRED", detail), taken.rate);
    }
    return { ok: true, principal, expiresAt, rate: taken.rate, renew: renewalOf(key, need) };
  }

  /** The same for all connections that carry the token. */
  function renewalOf(key: string, need: Need): Renewal {
    if (latest?.key !== key || latest.need !== need)
      latest = { key, need, renew: (at) => renew(key, need, at) };
    return latest.renew;
  }

  function renew(key: string, need: Need, now: number): Rate | undefined {
    const decision = authenticator.recall(key, now);
    if (decision?.ok !== true || !mayDo(decision.principal, need)) return undefined;
    const taken = principals.take(decision.principal.id, now);
    return taken.ok ? taken.rate : undefined;
  }

  function admit(asked: Asked, need: Need): Admission | Promise<Admission> {
    const now = clock.now();
    const inspection = authenticator.inspect(asked, now);
    if (inspection.state === "decided" && inspection.decision.ok)
      return grant(inspection.decision, inspection.key, need, now);
    // Counted before anything is checked: whoever guesses learns nothing once the address has asked too often.
    const { remoteAddress: socketAddress } = asked.socket;
    const address = sourceNetwork({ socketAddress, forwardedFor: forwardedFor(asked), trustedProxies });
    const taken = addresses.take(address, now);
    if (!taken.ok) return refuseRate(taken, "This address", taken.retryAfter);
    if (inspection.state === "anonymous") return admitAnonymous(need, taken.rate);
    const { key } = inspection;
    const settle = (decision: Decision): Admission => {
      if (!decision.ok) return refuseWith(decision.refusal, taken.rate);
      addresses.refund(address);
      return grant(decision, key, need, clock.now());
    };
    const decision = inspection.state === "decided" ? inspection.decision : inspection.verify();
    return decision instanceof Promise ? decision.then(settle) : settle(decision);
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

const mayDo = ({ role }: Principal, need: Need): boolean => need !== "operator" || role === "operator";
