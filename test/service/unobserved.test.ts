import { Redis } from "ioredis";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Clock } from "../../services/clock.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { type Application, startApplication } from "./application.ts";
import { ask, askQuickly, checkOf } from "./ask.ts";

const redis = await useDependency("redis");
const admin = new Redis(redis.server.adminUrl());
afterAll(() => admin.disconnect());

/** An interval so long that nothing is observed by schedule during a test. */
const UNHURRIED = {
  REDIS_URL: redis.url(),
  GREENLIGHT_PROBE_INTERVAL: "10m",
  GREENLIGHT_PROBE_MAX_AGE: "30m",
};
const HOUR = 3_600_000;

const open: Application[] = [];
async function start(options: Parameters<typeof startApplication>[0]): Promise<Application> {
  const application = await startApplication(options);
  open.push(application);
  return application;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((application) => application.close()));
});

/**
 * The machine's clock, to which time can be added: what a process sees that was frozen and goes on; or slept: what it
 * sees on a machine that was suspended, whose monotonic clock stood.
 */
function movable(): { clock: Clock; add: (ms: number) => void; sleep: (ms: number) => void } {
  let added = 0;
  let slept = 0;
  const clock = { now: () => Date.now() + added + slept, monotonic: () => performance.now() + added };
  return { clock, add: (ms) => void (added += ms), sleep: (ms) => void (slept += ms) };
}

async function startPassing(
  env: Record<string, string> = {},
): Promise<Application & Pick<ReturnType<typeof movable>, "add" | "sleep">> {
  const { clock, add, sleep } = movable();
  const application = await start({ env: { ...UNHURRIED, ...env }, clock });
  await eventually(async () => (await askQuickly(`${application.url}/health`)).status === 200, {
    deadlineMs: 10_000,
  });
  return { ...application, add, sleep };
}

/** One SETRANGE each; a login asks PING and HELLO, too. */
const observations = async (): Promise<number> =>
  Number(/cmdstat_setrange:calls=(\d+)/.exec(await admin.info("commandstats"))?.[1]);

describe("before the first observation", () => {
  test.each(["/health", "/health/database", "/health/redis", "/health?fresh=1"])(
    "%s is 503 with NOT_EVALUATED: fail closed",
    async (path) => {
      const { url } = await start({ env: UNHURRIED, observe: false });
      const answer = await askQuickly(`${url}${path}`);
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("1");
      expect(answer.body).toMatchObject({ status: "fail", output: "redis: NOT_EVALUATED" });
      expect(checkOf(answer, "redis")).toMatchObject({
        status: "fail",
        cause: { code: "NOT_EVALUATED" },
        breaker: { state: "closed" },
      });
      expect(checkOf(answer, "redis")).not.toHaveProperty("time");
    },
  );

  test("an optional one that is not observed yet is warn, with NOT_EVALUATED", async () => {
    const { url } = await start({
      env: { ...UNHURRIED, GREENLIGHT_REDIS_REQUIRED: "false" },
      observe: false,
    });
    const answer = await askQuickly(`${url}/health`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: "warn", output: "redis: NOT_EVALUATED" });
  });

  test("the metrics say that it is not up, and why", async () => {
    const { url } = await start({ env: UNHURRIED, observe: false });
    const { text } = await askQuickly(`${url}/metrics`);
    expect(text).toContain('greenlight_dependency_up{dependency="redis",kind="redis"} 0');
    expect(text).toContain('greenlight_dependency_cause{dependency="redis",cause="NOT_EVALUATED"} 1');
  });

  test("/why answers without rungs instead of failing", async () => {
    const { url } = await start({ env: UNHURRIED, observe: false });
    const answer = await askQuickly(`${url}/why/redis`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: "fail", cause: { code: "NOT_EVALUATED" }, rungs: [] });
  });

  test("a server that is silent from the beginning leaves it at NOT_EVALUATED, then tells the cause", async () => {
    await redis.proxy.setMode("blackhole");
    try {
      const { url } = await start({ env: UNHURRIED });
      expect(checkOf(await askQuickly(`${url}/health`), "redis").cause?.code).toBe("NOT_EVALUATED");
      await eventually(
        async () => checkOf(await askQuickly(`${url}/health`), "redis").cause?.code === "LOGIN_TIMEOUT",
      );
    } finally {
      await redis.proxy.setMode("none");
    }
  });
});

describe("when the last observation is older than allowed", () => {
  test("and none can be had, the last pass is not repeated: 503 with STALE, `stale` and the age", async () => {
    const { url, add, services } = await startPassing();
    await services.monitor.stop();
    add(2 * HOUR);
    const answer = await askQuickly(`${url}/health`);
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ status: "fail", stale: true, output: "redis: STALE" });
    expect(answer.body.ageMs).toBeGreaterThanOrEqual(2 * HOUR);
    expect(Number(answer.headers.get("age"))).toBeGreaterThanOrEqual(7200);
    expect(checkOf(answer, "redis")).toMatchObject({ status: "fail", stale: true, cause: { code: "STALE" } });
  });

  test("and the server is well, one request refreshes it, and many at once cost one observation", async () => {
    const { url, add } = await startPassing();
    const before = await observations();
    add(2 * HOUR);
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(`${url}/health`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.every(({ body }) => !body.stale)).toBe(true);
    expect(await observations()).toBe(before + 1);
  });

  test("and the server says nothing, the request waits a bounded time and tells STALE", async () => {
    const slow = {
      GREENLIGHT_PROBE_DEADLINES_CONNECT: "8s",
      GREENLIGHT_PROBE_DEADLINES_QUERY: "8s",
      GREENLIGHT_PROBE_DEADLINES_TOTAL: "9s",
    };
    const { url, add } = await startPassing(slow);
    await redis.proxy.setMode("blackhole");
    try {
      add(2 * HOUR);
      const answer = await ask(`${url}/health`);
      expect(answer.status).toBe(503);
      expect(answer.ms).toBeLessThan(5000);
      expect(checkOf(answer, "redis").cause?.code).toBe("STALE");
    } finally {
      await redis.proxy.setMode("none");
    }
  });

  test("because the machine slept, the last pass is not repeated, and there is no go", async () => {
    const { url, sleep, services } = await startPassing();
    await eventually(async () => (await fetch(`${url}/gate/all?stable=0s`)).status === 200);
    await services.monitor.stop();
    sleep(2 * HOUR);
    const answer = await askQuickly(`${url}/health`);
    expect({ status: answer.status, output: answer.body.output }).toEqual({
      status: 503,
      output: "redis: STALE",
    });
    const gate = await fetch(`${url}/gate/all?stable=0s`);
    expect([gate.status, await gate.json()]).toMatchObject([503, { verdict: "inconclusive" }]);
  });

  test("a failure that grows old keeps its cause", async () => {
    const { url, add, services } = await startPassing();
    await redis.proxy.setMode("refuse");
    try {
      await eventually(async () => (await askQuickly(`${url}/health`)).status === 503);
      await services.monitor.stop();
      add(2 * HOUR);
      const answer = await askQuickly(`${url}/health`);
      expect(checkOf(answer, "redis")).toMatchObject({ stale: true, cause: { code: "CONNECT_REFUSED" } });
    } finally {
      await redis.proxy.setMode("none");
    }
  });
});
