import { describe, expect, test } from "vitest";
import { isProduction } from "../../src/config/mocks.ts";
import { secretsOf } from "../../src/secrets.ts";
import { configOf, faultsOf, only } from "./load.ts";

const CANARY = "Xk9canaryQz7";
const AUTH = "dependencies.auth";

const candidates = (...lines: string[]) =>
  `dependencies: { auth: { candidates: [${lines.map((line) => `{ ${line} }`).join(", ")}] } }`;

const withClient = (url: string) =>
  `dependencies: { auth: { url: '${url}', clientId: a, clientSecret: '\${SECRET}' } }`;

describe("candidates of the auth service", () => {
  test("the URLs stand for four, in order of priority, and what is said of all holds for the real ones", async () => {
    const { config, warnings } = await configOf(
      "dependencies: { auth: { service: accounts, healthPath: /status, scope: openid, audience: api } }",
      {
        AUTH_MOCK_URL: "http://127.0.0.1:4/mock/",
        AUTH_URL: "https://auth.example.com/",
        AUTH_LOCAL_URL: "http://localhost:9000",
        AUTH_STAGING_URL: "https://auth.staging.example.com/realm//",
        GREENLIGHT_AUTH_CLIENT_ID: "greenlight",
        GREENLIGHT_AUTH_CLIENT_SECRET: CANARY,
      },
    );
    const auth = only(config, "auth");
    const real = {
      kind: "real",
      healthPath: "/status",
      service: "accounts",
      oidc: { client: { id: "greenlight", secret: CANARY, scope: "openid", audience: "api" } },
    };
    expect(auth).toMatchObject({ name: "auth", ttlMs: 5_000, maxClockSkewMs: 60_000, required: true });
    expect(auth.deadlines).toEqual({ resolveMs: 500, connectMs: 1000, queryMs: 450, totalMs: 5000 });
    expect(auth.candidates).toMatchObject([
      {
        ...real,
        name: "staging",
        url: "https://auth.staging.example.com/realm",
        tls: { mode: "verify-full" },
      },
      { ...real, name: "local", url: "http://localhost:9000", tls: { mode: "off" } },
      { ...real, name: "configured", oidc: { issuer: "https://auth.example.com", endpointHosts: [] } },
      { name: "mock", kind: "mock", url: "http://127.0.0.1:4/mock", healthPath: "/health" },
    ]);
    expect(auth.candidates[3]).not.toHaveProperty("oidc");
    expect(warnings).toEqual([]);
    expect(secretsOf(config)).toContain(CANARY);
  });

  test("only those of this environment are left, in their order", async () => {
    const text = candidates(
      "name: a, kind: real, url: 'https://a', environments: [production]",
      "name: b, kind: real, url: 'https://b', environments: [staging, dev]",
      "name: c, kind: real, url: 'https://c'",
    );
    const { config } = await configOf(`environment: staging\n${text}`);
    expect(only(config, "auth").candidates.map(({ name }) => name)).toEqual(["b", "c"]);
  });

  test("a candidate says what differs", async () => {
    const text = candidates(
      "name: a, kind: real, url: 'https://a', oidc: false, service: accounts, healthPath: /h",
      "name: b, kind: emulator, url: 'http://localhost:1', oidc: true, issuer: 'https://issuer/', endpointHosts: [Tokens.example.com]",
    );
    const { config } = await configOf(text);
    expect(only(config, "auth").candidates).toEqual([
      {
        name: "a",
        kind: "real",
        url: "https://a",
        tls: { mode: "verify-full" },
        service: "accounts",
        healthPath: "/h",
      },
      {
        name: "b",
        kind: "emulator",
        url: "http://localhost:1",
        tls: { mode: "off" },
        healthPath: "/health",
        oidc: { issuer: "https://issuer/", endpointHosts: ["tokens.example.com"] },
      },
    ]);
  });

  test.each<[string, string, object[]]>([
    [
      "no server at all",
      "dependencies: { auth: { ttl: 5s } }",
      [{ code: "CONFIG_MISSING_KEY", path: `${AUTH}.url` }],
    ],
    ["an empty list", "dependencies: { auth: { candidates: [] } }", [{ path: `${AUTH}.candidates` }]],
    [
      "none for this environment",
      `environment: qa\n${candidates("name: a, kind: real, url: 'https://a', environments: [staging]")}`,
      [{ path: `${AUTH}.candidates`, expected: "a candidate for this environment" }],
    ],
    [
      "a name twice",
      candidates("name: a, kind: real, url: 'https://a'", "name: a, kind: mock, url: 'https://b'"),
      [{ path: `${AUTH}.candidates.1.name` }],
    ],
    [
      "an unknown kind, and an unusable URL beside it",
      candidates("name: a, kind: moc, url: 'ftp://a'"),
      [
        { path: `${AUTH}.candidates.0.kind`, suggestion: "did you mean `mock`?" },
        { path: `${AUTH}.candidates.0.url`, code: "CONFIG_INVALID_URL" },
      ],
    ],
    [
      "what every candidate needs",
      candidates("environments: [unknown]"),
      [
        { path: `${AUTH}.candidates.0.name`, code: "CONFIG_MISSING_KEY" },
        { path: `${AUTH}.candidates.0.kind`, code: "CONFIG_MISSING_KEY" },
        { path: `${AUTH}.candidates.0.url`, code: "CONFIG_MISSING_KEY" },
      ],
    ],
    [
      "candidates and URLs",
      "dependencies: { auth: { candidates: [{ name: a, kind: real, url: 'https://a' }], mockUrl: 'http://m', tls: { mode: off } } }",
      [{ path: `${AUTH}.mockUrl` }, { path: `${AUTH}.tls` }],
    ],
    [
      "a real one that nothing identifies",
      candidates("name: a, kind: real, url: 'https://a', oidc: false"),
      [{ path: `${AUTH}.candidates.0`, expected: "something that identifies a real server" }],
    ],
    [
      "the same by its URL",
      "dependencies: { auth: { url: 'https://a', oidc: false } }",
      [{ path: `${AUTH}.oidc`, where: "greenlight.yaml:1:49" }],
    ],
    [
      "a client without secret",
      "dependencies: { auth: { url: 'https://a', clientId: a } }",
      [{ path: `${AUTH}.clientId`, expected: "`clientSecret` beside `clientId`" }],
    ],
    [
      "a secret without client",
      "dependencies: { auth: { url: 'https://a', clientSecret: '${SECRET}' } }",
      [{ path: `${AUTH}.clientSecret`, expected: "`clientId` beside `clientSecret`" }],
    ],
    [
      "a client without OpenID Connect",
      "dependencies: { auth: { url: 'https://a', oidc: false, service: s, clientId: a, clientSecret: '${SECRET}' } }",
      [{ path: `${AUTH}.clientId` }],
    ],
    [
      "a base URL with a query",
      "dependencies: { auth: { url: 'https://a/?x' } }",
      [{ path: `${AUTH}.url`, code: "CONFIG_INVALID_URL" }],
    ],
    [
      "an issuer that is no URL",
      "dependencies: { auth: { url: 'https://a', issuer: accounts } }",
      [{ path: `${AUTH}.issuer`, code: "CONFIG_INVALID_URL" }],
    ],
    [
      "a check at the metadata server",
      "dependencies: { auth: { url: 'https://a', checkUrl: 'http://169.254.169.254/' } }",
      [{ path: `${AUTH}.checkUrl`, code: "CONFIG_INVALID_URL" }],
    ],
    [
      "a check at another host by two slashes",
      "dependencies: { auth: { url: 'https://a', checkUrl: //evil } }",
      [{ path: `${AUTH}.checkUrl`, code: "CONFIG_INVALID_URL" }],
    ],
    [
      "a host with a port",
      "dependencies: { auth: { url: 'https://a', endpointHosts: ['b:99'] } }",
      [{ path: `${AUTH}.endpointHosts.0` }],
    ],
    [
      "TLS off for https",
      "dependencies: { auth: { url: 'https://a', tls: { mode: 'off' } } }",
      [{ path: `${AUTH}.tls.mode` }],
    ],
    [
      "an authority for http",
      candidates("name: a, kind: real, url: 'http://a', tls: { ca: x.pem }"),
      [{ path: `${AUTH}.candidates.0.tls` }],
    ],
  ])("%s is a fault", async (_name, text, faults) => {
    expect(await faultsOf(text, { SECRET: CANARY })).toMatchObject(faults);
  });

  test.each([CANARY, `\${UNSET:-${CANARY}}`, "123456", `x\${SECRET}`])(
    "a client secret written out in the file is refused: %s",
    async (secret) => {
      const text = `dependencies: { auth: { url: 'https://a', clientId: a, clientSecret: "${secret}" } }`;
      const faults = await faultsOf(text.replace('"123456"', "123456"), { SECRET: "s" });
      expect(faults).toMatchObject([{ code: "CONFIG_SECRET_IN_FILE", path: `${AUTH}.clientSecret` }]);
      expect(JSON.stringify(faults)).not.toMatch(/canary|123456/);
    },
  );

  test("a secret that goes unencrypted to another machine gives a warning, to this one none", async () => {
    const env = { SECRET: "s" };
    expect((await configOf(withClient("http://10.0.0.7"), env)).warnings).toMatchObject([
      { path: `${AUTH}.url` },
    ]);
    expect((await configOf(withClient("http://[::1]:8"), env)).warnings).toEqual([]);
  });
});

