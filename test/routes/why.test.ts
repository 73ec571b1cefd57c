import { beforeEach, expect, test } from "vitest";
import { CAUSES, RUNGS } from "../../services/causes.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { useApplication } from "../service/application.ts";
import { ask, askQuickly } from "../service/ask.ts";
import { found } from "../service/found.ts";

interface Why {
  readonly status: string;
  readonly summary: string;
  readonly explanation?: string;
  readonly rungs: readonly {
    rung: string;
    status: string;
    note?: string;
    because?: string;
    cause?: string;
  }[];
  readonly nextSteps: readonly string[];
}

const redis = await useDependency("redis");
const { url } = await useApplication({ env: { REDIS_URL: redis.url() } });

async function why(): Promise<Why> {
  const answer = await ask(`${url}/why/redis`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  return answer.body as unknown as Why;
}

beforeEach(async () => {
  await redis.proxy.setMode("none");
  await eventually(async () => (await askQuickly(`${url}/health`)).status === 200, { deadlineMs: 15_000 });
});

test("of a passing dependency it shows that every rung holds, and asks for nothing", async () => {
  const body = await why();
  expect(body).toMatchObject({ status: "pass", summary: "redis passes: all 7 rungs hold.", nextSteps: [] });
  expect(body.rungs.map(({ rung, status }) => [rung, status])).toEqual(RUNGS.map((rung) => [rung, "pass"]));
  expect(body.rungs[1]).toMatchObject({ note: "127.0.0.1" });
});

/** What `/health` and `/why` tell of the version. */
const versions = async (): Promise<unknown[]> => {
  const health = await ask(`${url}/health/redis`);
  const checks = health.body.checks as Readonly<Record<string, readonly { version?: string }[]>>;
  return [checks["redis:responseTime"]?.[0]?.version, ((await why()) as { version?: string }).version];
};

test("it and the health tell the server's version, also while the server is gone", async () => {
  const [shown] = await versions();
  expect(shown).toMatch(/^(Redis|Valkey) \d/);
  expect(await versions()).toEqual([shown, shown]);
  await redis.proxy.setMode("refuse");
  await eventually(async () => (await ask(`${url}/health/redis`)).status === 503);
  expect(await versions()).toEqual([shown, shown]);
});

test("of a failing one it names the rung, the reason, what was not evaluated and what to do next", async () => {
  await redis.proxy.setMode("refuse");
  const body = await found(async () => {
    const body = await why();
    return body.status === "fail" && body.rungs.length > 0 ? body : false;
  });
  expect(body.summary).toMatch(/^redis .*fail.*nothing listens on that port \(CONNECT_REFUSED, at connect\)/);
  expect(body.explanation).toBe(CAUSES.CONNECT_REFUSED.explanation);
  expect(body.rungs.map(({ status }) => status)).toEqual([
    "pass",
    "fail",
    "unknown",
    "unknown",
    "unknown",
    "unknown",
    "unknown",
  ]);
  expect(body.rungs[2]?.because).toBe("connect broke: CONNECT_REFUSED");
  expect(body.rungs[1]?.cause).toBe("CONNECT_REFUSED");
  expect(body.nextSteps[0]).toContain("127.0.0.1");
});

test("after the recovery it does not show the rungs of the failure", async () => {
  await redis.proxy.setMode("refuse");
  await eventually(async () => (await why()).status === "fail");
  await redis.proxy.setMode("none");
  const body = await found(async () => {
    const body = await why();
    return body.status === "pass" ? body : false;
  });
  expect(body.rungs.map(({ status }) => status)).not.toContain("fail");
});

test("many callers at once cost the server one login", async () => {
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const bodies = await Promise.all(Array.from({ length: 30 }, why));
  expect(bodies.every(({ status }) => status === "pass")).toBe(true);
  expect(redis.proxy.connections()).toBeLessThanOrEqual(2);
});

test("an unknown name is 404 with the known ones", async () => {
  const answer = await askQuickly(`${url}/why/mysql`);
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ code: "UNKNOWN_DEPENDENCY", known: ["redis"] });
});
