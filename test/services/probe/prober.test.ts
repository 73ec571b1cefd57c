import { Redis } from "ioredis";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../services/clock.ts";
import { createDependency } from "../../../services/dependencies/create.ts";
import type { Dependency } from "../../../services/dependencies/dependency.ts";
import type { ProbeOptions } from "../../../services/probe/options.ts";
import { createProber, type Prober, type ProbeState } from "../../../services/probe/prober.ts";
import { useDependency } from "../../support/environment.ts";
import { eventually, isPendingAfter } from "../../support/wait.ts";

const sandbox = await useDependency("redis");
const admin = new Redis(sandbox.server.adminUrl(), { retryStrategy: () => 100 });
admin.on("error", () => undefined);
afterAll(() => admin.disconnect());

const defaults: ProbeOptions = {
  maxAgeMs: 5000,
  breaker: { failures: 1000, successes: 2, resetMs: 30_000, operationMs: 10_000 },
  thresholds: { fail: 1, pass: 1 },
};
const never = 60_000;

/** Counts how many queries are under way at the same time, at most. */
function countQueries(dependency: Dependency, seen: { most: number }): Dependency {
  let underway = 0;
  const open: Dependency["open"] = async (signal) => {
    const connection = await dependency.open(signal);
    const query: typeof connection.query = async (inner) => {
      underway += 1;
      seen.most = Math.max(seen.most, underway);
      await connection.query(inner).finally(() => (underway -= 1));
    };
    return { ...connection, query };
  };
  return { ...dependency, open };
}

interface Watched {
  readonly seen: { most: number };
  readonly prober: Prober;
  readonly states: ProbeState[];
  readonly last: () => ProbeState | undefined;
}

const running: Prober[] = [];

async function watch(intervalMs: number, probe: Partial<ProbeOptions> = {}): Promise<Watched> {
  const deadlines = { resolveMs: 500, connectMs: 500, queryMs: 300, totalMs: 3000 };
  const dependency = await createDependency({
    kind: "redis",
    name: "redis",
    url: sandbox.url(),
    required: true,
    intervalMs,
    deadlines,
  });
  const states: ProbeState[] = [];
  const seen = { most: 0 };
  const prober = createProber({
    dependency: countQueries(dependency, seen),
    probe: { ...defaults, ...probe },
    clock: systemClock,
    onState: (state) => void states.push(state),
  });
  running.push(prober);
  return { seen, prober, states, last: () => states.at(-1) };
}

async function startPassing(intervalMs: number, probe: Partial<ProbeOptions> = {}): Promise<Watched> {
  const watched = await watch(intervalMs, probe);
  watched.prober.start();
  await eventually(() => watched.last()?.status === "pass");
  return watched;
}

/** An observation on an open connection sends one PING; opening one sends another. */
async function observed(): Promise<number> {
  return Number(/cmdstat_ping:calls=(\d+)/.exec(await admin.info("commandstats"))?.[1] ?? 0);
}

/** States that tell of another observation than the one before. */
const observations = (states: readonly ProbeState[]): ProbeState[] =>
  states.filter(({ observation }, index) => observation !== states[index - 1]?.observation);

const until = (watched: Watched, holds: (state: ProbeState) => boolean): Promise<boolean> =>
  eventually(() => watched.states.some(holds), { deadlineMs: 10_000 });

beforeEach(async () => {
  await sandbox.proxy.setMode("none");
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((prober) => prober.stop()));
  await eventually(() => sandbox.proxy.connections() === 0);
});

