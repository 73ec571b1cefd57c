import { describe, expect, test } from "vitest";
import { configOf, faultsOf, only } from "./load.ts";

const CANARY = "Xk9canaryQz7";

describe("targets", () => {
  test("everything that can be said of them, in their order", async () => {
    const { config, warnings } = await configOf(
      `
environment: staging
dependencies:
  http:
    - name: api
      url: https://api.example.com/health?full=1
      status: [200, 503]
      headers: [{ name: X-Ready }, { name: content-type, equals: application/json }]
      json: [{ pointer: "" }, { pointer: /a~1b/0, equals: null }]
      required: false
      deadlines: { total: 1s }
      tls: { mode: no-verify, servername: other }
    - { name: plain, url: "http://10.0.0.1" }
  tcp:
    - { name: smtp, url: "tls://mail.example.com:465", banner: "220 " }
    - { name: raw, url: "tcp://[::1]:80" }
groups: { web: [api, plain, websocket] }
`,
      {
        WEBSOCKET_URL: "wss://h/socket",
        GREENLIGHT_WEBSOCKET_SUBPROTOCOL: "chat.v1",
        REDIS_URL: "redis://r",
      },
    );
    expect(config.dependencies.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "redis redis",
      "websocket websocket",
      "http api",
      "http plain",
      "tcp smtp",
      "tcp raw",
    ]);
    expect(only(config, "websocket")).toMatchObject({ url: "wss://h/socket", subprotocol: "chat.v1" });
    expect(config.dependencies[2]).toEqual({
      kind: "http",
      name: "api",
      url: "https://api.example.com/health?full=1",
      status: [200, 503],
      headers: [{ name: "X-Ready" }, { name: "content-type", equals: "application/json" }],
      json: [{ pointer: "" }, { pointer: "/a~1b/0", equals: null }],
      required: false,
      intervalMs: 1000,
      deadlines: { resolveMs: 500, connectMs: 1000, queryMs: 450, totalMs: 1000 },
      tls: { mode: "no-verify", servername: "other" },
    });
    expect(config.dependencies[4]).toMatchObject({
      url: "tls://mail.example.com:465",
      banner: "220 ",
      tls: { mode: "verify-full" },
    });
    expect(config.dependencies[5]).toMatchObject({ url: "tcp://[::1]:80", tls: { mode: "off" } });
    expect(config.groups).toEqual({ database: ["redis"], web: ["api", "plain", "websocket"] });
    expect(warnings).toEqual([]);
  });

  test("without a database there is no group of that name: an empty one would say nothing", async () => {
    expect((await configOf("", { WEBSOCKET_URL: "ws://h" })).config.groups).toEqual({});
  });

  test.each(["redis", "auth", "websocket", "live", "ready", "startup", "database", "cache", "twin"])(
    "a target may not be called %s, which is taken",
    async (name) => {
      const faults = await faultsOf(
        `dependencies: { redis: {}, http: [{ name: twin, url: 'http://h' }], tcp: [{ name: ${name}, url: 'tcp://h:1' }] }\ngroups: { cache: [redis] }`,
        { REDIS_URL: "redis://r" },
      );
      expect(faults).toMatchObject([
        { path: "dependencies.tcp.0.name", expected: "a name that nothing else has" },
      ]);
    },
  );

  test.each(["auth", "websocket"])("a group may not be called %s either", async (name) => {
    expect(await faultsOf(`groups: { ${name}: [redis] }`, { REDIS_URL: "redis://r" })).toMatchObject([
      { path: "groups" },
    ]);
  });

  test.each<[string, string, string]>([
    ["a status code that is none", "{ name: a, url: 'http://h', status: [600] }", "status.0"],
    ["a status in words", "{ name: a, url: 'http://h', status: [ok] }", "status.0"],
    ["a pointer without slash", "{ name: a, url: 'http://h', json: [{ pointer: a }] }", "json.0.pointer"],
    ["a pointer with a lone ~", "{ name: a, url: 'http://h', json: [{ pointer: /a~2 }] }", "json.0.pointer"],
    ["a header with a space", "{ name: a, url: 'http://h', headers: [{ name: 'a b' }] }", "headers.0.name"],
    ["a name in capitals", "{ name: API, url: 'http://h' }", "name"],
    ["no name", "{ url: 'http://h' }", "name"],
    ["no URL", "{ name: a }", "url"],
    ["an unknown key", "{ name: a, url: 'http://h', statsu: [200] }", "statsu"],
    [
      "a query deadline over the total",
      "{ name: a, url: 'http://h', deadlines: { query: 4s } }",
      "deadlines.query",
    ],
  ])("%s is a fault of that target, and those of the next are told too", async (_name, target, key) => {
    const faults = await faultsOf(`dependencies: { http: [${target}, { name: z, url: 'ftp://h' }] }`);
    const wanted = [`dependencies.http.0.${key}`, "dependencies.http.1.url"];
    expect(faults.map(({ path }) => path)).toEqual(expect.arrayContaining(wanted));
    expect(faults).toHaveLength(2);
  });
});

