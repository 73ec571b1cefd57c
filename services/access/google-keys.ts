import type { JWTVerifyGetKey } from "jose";
import type { Clock } from "../clock.ts";
import { GreenlightError } from "../errors.ts";

/** Google's keys can neither be fetched nor remembered: nothing can be said about a token. */
export class KeysUnavailableError extends GreenlightError {
  constructor(cause: unknown) {
    super("KEYS_UNAVAILABLE", "the keys that tokens are checked with cannot be fetched", { cause });
    this.name = "KeysUnavailableError";
  }
}

export interface GoogleKeysOptions {
  readonly url: URL;
  readonly clock: Clock;
}

export interface GoogleKeys {
  /** @throws {KeysUnavailableError}, and jose's errors for a key that is not there. */
  readonly getKey: JWTVerifyGetKey;
  /** Fetches them beforehand; a failure is no error yet. */
  prepare(): Promise<void>;
}

/** Google's keys change about weekly, and the next one is published long before it is used. */
const REFRESH_MS = 10 * 60_000;
/** For so long remembered keys are believed when new ones cannot be fetched. */
const TRUSTED_MS = 60 * 60_000;

const NO_SUCH_KEY: ReadonlySet<unknown> = new Set([
  "ERR_JWKS_NO_MATCHING_KEY",
  "ERR_JWKS_MULTIPLE_MATCHING_KEYS",
  "ERR_JOSE_NOT_SUPPORTED",
]);

/** One set of keys for all tokens: fetched once however many wait, renewed in the background, kept while Google is away. */
export async function createGoogleKeys(options: GoogleKeysOptions): Promise<GoogleKeys> {
  const { url, clock } = options;
  const { createRemoteJWKSet, customFetch } = await import("jose");
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let failedAt = Number.NEGATIVE_INFINITY;

  /** jose asks again with each token while it has no keys; a server that is down is not asked by every caller. */
  async function fetchSparingly(...[href, init]: Parameters<typeof fetch>): Promise<Response> {
    if (clock.monotonic() - failedAt < RETRY_MS)
      throw new GreenlightError(ASKED_ALREADY, "asked a moment ago");
    return fetch(href, init);
  }

  function noteFailure(error: unknown): void {
    if (codeIn(error) !== ASKED_ALREADY) failedAt = clock.monotonic();
  }

  const remote = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: TRUSTED_MS,
    [customFetch]: fetchSparingly,
  });

  async function prepare(): Promise<void> {
    fetchedAt = clock.monotonic();
    await remote.reload().catch(noteFailure);
  }

  return {
    prepare,
    async getKey(header, token) {
      if (remote.fresh && clock.monotonic() - fetchedAt > REFRESH_MS) void prepare();
      try {
        return await remote(header, token);
      } catch (error) {
        if (NO_SUCH_KEY.has(codeIn(error))) throw error;
        noteFailure(error);
        throw new KeysUnavailableError(error);
      }
    },
  };
}

const FETCH_MS = 3000;
/** A key that is not known is looked for no sooner than this after the last fetch. */
const COOLDOWN_MS = 5000;
/** After a failure nobody is asked for so long. */
const RETRY_MS = 1000;
const ASKED_ALREADY = "KEYS_ASKED_ALREADY";

const codeIn = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;