describe("while all is well", () => {
  test("there is one observation per interval, on one connection", async () => {
    await startPassing(200);
    const before = await observed();
    const from = performance.now();
    await eventually(async () => (await observed()) >= before + 4);
    const intervals = (performance.now() - from) / 200;
    expect((await observed()) - before).toBeLessThanOrEqual(Math.ceil(intervals) + 1);
    expect(sandbox.proxy.connections()).toBe(1);
  });

  test("a hundred callers at once share one observation", async () => {
    const { prober } = await startPassing(never);
    const before = await observed();
    await Promise.all(Array.from({ length: 100 }, () => prober.observeNow()));
    expect(await observed()).toBe(before + 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await observed()).toBe(before + 1);
  });

  test("observations never overlap, however many ask and however often connections are lost", async () => {
    const { prober, seen, states } = await startPassing(100);
    for (let round = 0; round < 20; round += 1) {
      const asked = Promise.all([prober.observeNow(), prober.observeNow()]);
      await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await asked;
      await new Promise((resolve) => setTimeout(resolve, 7 * (round % 5)));
    }
    expect(states.length).toBeGreaterThan(10);
    // A lost connection may have its reason looked for on a fresh one meanwhile.
    expect(seen.most).toBeLessThanOrEqual(states.some(({ status }) => status === "fail") ? 2 : 1);
  });

  test("a climb passes on all rungs, and callers at once share it", async () => {
    const { prober } = await startPassing(never);
    const results = await Promise.all([prober.climb(), prober.climb(), prober.climb()]);
    expect(new Set(results).size).toBe(1);
    expect(results[0]?.rungs.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => "pass"));
  });
});

describe("when the server or its connection goes", () => {
  test("a connection that the server ends is observed again at once, long before the interval", async () => {
    const { states, last } = await startPassing(never);
    const before = last();
    await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await eventually(() => last() !== before);
    expect(states.map(({ status }) => status)).not.toContain("fail");
  });

  test("a killed server shows by itself with its cause and rungs, and its return shows by itself", async () => {
    const watched = await startPassing(never);
    sandbox.server.signal("SIGKILL");
    await eventually(() => watched.last()?.status === "fail");
    expect(watched.last()).toMatchObject({ cause: { code: "CONNECT_REFUSED", rung: "connect" } });
    await eventually(() => watched.last()?.rungs?.length === 7);
    await sandbox.restart();
    await eventually(() => watched.last()?.status === "pass", { deadlineMs: 10_000 });
    expect(watched.last()).toMatchObject({ breaker: { state: "closed" } });
    expect(watched.last()).not.toHaveProperty("cause");
    expect(watched.last()).not.toHaveProperty("rungs");
  });

  test("an established connection that falls silent is replaced without a fail or warn", async () => {
    const watched = await startPassing(150);
    await sandbox.proxy.setMode("blackhole-established");
    const silent = watched.states.length;
    await eventually(() => observations(watched.states.slice(silent)).length >= 4, { deadlineMs: 10_000 });
    expect(new Set(watched.states.map(({ status }) => status))).toEqual(new Set(["pass"]));
  });

  test("a frozen server fails with LOGIN_TIMEOUT, and passes again when it goes on", async () => {
    const watched = await startPassing(200);
    sandbox.server.signal("SIGSTOP");
    try {
      await until(watched, ({ status, cause }) => status === "fail" && cause?.code === "LOGIN_TIMEOUT");
    } finally {
      sandbox.server.signal("SIGCONT");
    }
    await eventually(() => watched.last()?.status === "pass", { deadlineMs: 10_000 });
  });

  test("an open breaker keeps the last real observation, knocks, and lets the server recover before the reset time", async () => {
    const watched = await startPassing(100, { breaker: { ...defaults.breaker, failures: 3 } });
    const before = await observed();
    await sandbox.proxy.setMode("refuse");
    await until(watched, ({ breaker }) => breaker.state === "open");
    const opened = watched.last();
    await eventually(() => (watched.last()?.triedAt ?? 0) > (opened?.triedAt ?? 0) + 300);
    expect(watched.last()).toMatchObject({
      status: "fail",
      cause: { code: "CONNECT_REFUSED" },
      breaker: { state: "open" },
    });
    expect(watched.last()?.observation).toBe(opened?.observation);
    expect(observations(watched.states).filter(({ status }) => status === "fail")).toHaveLength(3);
    await sandbox.proxy.setMode("none");
    await eventually(() => watched.last()?.status === "pass", { deadlineMs: 10_000 });
    expect(watched.last()?.breaker).toEqual({ state: "closed" });
    expect((await observed()) - before).toBeGreaterThanOrEqual(defaults.breaker.successes);
  });

  test("a reset of an open breaker has the server tried: a dead one keeps it open, one that is back closes it", async () => {
    const watched = await startPassing(never, { breaker: { ...defaults.breaker, failures: 1 } });
    await sandbox.proxy.setMode("refuse");
    await until(watched, ({ breaker }) => breaker.state === "open");
    const opened = watched.last();
    expect(await watched.prober.reset()).toMatchObject({ state: "open" });
    expect(watched.last()).toMatchObject({ status: "fail", cause: { code: "CONNECT_REFUSED" } });
    expect(watched.last()?.observation?.at).toBeGreaterThan(opened?.observation?.at ?? Number.NaN);
    const before = await observed();
    await sandbox.proxy.setMode("none");
    expect(await watched.prober.reset()).toEqual({ state: "closed" });
    expect(watched.last()).toMatchObject({ status: "pass", breaker: { state: "closed" } });
    expect((await observed()) - before).toBeGreaterThanOrEqual(defaults.breaker.successes);
  });

  test("when it is down from the beginning it fails with the cause, and recovers by itself", async () => {
    await sandbox.proxy.setMode("refuse");
    const watched = await watch(never);
    watched.prober.start();
    await until(watched, ({ status, cause }) => status === "fail" && cause?.code === "CONNECT_REFUSED");
    await sandbox.proxy.setMode("none");
    await eventually(() => watched.last()?.status === "pass", { deadlineMs: 10_000 });
  });
});