const urls = { websocket: "WEBSOCKET_URL", auth: "AUTH_URL" } as const;

describe("URLs without a driver", () => {
  test.each<[keyof typeof urls, string, string]>([
    ["websocket", "http://h", "`ws://` or `wss://`"],
    ["websocket", "wsss://h", "`ws://` or `wss://`"],
    ["websocket", `ws://u:${CANARY}@h`, "without user and password"],
    ["websocket", `ws://${CANARY}@h`, "without user and password"],
    ["websocket", "ws://h/#a", "without a fragment"],
    ["websocket", "ws://h:0/", "a port from 1"],
    ["websocket", "ws://h\\@x/", "backslashes"],
    ["websocket", "ws://", "that parses"],
    ["auth", `https://u:${CANARY}@h`, "without user and password"],
    ["auth", "file:///etc/passwd", "`http://` or `https://`"],
    ["auth", "gopher://h", "`http://` or `https://`"],
    ["auth", `https://h/ ${CANARY}`, "without spaces"],
    ...[
      "169.254.169.254",
      "metadata.google.internal",
      "METADATA.google.internal.",
      "metadata",
      "[fe80::1]",
      "[fd00:ec2::254]",
      "[fd20:ce::254]",
      "[::ffff:169.254.169.254]",
      "100.100.100.200",
      "0.0.0.0",
      "[::]",
      "224.0.0.1",
      "2852039166",
      "0xa9fea9fe",
      "0251.0376.0251.0376",
      "169.254.43518",
    ].map((host): ["auth", string, string] => ["auth", `http://${host}/`, "the address of a service"]),
  ])("%s: %s is refused, and not shown", async (kind, url, expected) => {
    const faults = await faultsOf("", { [urls[kind]]: url });
    expect(faults).toMatchObject([{ code: "CONFIG_INVALID_URL", where: urls[kind] }]);
    expect(faults[0]?.expected).toContain(expected);
    expect(JSON.stringify(faults)).not.toContain(CANARY);
  });

  test.each([
    "tcp://h",
    "tcp://h:1/x",
    "tcp://h:1?x=1",
    "tcp://:1",
    "udp://h:1",
    "tcp://2852039166:80",
    "tcp://h:70000",
  ])("tcp: %s is refused", async (url) => {
    expect(await faultsOf(`dependencies: { tcp: [{ name: a, url: "${url}" }] }`)).toMatchObject([
      { code: "CONFIG_INVALID_URL", path: "dependencies.tcp.0.url" },
    ]);
  });

  test.each(["https://h/users/@me", "http://127.0.0.1:1/a:0", "http://192.168.0.1", "http://[::1]/"])(
    "%s is a good one",
    async (url) => {
      expect(await faultsOf(`dependencies: { http: [{ name: a, url: "${url}" }] }`)).toEqual([]);
    },
  );
});