const withMock = (rest: string) =>
  `${rest}\ndependencies: { auth: { url: 'https://a', mockUrl: 'http://m' } }`;

describe("mocks", () => {
  const allow = "policies: [{ environment: staging, allowMock: true }]";

  test.each<[string, string, object]>([
    ["as the policy says", `environment: staging\n${allow}`, { allowed: true }],
    ["no policy", "environment: staging", { allowed: false, because: "no policy allows a mock in staging" }],
    [
      "that of another",
      `environment: dev\n${allow}`,
      { allowed: false, because: "no policy allows a mock in dev" },
    ],
    [
      "in other letters",
      `environment: Staging\n${allow}`,
      { allowed: false, because: "no policy allows a mock in Staging" },
    ],
    [
      "strict mode",
      `environment: staging\nstrict: true\n${allow}`,
      { allowed: false, because: "strict mode" },
    ],
    [
      "a strict policy",
      "environment: qa\npolicies: [{ environment: qa, allowMock: true, strict: true }]",
      { allowed: false, because: "strict mode" },
    ],
    ["production", "environment: eu-prod", { allowed: false, because: "production" }],
  ])("%s", async (_name, rest, mocks) => {
    const { config } = await configOf(withMock(rest));
    expect(only(config, "auth").mocks).toEqual(mocks);
  });

  test("strict mode by variable", async () => {
    const { config } = await configOf(withMock(`environment: staging\n${allow}`), {
      GREENLIGHT_STRICT: "true",
    });
    expect(only(config, "auth").mocks).toEqual({ allowed: false, because: "strict mode" });
  });

  test("a policy that allows mocks in production, and a second one for an environment, are faults", async () => {
    const faults = await faultsOf(
      "policies: [{ environment: Production, allowMock: true }, { environment: qa }, { environment: qa }]",
    );
    expect(faults.map(({ path }) => path)).toEqual(["policies.0.allowMock", "policies.2.environment"]);
  });

  test("mocks alone where none may serve give a warning", async () => {
    const { warnings } = await configOf("dependencies: { auth: { mockUrl: 'http://m' } }");
    expect(warnings).toMatchObject([{ path: AUTH, message: expect.stringContaining("nothing can serve") }]);
  });

  test.each([
    ["production", true],
    ["PROD", true],
    ["live", true],
    ["eu-west.prod_2", true],
    ["pre-prod", false],
    ["non-production", false],
    ["preprod", false],
    ["products", false],
    ["alive", false],
    ["staging", false],
  ])("%s is production: %s", (environment, expected) => {
    expect(isProduction(environment)).toBe(expected);
  });
});
