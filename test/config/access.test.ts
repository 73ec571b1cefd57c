import { describe, expect, test } from "vitest";
import { configOf, faultsOf } from "./load.ts";

const HASH = "0123456789abcdef".repeat(4);
const OTHER = "fedcba9876543210".repeat(4);
const CANARY = "Xk9canaryQz7";

describe("access modes", () => {
  test("mode token: rules, limits and the defaults of the rest", async () => {
    const { config } = await configOf(
      `access: { mode: token, readers: ["token:ci:${HASH.toUpperCase()}"], limits: { perPrincipal: 7 } }`,
      { HOST: "0.0.0.0" },
    );
    expect(config.access).toEqual({
      mode: "token",
      public: "nothing",
      rules: [{ member: { kind: "token", name: "ci", sha256: HASH }, role: "reader" }],
      limits: { perPrincipal: 7, perAddress: 20 },
      trustedProxies: 0,
    });
  });

  test("mode google, from variables alone: lists are separated by commas", async () => {
    const { config } = await configOf("", {
      GREENLIGHT_ACCESS_MODE: "google",
      GREENLIGHT_ACCESS_READERS: "user:Ann@Example.com, domain:Example.org,",
      GREENLIGHT_ACCESS_OPERATORS: "serviceAccount:ci@p.iam.gserviceaccount.com",
      GREENLIGHT_ACCESS_AUDIENCES: "https://greenlight.run.app,greenlight",
      GREENLIGHT_ACCESS_JWKS_URL: "http://127.0.0.1:9/certs",
      GREENLIGHT_ACCESS_TOKEN_INFO_URL: "http://[::1]:9/tokeninfo",
      GREENLIGHT_ACCESS_GCLOUD: "false",
      GREENLIGHT_ACCESS_PUBLIC: "verdict",
    });
    expect(config.access).toMatchObject({
      mode: "google",
      public: "verdict",
      rules: [
        { member: { kind: "user", email: "ann@example.com" }, role: "reader" },
        { member: { kind: "domain", domain: "example.org" }, role: "reader" },
        { member: { kind: "serviceAccount", email: "ci@p.iam.gserviceaccount.com" }, role: "operator" },
      ],
      google: {
        audiences: ["https://greenlight.run.app", "greenlight"],
        gcloud: false,
        clientIds: [],
        jwksUrl: "http://127.0.0.1:9/certs",
        tokenInfoUrl: "http://[::1]:9/tokeninfo",
      },
    });
  });

  test("on Cloud Run: every address, one proxy in front, and platform is possible", async () => {
    const { config } = await configOf("access: { mode: platform, readers: ['user:a@example.com'] }", {
      K_SERVICE: "greenlight",
    });
    expect(config.listen.host).toBe("0.0.0.0");
    expect(config.access).toMatchObject({ mode: "platform", trustedProxies: 1 });
    const told = await configOf(
      "access: { mode: platform, readers: ['user:a@example.com'], trustedProxies: 2 }",
      {
        K_SERVICE: "greenlight",
      },
    );
    expect(told.config.access).toMatchObject({ trustedProxies: 2 });
  });

  test("a list may come out of one variable of the file", async () => {
    const { config } = await configOf("access: { mode: token, readers: '${READERS}' }", {
      READERS: `token:a:${HASH}, token:b:${OTHER}`,
    });
    expect(config.access).toMatchObject({ rules: [{ member: { name: "a" } }, { member: { name: "b" } }] });
  });

  test("the same member twice is one; two tokens of one name are two, for replacing one by the other", async () => {
    const { config } = await configOf(
      `access: { mode: token, readers: ["token:ci:${HASH}", "token:ci:${HASH}", "token:ci:${OTHER}"] }`,
    );
    expect(config.access).toMatchObject({
      rules: [{ member: { sha256: HASH } }, { member: { sha256: OTHER } }],
    });
  });
});

