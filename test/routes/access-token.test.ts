import { describe, expect, test } from "vitest";
import { bearer, sha256, tokenAccess, tokenRule } from "../service/access.ts";
import { useApplication } from "../service/application.ts";
import { ask, type Answer, sendBytes } from "../service/ask.ts";

const READER = "canary-reader-token-0123456789";
const OPERATOR = "canary-operator-token-0123456789";
const rules = [tokenRule("ci", READER), tokenRule("admin", OPERATOR, "operator")];
const env = { REDIS_URL: "redis://127.0.0.1:1/0" };

const closed = await useApplication({ env, access: tokenAccess({ rules }) });
const verdict = await useApplication({ env, access: tokenAccess({ rules, public: "verdict" }) });

interface ProblemBody {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly run: string;
}

const problem = (answer: Answer): ProblemBody => answer.body as unknown as ProblemBody;

const GUARDED = [
  "/health",
  "/health/redis",
  "/why/redis",
  "/metrics",
  "/events",
  "/openapi.json",
  "/docs",
  "/docs/static/index.html",
];

describe("without a token", () => {
  test.each([...GUARDED, "/nothing", "/health/unknown", "/why/unknown"])(
    "%s is 401 and says what to run",
    async (path) => {
      const answer = await ask(`${closed.url}${path}`);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="greenlight"');
      expect(problem(answer)).toMatchObject({ code: "TOKEN_MISSING", status: 401 });
      expect(problem(answer).run).toContain("$GREENLIGHT_TOKEN");
    },
  );

  test.each(["POST", "DELETE", "OPTIONS", "HEAD", "PUT"])(
    "%s is 401 before anything else is looked at",
    async (method) => {
      expect((await ask(`${closed.url}/health`, { method })).status).toBe(401);
    },
  );

  test.each(["live", "startup", "ready"])(
    "/health/%s answers, with and without a wrong token",
    async (name) => {
      for (const init of [{}, bearer("wrong")]) {
        const answer = await ask(`${closed.url}/health/${name}`, init);
        expect(answer.status).toBe(200);
        expect(answer.headers.get("ratelimit")).toBeNull();
      }
    },
  );
});

describe("with a token that is on the list", () => {
  test.each(GUARDED.filter((path) => path !== "/events"))("%s answers", async (path) => {
    const { status } = await ask(`${closed.url}${path}`, bearer(READER));
    expect([200, 503]).toContain(status);
  });

  test("detail is there, with the limits and a Vary that keeps callers apart", async () => {
    const answer = await ask(`${closed.url}/health/redis`, bearer(READER));
    expect(Object.keys(answer.body.checks)).toEqual(["redis:responseTime"]);
    expect(answer.headers.get("ratelimit")).toMatch(/^"principal";r=\d+;t=1$/);
    expect(answer.headers.get("vary")).toBe("Accept, Authorization");
  });

  test("the document says that a token is needed", async () => {
    const { body } = await ask(`${closed.url}/openapi.json`, bearer(READER));
    expect(body).toMatchObject({
      security: [{ bearer: [] }],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    });
  });

  test("an unknown path is 404 again", async () => {
    expect((await ask(`${closed.url}/nothing`, bearer(READER))).status).toBe(404);
  });
});

