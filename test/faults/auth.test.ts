import { afterEach, describe, expect, test } from "vitest";
import type { CauseCode } from "../../services/causes.ts";
import { authOptions, candidateFor, CANARY, diagnoseAuth } from "../support/auth.ts";
import { useDependency } from "../support/environment.ts";

const auth = await useDependency("auth", { auth: { clientSecret: CANARY } });
const real = () => candidateFor(auth.url(), { client: {} });

afterEach(() => auth.setMode("none"));

/** Both the ladder and one observation name `code`. */
async function seen(code: CauseCode): Promise<string> {
  const { ladder, observation } = await diagnoseAuth(authOptions([real()]));
  expect(ladder.cause, JSON.stringify(ladder)).toMatchObject({ code });
  expect(observation, JSON.stringify(observation)).toMatchObject({ cause: { code } });
  return ladder.cause?.message ?? "";
}

describe("a healthy auth service", () => {
  test("passes all rungs, with its documents, keys and a token round trip", async () => {
    const { ladder, observation } = await diagnoseAuth(authOptions([real()]));
    expect(ladder.cause, JSON.stringify(ladder)).toBeUndefined();
    expect(ladder.rungs.map((rung) => rung.status)).toEqual(Array.from({ length: 7 }, () => "pass"));
    expect(ladder.rungs.at(-1)).toMatchObject({ note: "discovery document, 1 key, token round trip" });
    expect(observation).toMatchObject({ status: "pass" });
    expect(observation.discovery?.serving).toEqual({ name: "real", assurance: "real" });
  });
});

describe("what the service itself does wrong", () => {
  test.each<[string, CauseCode]>([
    ["wrong-issuer", "ISSUER_MISMATCH"],
    ["foreign-endpoint", "ENDPOINT_FOREIGN"],
    ["rotated-key", "SIGNING_KEY_UNKNOWN"],
    ["expired-key", "JWKS_EXPIRED_KEY"],
    ["no-keys", "JWKS_INVALID"],
    ["leaks-private-key", "JWKS_PRIVATE_KEY"],
    ["client-rejected", "CLIENT_REJECTED"],
    ["wrong-audience", "TOKEN_INVALID"],
    ["expired-token", "TOKEN_INVALID"],
    ["accepts-tampered", "TAMPERED_TOKEN_ACCEPTED"],
    ["refuses-tokens", "TOKEN_REFUSED"],
    ["skewed-clock", "CLOCK_SKEW"],
    ["degraded", "REPORTS_DEGRADED"],
    ["down", "REPORTS_DOWN"],
    ["unknown-status", "STATUS_UNKNOWN"],
    ["wrong-service", "IDENTITY_MISMATCH"],
    ["redirects", "HTTP_REDIRECTED"],
    ["answers-everything", "ANSWERS_EVERYTHING"],
  ])("%s is %s", async (mode, code) => {
    await auth.setMode(mode);
    await seen(code);
  });
});