describe("access that would leave the service open, or closed to everybody, is refused", () => {
  const token = `readers: ["token:ci:${HASH}"]`;
  const user = "readers: ['user:a@example.com']";

  test.each<[string, string, Record<string, string>, object]>([
    ["none on every address", "", { HOST: "0.0.0.0" }, { code: "CONFIG_ACCESS", where: "HOST" }],
    [
      "none on Cloud Run",
      "",
      { K_SERVICE: "x" },
      { where: "K_SERVICE", suggestion: expect.stringMatching(/`access.mode: google`.*`platform`/) },
    ],
    [
      "none with readers",
      `access: { ${user} }`,
      {},
      { code: "CONFIG_ACCESS", path: "access.readers", where: "greenlight.yaml:1:20" },
    ],
    ["none with public", "access: { public: nothing }", {}, { code: "CONFIG_ACCESS", path: "access.public" }],
    [
      "nobody allowed, token",
      "access: { mode: token }",
      {},
      { code: "CONFIG_ACCESS", path: "access.readers" },
    ],
    [
      "nobody allowed, google",
      "access: { mode: google, audiences: [a], readers: [] }",
      {},
      { code: "CONFIG_ACCESS", path: "access.readers", where: "greenlight.yaml:1:50" },
    ],
    [
      "platform elsewhere",
      `access: { mode: platform, ${user} }`,
      {},
      { path: "access.mode", suggestion: "use `google`" },
    ],
    [
      "google without audience",
      `access: { mode: google, ${user} }`,
      {},
      { path: "access.audiences", where: "greenlight.yaml:1:17" },
    ],
    [
      "an audience with token",
      `access: { mode: token, ${token}, audiences: [a] }`,
      {},
      { path: "access.audiences" },
    ],
    [
      "gcloud with platform",
      `access: { mode: platform, ${user}, gcloud: false }`,
      { K_SERVICE: "x" },
      { path: "access.gcloud" },
    ],
    [
      "a token with google",
      `access: { mode: google, audiences: [a], ${token} }`,
      {},
      { path: "access.readers.0" },
    ],
    ["a person with token", `access: { mode: token, ${user} }`, {}, { path: "access.readers.0" }],
    [
      "keys from elsewhere",
      `access: { mode: google, audiences: [a], ${user}, jwksUrl: "http://10.0.0.1/certs" }`,
      {},
      { code: "CONFIG_ACCESS", path: "access.jwksUrl" },
    ],
    [
      "https on loopback",
      `access: { mode: google, audiences: [a], ${user}, tokenInfoUrl: "https://127.0.0.1/" }`,
      {},
      { code: "CONFIG_ACCESS", path: "access.tokenInfoUrl" },
    ],
    [
      "a name that only looks like loopback",
      `access: { mode: google, audiences: [a], ${user}, jwksUrl: "http://127.0.0.1.example.com/" }`,
      {},
      { code: "CONFIG_ACCESS", path: "access.jwksUrl" },
    ],
    [
      "two roles",
      "access: { mode: google, audiences: [a], readers: ['user:a@example.com'], operators: ['user:A@example.com'] }",
      {},
      { path: "access.operators.0", found: "entry 1: `user:a@example.com`, which is a reader already" },
    ],
    [
      "one token under two names",
      `access: { mode: token, readers: ["token:a:${HASH}", "token:b:${HASH}"] }`,
      {},
      { path: "access.readers.1", found: "entry 2: the token of `token:a` again" },
    ],
    [
      "no limit",
      `access: { mode: token, ${token}, limits: { perAddress: 0 } }`,
      {},
      { path: "access.limits.perAddress" },
    ],
    [
      "a limit without end",
      `access: { mode: token, ${token}, limits: { perPrincipal: 1000001 } }`,
      {},
      { path: "access.limits.perPrincipal" },
    ],
    [
      "an unknown mode",
      "access: { mode: tokens }",
      {},
      { path: "access.mode", suggestion: "did you mean `token`?" },
    ],
    [
      "a text for a list",
      "access: { mode: token, readers: abc }",
      {},
      { path: "access.readers", suggestion: expect.stringContaining("`[]`") },
    ],
  ])("%s", async (_name, text, env, fault) => {
    expect(await faultsOf(text, env)).toMatchObject([fault]);
  });

  test("limits that nothing reads give a warning", async () => {
    const { warnings } = await configOf("access: { limits: { perAddress: 3 } }");
    expect(warnings.map(({ path }) => path)).toContain("access.limits");
  });
});

describe("members", () => {
  test.each([
    [`token:ci:${CANARY}`, "CONFIG_SECRET_IN_FILE", "auth new-token"],
    [`token:${CANARY}`, "CONFIG_SECRET_IN_FILE", "auth new-token"],
    [CANARY, "CONFIG_SECRET_IN_FILE", "auth new-token"],
    [`Bearer ${CANARY}`, "CONFIG_SECRET_IN_FILE", "auth new-token"],
    [`user:${CANARY}`, "CONFIG_INVALID_VALUE", undefined],
    ["ann@example.com", "CONFIG_INVALID_VALUE", "write `user:`"],
    ["user:ci@p.iam.gserviceaccount.com", "CONFIG_INVALID_VALUE", "write `serviceAccount:`"],
    ["serviceAccount:ann@example.com", "CONFIG_INVALID_VALUE", "write `user:`"],
    ["serviceAccount:ci@gserviceaccount.com.example.com", "CONFIG_INVALID_VALUE", "write `user:`"],
    ["domain:gmail.com", "CONFIG_INVALID_VALUE", "name each person"],
    ["domain:GoogleMail.com", "CONFIG_INVALID_VALUE", "name each person"],
    ["domain:*.example.com", "CONFIG_INVALID_VALUE", "name each domain"],
    ["domain:p.iam.gserviceaccount.com", "CONFIG_INVALID_VALUE", "name each account"],
    ["domain:com", "CONFIG_INVALID_VALUE", undefined],
    ["user:*@example.com,", "CONFIG_INVALID_VALUE", undefined],
    ["group:devs@example.com", "CONFIG_INVALID_VALUE", "cannot be looked up"],
    ["allUsers", "CONFIG_INVALID_VALUE", "access.public: verdict"],
  ])("%s is refused, and never shown", async (member, code, suggestion) => {
    const faults = await faultsOf(
      `access: { mode: google, audiences: [a], readers: ["user:good@example.com", ${JSON.stringify(member)}] }`,
    );
    expect(faults).toMatchObject([{ code, path: "access.readers.1", where: "greenlight.yaml:1:76" }]);
    if (suggestion !== undefined) expect(faults[0]?.suggestion).toContain(suggestion);
    expect(JSON.stringify(faults)).not.toContain(CANARY);
  });

  test("in a variable they are told apart by their number", async () => {
    const env = { GREENLIGHT_ACCESS_READERS: `token:ci:${HASH}, token:x:${CANARY}` };
    const faults = await faultsOf("access: { mode: token }", env);
    expect(faults).toMatchObject([
      {
        code: "CONFIG_INVALID_VALUE",
        where: "GREENLIGHT_ACCESS_READERS",
        found: expect.stringContaining("entry 2: "),
      },
    ]);
    expect(JSON.stringify(faults)).not.toContain(CANARY);
  });
});