describe("where the verdict is public", () => {
  test("/health without a token is the status and nothing else, for GET, HEAD and a known ETag", async () => {
    const answer = await ask(`${verdict.url}/health`);
    expect(answer.status).toBe(503);
    expect(answer.text).toBe('{"status":"fail"}');
    expect(answer.headers.get("age")).toBeNull();
    expect(answer.headers.get("etag")).toBe('W/"fail"');
    const head = await ask(`${verdict.url}/health/redis`, { method: "HEAD" });
    expect({ status: head.status, length: head.headers.get("content-length"), text: head.text }).toEqual({
      status: 503,
      length: "17",
      text: "",
    });
    // A 503 is never turned into a 304.
    expect((await ask(`${verdict.url}/health`, { headers: { "if-none-match": 'W/"fail"' } })).status).toBe(
      503,
    );
  });

  test.each([
    "/health?fresh=1",
    "/health/unknown",
    "/why/redis",
    "/metrics",
    "/events",
    "/docs",
    "/openapi.json",
    "/nothing",
  ])("%s still needs a token", async (path) => {
    expect((await ask(`${verdict.url}${path}`)).status).toBe(401);
  });

  test("a token that is presented and wrong is 401 even here", async () => {
    const answer = await ask(`${verdict.url}/health`, bearer("wrong"));
    expect(answer.status).toBe(401);
    expect(problem(answer).code).toBe("TOKEN_UNKNOWN");
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("with a token there is detail", async () => {
    expect((await ask(`${verdict.url}/health`, bearer(READER))).text).toContain("redis:responseTime");
  });
});

describe("what is no good token", () => {
  test.each<[string, string, string]>([
    ["another scheme", "Basic dXNlcjpwYXNz", "SCHEME_UNSUPPORTED"],
    ["no scheme", READER, "SCHEME_UNSUPPORTED"],
    ["nothing after Bearer", "Bearer", "TOKEN_MALFORMED"],
    ["two tokens in one header", `Bearer ${READER}, Bearer x`, "TOKEN_MALFORMED"],
    ["a token of 9 KiB", `Bearer ${"x".repeat(9 * 1024)}`, "TOKEN_TOO_LONG"],
    ["a token that nobody knows", `Bearer ${READER}x`, "TOKEN_UNKNOWN"],
    ["the hash instead of the token", `Bearer ${sha256(READER)}`, "TOKEN_UNKNOWN"],
  ])("%s is %s with %s", async (_what, authorization, code) => {
    const answer = await ask(`${closed.url}/health`, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(problem(answer)).toMatchObject({ code, run: expect.stringMatching(/^(?:curl|greenlight) /) });
    expect(answer.text).not.toContain("canary");
  });

  test("two Authorization headers are refused, whichever is right", async () => {
    const request = `GET /health HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${READER}\r\nAuthorization: Bearer wrong\r\nconnection: close\r\n\r\n`;
    const text = await sendBytes(closed.port, request);
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(text).toContain("AUTHORIZATION_REPEATED");
  });

  test("a token of 1 MB is 431 as a problem with a reason", async () => {
    const text = await sendBytes(
      closed.port,
      `GET /health HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${"x".repeat(1_000_000)}\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(text).toMatch(/HEADERS_TOO_LARGE/);
    expect(text).toMatch(/greenlight auth whoami/);
  });
});

describe("security headers", () => {
  const expected = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
  };

  test.each([
    "/health/live",
    "/nothing",
    "/why/redis",
    "/metrics",
    "/health/%zz",
    "/openapi.json",
    "/health?x=1",
  ])("are on the answer of %s, refused and not", async (path) => {
    for (const init of [{}, bearer(READER)]) {
      const { headers } = await ask(`${closed.url}${path}`, init);
      expect(Object.fromEntries(headers)).toMatchObject(expected);
      expect(headers.get("strict-transport-security")).toBeNull();
    }
  });

  test("that mean something for data are on the health of dependencies, refused and not", async () => {
    const refused = await ask(`${closed.url}/health`);
    expect(Object.fromEntries(refused.headers)).toMatchObject(expected);
    for (const { headers } of [
      await ask(`${closed.url}/health`, bearer(READER)),
      await ask(`${closed.url}/health/redis`, bearer(READER)),
    ]) {
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toBe("frame-ancestors 'none'");
    }
  });

  test("are on what is no HTTP request", async () => {
    const text = await sendBytes(closed.port, "nonsense\r\n\r\n");
    for (const [name, value] of Object.entries(expected)) expect(text).toContain(`${name}: ${value}\r\n`);
  });

  test("/docs has a policy of its own that lets nobody frame it", async () => {
    const { headers } = await ask(`${closed.url}/docs`, bearer(READER));
    expect(headers.get("content-security-policy")).toMatch(/script-src 'self';.*frame-ancestors 'none'/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("ratelimit")).toMatch(/^"principal"/);
  });
});
