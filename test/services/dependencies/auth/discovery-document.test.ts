import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CauseError } from "../../../../services/errors.ts";
import {
  expectTrusted,
  readDiscovery,
  type TrustedHosts,
} from "../../../../services/dependencies/auth/discovery-document.ts";

const issuer = "https://auth.example/realms/test";
const trusted: TrustedHosts = { issuer, endpointHosts: ["tokens.example"] };
const complete = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: "https://keys.example/jwks",
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
};

const read = (body: unknown, status = 200) =>
  readDiscovery({ status, headers: {}, body: JSON.stringify(body) }, trusted);

/** The code of what `read` throws. */
function codeOf(body: unknown, status?: number): string | undefined {
  try {
    read(body, status);
    return undefined;
  } catch (error) {
    return error instanceof CauseError ? error.code : String(error);
  }
}

describe("readDiscovery", () => {
  test("takes a complete document, keys elsewhere over https, and endpoints on trusted hosts", () => {
    expect(read({ ...complete, token_endpoint: "https://tokens.example/t" })).toMatchObject({
      issuer,
      tokenAuthMethods: ["client_secret_basic"],
      introspectionEndpoint: undefined,
    });
    expect(read({ ...complete, issuer: `${issuer}/` }).issuer, "as it is spelled").toBe(`${issuer}/`);
  });

  test("an issuer that differs in anything but a slash at its end is another", () => {
    for (const other of [
      "https://auth.example/realms/TEST",
      "https://auth.example/realms",
      "http://auth.example/realms/test",
      "https://auth.example:8443/realms/test",
      `${issuer}?x`,
      `${issuer}.evil.example`,
      "https://auth.example.evil.example/realms/test",
    ])
      expect(codeOf({ ...complete, issuer: other }), other).toBe("ISSUER_MISMATCH");
  });

  test.each(Object.keys(complete))("without %s it is DISCOVERY_INVALID", (member) => {
    expect(codeOf({ ...complete, [member]: undefined })).toBe("DISCOVERY_INVALID");
  });

  test("the token endpoint may be missing where only the implicit flow is used", () => {
    const { token_endpoint: _, ...rest } = complete;
    expect(read({ ...rest, grant_types_supported: ["implicit"] }).tokenEndpoint).toBeUndefined();
  });

  test.each([
    ["token_endpoint", "https://evil.example/token"],
    ["token_endpoint", "http://auth.example/token"],
    ["introspection_endpoint", "https://auth.example.evil.example/i"],
    ["userinfo_endpoint", "https://xauth.example/u"],
    ["jwks_uri", "http://keys.example/jwks"],
  ])("%s at %s is ENDPOINT_FOREIGN", (member, url) => {
    expect(codeOf({ ...complete, [member]: url })).toBe("ENDPOINT_FOREIGN");
  });

  test.each([
    ["token_endpoint", "file:///etc/passwd"],
    ["jwks_uri", "/jwks"],
    ["jwks_uri", 1],
    ["userinfo_endpoint", null],
  ])("%s that is %j is DISCOVERY_INVALID", (member, value) => {
    expect(codeOf({ ...complete, [member]: value })).toBe("DISCOVERY_INVALID");
  });

  test("whatever is answered, it is a document or a cause, never another error", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(200, 204, 404, 503), (body, status) => {
        const answer = { status, headers: {}, body };
        expect(() => readDiscovery(answer, trusted)).toThrow(CauseError);
      }),
    );
  });
});

test("an issuer without TLS lets its endpoints be so too, and no other host", () => {
  const plain: TrustedHosts = { issuer: "http://127.0.0.1:8080", endpointHosts: [] };
  expect(() => expectTrusted(new URL("http://127.0.0.1:9090/token"), plain)).not.toThrow();
  expect(() => expectTrusted(new URL("http://127.0.0.2:8080/token"), plain)).toThrow(/expected \/token on/);
});
