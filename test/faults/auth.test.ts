import { afterAll, afterEach, describe, expect, onTestFinished, test } from "vitest";
import { type CauseCode, causeOf } from "../../services/causes.ts";
import { type AuthServerOptions, startAuth } from "../../src/sandbox/auth/auth.ts";
import { authOptions, candidateFor, CANARY, diagnoseAuth } from "../support/auth.ts";
import { makeCertificates } from "../support/certificates.ts";
import { useDependency } from "../support/environment.ts";

const auth = await useDependency("auth", { auth: { clientSecret: CANARY } });
const certificates = await makeCertificates();
afterAll(() => certificates.remove());

type Given = Parameters<typeof candidateFor>[1];
const real = (given: Given = {}) => candidateFor(auth.url(), { client: {}, ...given });

afterEach(() => auth.setMode("none"));

/** Both the ladder and one observation name `code`. */
async function seen(code: CauseCode, candidate = real()): Promise<string> {
  const { ladder, observation } = await diagnoseAuth(authOptions([candidate]));
  expect(ladder.cause, JSON.stringify(ladder)).toMatchObject({ code });
  expect(observation, JSON.stringify(observation)).toMatchObject({ cause: { code } });
  const status = causeOf(code).warns === true ? "warn" : "fail";
  expect({ ladder: ladder.status, observation: observation.status }).toEqual({
    ladder: status,
    observation: status,
  });
  return ladder.cause?.message ?? "";
}

/** One more issuer, for what cannot be switched while it runs. */
async function issuer(options: AuthServerOptions): Promise<string> {
  const server = await startAuth({ clientSecret: CANARY, ...options });
  onTestFinished(() => server.close());
  return server.url();
}