describe("thresholds", () => {
  const fail3 = { thresholds: { fail: 3, pass: 1 } };

  test("with fail 3, an indefinite cause is warn twice and then fail", async () => {
    const watched = await startPassing(100, fail3);
    await sandbox.proxy.setMode("blackhole");
    await until(watched, ({ status }) => status === "fail");
    const seen = observations(watched.states).filter(({ observation }) => observation?.status === "fail");
    expect(seen.slice(0, 3).map(({ status }) => status)).toEqual(["warn", "warn", "fail"]);
    expect(
      watched.states.filter(({ status }) => status === "warn").every(({ cause }) => cause !== undefined),
    ).toBe(true);
  });

  test("with fail 3, a definite cause is fail at once", async () => {
    const watched = await startPassing(100, fail3);
    await sandbox.proxy.setMode("refuse");
    await until(watched, ({ status }) => status !== "pass");
    expect(watched.states.find(({ status }) => status !== "pass")).toMatchObject({
      status: "fail",
      cause: { code: "CONNECT_REFUSED" },
    });
  });

  test("with fail 3, the first observation ever is not excused", async () => {
    await sandbox.proxy.setMode("blackhole");
    const watched = await watch(never, fail3);
    watched.prober.start();
    await until(watched, () => true);
    expect(watched.states[0]?.status).toBe("fail");
  });

  test("with pass 2, the first passing observation after a failure keeps fail and its cause, the second is pass", async () => {
    const watched = await startPassing(150, { thresholds: { fail: 1, pass: 2 } });
    await sandbox.proxy.setMode("refuse");
    await until(watched, ({ status }) => status === "fail");
    const broken = watched.states.length;
    await sandbox.proxy.setMode("none");
    await eventually(() => watched.last()?.status === "pass", { deadlineMs: 10_000 });
    const seen = observations(watched.states.slice(broken)).filter(
      ({ observation }) => observation?.status === "pass",
    );
    expect(seen.map(({ status }) => status)).toEqual(["fail", "pass"]);
    expect(seen[0]?.cause?.code).toBe("CONNECT_REFUSED");
  });
});

const handles = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((name) => /TCPSocket|TCPConnect|GetAddrInfo|TLS/.test(name))
    .toSorted();

describe("stop", () => {
  test.each(["none", "blackhole", "refuse", "latency"] as const)(
    "in mode %s it ends soon, says nothing more, and leaves no connection and no handle",
    async (mode) => {
      const before = handles();
      const watched = await startPassing(100);
      await sandbox.proxy.setMode(mode);
      await eventually(() => watched.states.length > 3);
      const stopping = watched.prober.stop();
      expect(await isPendingAfter(stopping, 1500)).toBe(false);
      const said = watched.states.length;
      await eventually(() => sandbox.proxy.connections() === 0);
      await eventually(() => expect(handles()).toEqual(before));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(watched.states).toHaveLength(said);
      await watched.prober.observeNow();
      expect(watched.states).toHaveLength(said);
    },
  );
});
