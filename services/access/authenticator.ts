import { hash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { GreenlightError } from "../errors.ts";
import { type Asked, authorizationOf, isRepeated } from "./asked.ts";
import { isTokenText, readBearer, refuseMalformed } from "./bearer.ts";
import { createCommands } from "./commands.ts";
import type { Decision, TokenVerifier } from "./decision.ts";
import { createGoogleTokens } from "./google-tokens.ts";
import type { AccessOptions } from "./options.ts";
import { createPlatformTokens } from "./platform-tokens.ts";
import { createRefuse, type Refuse } from "./refusals.ts";
import { createStaticTokens } from "./static-tokens.ts";
import { createTokenCache } from "./token-cache.ts";

export type GuardedOptions = Exclude<AccessOptions, { readonly mode: "none" }>;

export interface AuthenticatorOptions {
  readonly clock: Clock;
  /** Whether this process runs on Cloud Run; mode `platform` believes nobody elsewhere. */
  readonly onCloudRun: boolean;
  /** Told once when what the mode relies on turns out not to hold. */
  readonly onAlarm?: (message: string) => void;
}

/** What can be said about the credentials of a request. */
export type Inspection =
  | { readonly state: "anonymous" }
  /** `key`: by which the token is recalled; empty where there is none to recall. */
  | { readonly state: "decided"; readonly key: string; readonly decision: Decision }
  /** A token that is not remembered; checking it costs something. */
  | {
      readonly state: "unverified";
      readonly key: string;
      readonly verify: () => Decision | Promise<Decision>;
    };

export interface Authenticator {
  readonly refuse: Refuse;
  prepare(): Promise<void>;
  /** Asks nobody and waits for nothing. */
  inspect(asked: Asked, now: number): Inspection;
  /** What was decided about a token, for as long as that stands. */
  recall(key: string, now: number): Decision | undefined;
}

const ANONYMOUS: Inspection = { state: "anonymous" };

/**
 * Finds out who asks, by the mode that is configured and never by what a token looks like.
 *
 * @throws {GreenlightError} `ACCESS_PLATFORM` for mode `platform` outside Cloud Run.
 */
export function createAuthenticator(options: GuardedOptions, made: AuthenticatorOptions): Authenticator {
  const { clock, onCloudRun, onAlarm = () => undefined } = made;
  const platform = options.mode === "platform";
  if (platform && !onCloudRun) {
    throw new GreenlightError(
      "ACCESS_PLATFORM",
      "access.mode platform holds on Cloud Run alone (K_SERVICE is not set)",
    );
  }
  const refuse = createRefuse(createCommands(options));
  const verifier = createVerifier(options, { clock, refuse });
  const cache = createTokenCache(clock);
  const pending = new Map<string, Promise<Decision>>();
  let open: Inspection | undefined;

  /** A request without a token cannot come through a platform that checks; so stripped tokens prove nothing either. */
  function sawAnonymous(): Inspection {
    const detail =
      "A request without a token has arrived, so Cloud Run lets everybody in, and what it writes into tokens proves nothing. Close the service, then deploy or restart it.";
    open = decided({ ok: false, refusal: refuse("PLATFORM_NOT_CHECKING", detail) });
    onAlarm(`${detail} Until then every request is refused.`);
    return open;
  }

  function inspect(asked: Asked, now: number): Inspection {
    if (open !== undefined) return open;
    const bearer = readBearer(authorizationOf(asked, platform), isRepeated(asked), refuse);
    if (bearer.kind === "none") return platform ? sawAnonymous() : ANONYMOUS;
    if (bearer.kind === "refused") return decided({ ok: false, refusal: bearer.refusal });
    const key = hash("sha256", bearer.token, "base64url");
    const known = cache.get(key, now);
    return known === undefined
      ? { state: "unverified", key, verify: () => verify(key, bearer.token) }
      : decided(known.decision, known.hash);
  }

  function verify(key: string, token: string): Decision | Promise<Decision> {
    if (!isTokenText(token)) return { ok: false, refusal: refuseMalformed(token, refuse) };
    const underway = pending.get(key);
    if (underway !== undefined) return underway;
    const decision = verifier.verify(token);
    if (!(decision instanceof Promise)) {
      cache.set(key, decision);
      return decision;
    }
    const kept = decision
      .then((found) => {
        cache.set(key, found);
        return found;
      })
      .finally(() => pending.delete(key));
    pending.set(key, kept);
    return kept;
  }

  return {
    refuse,
    prepare: () => verifier.prepare(),
    inspect,
    recall: (key, now) => (open === undefined ? cache.get(key, now)?.decision : undefined),
  };
}

const decided = (decision: Decision, key = ""): Inspection => ({ state: "decided", decision, key });

function createVerifier(options: GuardedOptions, made: { clock: Clock; refuse: Refuse }): TokenVerifier {
  const { rules } = options;
  if (options.mode === "token") return createStaticTokens(rules, made.refuse);
  return options.mode === "google"
    ? createGoogleTokens({ ...made, rules, google: options.google })
    : createPlatformTokens({ ...made, rules });
}