async function healthy(candidate: ReturnType<typeof real>): Promise<void> {
  const { ladder, observation } = await diagnoseAuth(authOptions([candidate]));
  expect(ladder.cause, JSON.stringify(ladder)).toBeUndefined();
  expect(observation, JSON.stringify(observation)).toMatchObject({ status: "pass" });
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

  test("passes without a test client, without OpenID Connect, and with a slash after the issuer", async () => {
    await healthy(candidateFor(auth.url()));
    await healthy(candidateFor(auth.url(), { oidc: false }));
    await healthy(real({ oidc: { issuer: `${auth.url()}/` } }));
  });

  test("passes with each way of authenticating the client", async () => {
    for (const method of ["client_secret_basic", "client_secret_post"]) {
      const url = await issuer({ metadata: { token_endpoint_auth_methods_supported: [method] } });
      await healthy(candidateFor(url, { client: {} }));
    }
  });

  test("passes when tokens are checked at userinfo, or where the configuration says", async () => {
    const url = await issuer({ metadata: { introspection_endpoint: null } });
    await healthy(candidateFor(url, { client: { scope: "openid read" } }));
    await healthy(real({ client: { checkUrl: "/userinfo" } }));
    await healthy(real({ client: { checkUrl: `${auth.url()}/userinfo` } }));
  });

  test("passes over TLS, verified against the configured authority", async () => {
    const { ca, valid } = certificates;
    const url = await issuer({ tls: { certFile: valid.certFile, keyFile: valid.keyFile } });
    await healthy(candidateFor(url, { client: {}, tls: { mode: "verify-full", ca: ca.cert } }));
    await seen("TLS_CERT_UNTRUSTED", candidateFor(url, { client: {} }));
    await seen("TLS_REQUIRED", candidateFor(url.replace("https:", "http:"), { client: {} }));
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

describe("what is told of it", () => {
  test("a mismatch says what was expected and what was found", async () => {
    await auth.setMode("wrong-issuer");
    expect(await seen("ISSUER_MISMATCH")).toBe(
      `expected the issuer ${auth.url()}, found https://issuer.elsewhere.example`,
    );
    await auth.setMode("wrong-service");
    expect(await seen("IDENTITY_MISMATCH")).toBe("expected the service sandbox-auth, found another-service");
    await auth.setMode("skewed-clock");
    expect(await seen("CLOCK_SKEW")).toMatch(
      /^the server's clock is (599|600) s ahead of ours, allowed are 60 s$/,
    );
    await auth.setMode("wrong-audience");
    expect(await seen("TOKEN_INVALID")).toBe("audience: another, expected suite");
    await auth.setMode("expired-token");
    expect(await seen("TOKEN_INVALID")).toMatch(/^expiry: the issued token expired \d+ s ago$/);
    await auth.setMode("redirects");
    expect(await seen("HTTP_REDIRECTED")).toContain("302 to https://elsewhere.example");
  });

  test("a clock that differs by less than is allowed passes, tokens included", async () => {
    await auth.setMode("skewed-clock", { ms: 30_000 });
    await healthy(real());
  });

  test("a warning of the status does not hide what fails after it", async () => {
    await auth.setMode("degraded");
    await seen("CLIENT_REJECTED", real({ client: { id: "nobody" } }));
    const { ladder } = await diagnoseAuth(authOptions([real()]));
    expect(ladder.rungs.map((rung) => rung.status)).toEqual([
      ...Array.from({ length: 5 }, () => "pass"),
      "warn",
      "pass",
    ]);
  });
});

describe("the configuration does not fit the service", () => {
  test("a health path that is not there is HTTP_STATUS", async () => {
    expect(await seen("HTTP_STATUS", real({ healthPath: "/healthz" }))).toBe(
      "/healthz: expected 200 to 299, found 404",
    );
  });

  test("a wrong secret and an unknown client are CLIENT_REJECTED", async () => {
    await seen("CLIENT_REJECTED", real({ client: { secret: "canary-another-55" } }));
    await seen("CLIENT_REJECTED", real({ client: { id: "nobody" } }));
  });

  test("a scope that the service does not know is TOKEN_NOT_ISSUED, with its code", async () => {
    expect(await seen("TOKEN_NOT_ISSUED", real({ client: { scope: "everything" } }))).toContain(
      "invalid_scope",
    );
  });

  test("an issuer below another path, and a server that has none, are DISCOVERY_INVALID", async () => {
    await seen("DISCOVERY_INVALID", real({ oidc: { issuer: `${auth.url()}/realms/other` } }));
  });

  test.each([
    ["issuer"],
    ["authorization_endpoint"],
    ["token_endpoint"],
    ["jwks_uri"],
    ["response_types_supported"],
    ["subject_types_supported"],
    ["id_token_signing_alg_values_supported"],
  ])("a document without %s is DISCOVERY_INVALID", async (member) => {
    const url = await issuer({ metadata: { [member]: null } });
    expect(await seen("DISCOVERY_INVALID", candidateFor(url, { client: {} }))).toContain(member);
  });

  test("no endpoint to present a token to is TAMPERING_UNCHECKED, a warning", async () => {
    const url = await issuer({ metadata: { introspection_endpoint: null } });
    await seen("TAMPERING_UNCHECKED", candidateFor(url, { client: { scope: "read" } }));
  });

  test("a checkUrl that needs no token is TAMPERED_TOKEN_ACCEPTED, and one elsewhere ENDPOINT_FOREIGN", async () => {
    await seen("TAMPERED_TOKEN_ACCEPTED", real({ client: { checkUrl: "/health" } }));
    await seen("ENDPOINT_FOREIGN", real({ client: { checkUrl: "https://elsewhere.example/me" } }));
  });

  test("an endpoint on another host gets nothing, unless that host is trusted", async () => {
    const metadata = { introspection_endpoint: "http://localhost:9/introspect" };
    const url = await issuer({ metadata });
    expect(await seen("ENDPOINT_FOREIGN", candidateFor(url, { client: {} }))).toBe(
      "expected /introspect on 127.0.0.1, found localhost:9",
    );
    const trusting = candidateFor(url, { client: {}, oidc: { endpointHosts: ["localhost"] } });
    expect(await seen("ENDPOINT_UNREACHABLE", trusting)).toMatch(/^localhost:9: .*ECONNREFUSED/);
  });

  test("keys that are read unencrypted from another host are ENDPOINT_FOREIGN", async () => {
    const url = await issuer({ metadata: { jwks_uri: "http://localhost:9/jwks" } });
    await seen("ENDPOINT_FOREIGN", candidateFor(url));
  });

  test("a metadata address is ADDRESS_FORBIDDEN, as the URL and in the discovery document", async () => {
    await seen("ADDRESS_FORBIDDEN", candidateFor("http://169.254.169.254"));
    const jwks_uri = "https://169.254.169.254/jwks";
    const url = await issuer({ metadata: { jwks_uri } });
    await seen("ADDRESS_FORBIDDEN", candidateFor(url));
  });
});

describe("the network", () => {
  test.each<[string, RegExp]>([
    ["refuse", /^CONNECT_REFUSED$/],
    ["blackhole", /^QUERY_TIMEOUT$/],
    ["drip", /^QUERY_TIMEOUT$/],
    ["reset", /^CONNECT_RESET$/],
    ["garbage", /^PROTOCOL_MISMATCH$/],
  ])("%s is %s", async (mode, code) => {
    await auth.setMode(mode);
    const { ladder, observation } = await diagnoseAuth(authOptions([real()]));
    expect(ladder.cause?.code).toMatch(code);
    expect(observation).toMatchObject({ status: "fail", cause: { code: expect.stringMatching(code) } });
    expect(observation.durationMs).toBeLessThan(3000 + 2000);
  });

  test("a name that does not exist is DNS_NOT_FOUND", async () => {
    await seen("DNS_NOT_FOUND", candidateFor("http://no-such-host.invalid"));
  });
});
