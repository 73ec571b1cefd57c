import { beforeEach, describe, expect, test } from "vitest";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { bearer, tokenAccess, tokenRule } from "../service/access.ts";
import { useApplication } from "../service/application.ts";
import { ask } from "../service/ask.ts";

const READER = "canary-reader-token-0123456789";
const OPERATOR = "canary-operator-token-0123456789";
const rules = [tokenRule("ci", READER), tokenRule("admin", OPERATOR, "operator")];
const redis = await useDependency("redis");
const env = { REDIS_URL: redis.url() };
const closed = await useApplication({ env, access: tokenAccess({ rules }) });
const open = await useApplication({ env, access: tokenAccess({ rules, public: "verdict" }) });

const sendJson = (method: string, body: unknown, token?: string): RequestInit => ({
  method,
  headers: { "content-type": "application/json", ...(token && bearer(token).headers) },
  body: JSON.stringify(body),
});
const hold = { reason: "deploying", until: "30m" };

beforeEach(async () => {
  for (const { services } of [closed, open])
    await eventually(() => services.gate.evaluate("all").verdict === "go", { deadlineMs: 15_000 });
});

describe("without a token", () => {
  test.each(["/gate", "/gate/all", "/gate/all?wait=1s", "/incidents", "/gate/unknown"])(
    "%s is 401 where nothing is public",
    async (path) => {
      const { status, body } = await ask(`${closed.url}${path}`);
      expect({ status, code: body.code }).toEqual({ status: 401, code: "TOKEN_MISSING" });
    },
  );

  test("there is the verdict alone where it is public: no reason, no name of a dependency, no window", async () => {
    const answer = await ask(`${open.url}/gate/all`);
    expect(answer.text).toBe('{"suite":"all","verdict":"go"}');
    expect(answer.headers.get("vary")).toBe("Authorization");
    await redis.proxy.setMode("refuse");
    try {
      await eventually(() => open.services.gate.evaluate("all").verdict === "wait");
      const unfit = await ask(`${open.url}/gate/all`);
      expect({ status: unfit.status, text: unfit.text }).toEqual({
        status: 503,
        text: '{"suite":"all","verdict":"wait"}',
      });
      expect(unfit.headers.get("retry-after"), "the time of the next try is no secret of ours").toBe("1");
    } finally {
      await redis.proxy.setMode("none");
    }
  });

  test.each(["/gate/all?wait=1s", "/gate/all?wait=", "/gate", "/incidents", "/gate/unknown"])(
    "%s is 401 there too: nobody unknown holds a connection or learns names",
    async (path) => {
      expect((await ask(`${open.url}${path}`)).status).toBe(401);
      expect(open.services.gate.waiting()).toBe(0);
    },
  );

  test("nobody holds and nobody leases", async () => {
    for (const [method, path] of [
      ["POST", "hold"],
      ["DELETE", "hold"],
      ["POST", "lease"],
      ["PUT", "lease/x"],
      ["DELETE", "lease/x"],
    ] as const)
      expect((await ask(`${open.url}/gate/all/${path}`, { method })).status).toBe(401);
  });
});

describe("a reader", () => {
  test("sees the detail and may wait", async () => {
    const answer = await ask(`${closed.url}/gate/all?wait=1s`, bearer(READER));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ verdict: "go", dependencies: { redis: {} } });
    expect(answer.headers.get("ratelimit")).toMatch(/^"principal"/);
    expect((await ask(`${closed.url}/incidents`, bearer(READER))).status).toBe(200);
  });

  test("leases, and may not hold or release", async () => {
    const leased = await ask(
      `${closed.url}/gate/all/lease`,
      sendJson("POST", { holder: "ci", ttl: "60s" }, READER),
    );
    expect(leased.status).toBe(201);
    const { id } = JSON.parse(leased.text) as { id: string };
    const given = await ask(`${closed.url}/gate/all/lease/${id}`, { method: "DELETE", ...bearer(READER) });
    expect(given.status).toBe(204);
    const placed = await ask(`${closed.url}/gate/all/hold`, sendJson("POST", hold, READER));
    expect({ status: placed.status, code: placed.body.code }).toEqual({ status: 403, code: "ROLE_REQUIRED" });
    await ask(`${closed.url}/gate/all/hold`, sendJson("POST", hold, OPERATOR));
    const released = await ask(`${closed.url}/gate/all/hold`, { method: "DELETE", ...bearer(READER) });
    expect(released.status).toBe(403);
    expect(closed.services.holds.get("all")).toBeDefined();
    expect(closed.services.holds.release("all")).toBe(true);
  });
});

describe("an operator", () => {
  test("holds in its own name, and releases", async () => {
    const placed = await ask(`${closed.url}/gate/all/hold`, sendJson("POST", hold, OPERATOR));
    expect(placed.body).toMatchObject({ by: "token:admin", reason: "deploying" });
    const released = await ask(`${closed.url}/gate/all/hold`, { method: "DELETE", ...bearer(OPERATOR) });
    expect(released.status).toBe(204);
    expect(closed.services.holds.get("all")).toBeUndefined();
  });
});

test("no part of a token is in any answer", async () => {
  const answers = await Promise.all(
    ["/gate", "/gate/all", "/incidents"].map((path) => ask(`${closed.url}${path}`, bearer(OPERATOR))),
  );
  for (const { text } of answers) expect(text).not.toContain("canary");
});
