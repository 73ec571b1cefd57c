import { X509Certificate } from "node:crypto";
import { importJWK, type JWK } from "jose";
import { CauseError } from "../../errors.ts";
import type { HttpAnswer } from "../../net/http-request.ts";
import { type AuthHttp, expectNoRedirect, objectIn } from "./http.ts";
import { isRecord } from "../../json.ts";

/** Asymmetric algorithms (RFC 7518, RFC 8037): what a public key can verify. No `none`, and no HMAC with a public key. */
export const ALGORITHMS: readonly string[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** The signing keys of a service. */
export interface KeySet {
  /** Those that verify now; at least one. */
  readonly keys: readonly JWK[];
  /** Names of keys whose end has passed. */
  readonly expired: ReadonlySet<string>;
}

/** Members that only the owner of a key may know (RFC 7518, 6). */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] as const;
const MIN_RSA_BITS = 2048;

/**
 * Fetches and checks a key set.
 *
 * @param options.now Wall-clock milliseconds.
 * @throws {CauseError} `HTTP_REDIRECTED`, `JWKS_INVALID`, `JWKS_PRIVATE_KEY`, `JWKS_EXPIRED_KEY`; what the HTTP client
 *   throws.
 */
export async function fetchKeys(options: {
  http: AuthHttp;
  url: URL;
  now: number;
  signal: AbortSignal;
}): Promise<KeySet> {
  const { http, url, now, signal } = options;
  const answer = await http.ask({ url, signal, headers: { accept: "application/json" } });
  expectNoRedirect(answer, url);
  return readKeys(answer, { at: url.pathname, now });
}

/** @throws {CauseError} as `fetchKeys`. */
export async function readKeys(
  answer: Pick<HttpAnswer, "status" | "headers" | "body">,
  { at, now }: { at: string; now: number },
): Promise<KeySet> {
  const invalid = (what: string): CauseError => new CauseError("JWKS_INVALID", `${at}: ${what}`);
  if (answer.status !== 200) throw invalid(`expected status 200, found ${answer.status}`);
  const keys = objectIn(answer)?.["keys"];
  if (!Array.isArray(keys)) throw invalid("expected a JSON object with the list keys, found something else");
  const members = keys.filter(isRecord) as readonly JWK[];
  for (const key of members) expectPublic(key, at);
  const usable: JWK[] = [];
  for (const key of members) if (await canVerify(key)) usable.push(key);
  if (usable.length === 0) throw invalid(`expected a key for signatures, found ${keys.length} keys and none`);
  const good = usable.filter((key) => !hasExpired(key, now));
  const names = usable.flatMap((key) => (good.includes(key) || key.kid === undefined ? [] : [key.kid]));
  if (good.length === 0)
    throw new CauseError("JWKS_EXPIRED_KEY", `${at}: all ${usable.length} keys for signatures have expired`);
  return { keys: good, expired: new Set(names) };
}

function expectPublic(key: JWK, at: string): void {
  const found = PRIVATE_MEMBERS.filter((member) => Object.hasOwn(key, member));
  if (found.length === 0) return;
  throw new CauseError(
    "JWKS_PRIVATE_KEY",
    `${at}: expected public members alone, found ${found.join(", ")} in a key of type ${String(key.kty).slice(0, 10)}`,
  );
}

/** Whether the library takes it as a public key for signatures. */
async function canVerify(key: JWK): Promise<boolean> {
  if (key.use !== undefined && key.use !== "sig") return false;
  if (Array.isArray(key.key_ops) && !key.key_ops.includes("verify")) return false;
  const algorithm = key.alg ?? algorithmOf(key);
  if (algorithm === undefined || !ALGORITHMS.includes(algorithm)) return false;
  try {
    const imported = await importJWK(key, algorithm);
    if (imported instanceof Uint8Array || imported.type !== "public") return false;
    const { modulusLength = MIN_RSA_BITS } = imported.algorithm as { modulusLength?: number };
    return modulusLength >= MIN_RSA_BITS;
  } catch {
    return false;
  }
}

function algorithmOf({ kty, crv }: JWK): string | undefined {
  if (kty === "RSA") return "RS256";
  if (kty === "OKP") return "EdDSA";
  return { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" }[crv ?? ""];
}

/** By `exp` (OpenID Federation 1.0) or by its certificate. */
function hasExpired(key: JWK, now: number): boolean {
  const { exp } = key as { exp?: unknown };
  if (typeof exp === "number" && exp * 1000 <= now) return true;
  const [certificate] = key.x5c ?? [];
  if (certificate === undefined) return false;
  try {
    return Date.parse(new X509Certificate(Buffer.from(certificate, "base64")).validTo) <= now;
  } catch {
    return false;
  }
}
