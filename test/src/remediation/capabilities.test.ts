import { afterAll, describe, expect, test } from "vitest";
import { createAvailability } from "../../../services/history/availability.ts";
import { systemClock } from "../../../services/clock.ts";
import type { PostgresOptions } from "../../../services/dependencies/options.ts";
import { createGate } from "../../../services/gate/gate.ts";
import type { SuiteOptions } from "../../../services/gate/suite.ts";
import { createMonitor } from "../../../services/health/monitor.ts";
import { resetBreaker } from "../../../services/remediation/actions/reset-breaker.ts";
import type { GcpRequest, GcpTransport } from "../../../services/gcp/transport.ts";
import type { VerifierCall } from "../../../services/remediation/verifier.ts";
import { verifyUntil } from "../../../services/remediation/verify-until.ts";
import { createCapabilities } from "../../../src/remediation/capabilities.ts";
import { useDependency } from "../../support/environment.ts";
import { eventually } from "../../support/wait.ts";

const postgres = await useDependency("postgres");
const { signal } = new AbortController();

const observed: PostgresOptions = {
  kind: "postgres",
  name: "postgres",
  url: postgres.url(),
  required: true,
  intervalMs: 60_000,
  deadlines: { resolveMs: 500, connectMs: 1000, queryMs: 500, totalMs: 3000 },
  assert: [],
};
const suite: SuiteOptions = {
  name: "e2e",
  requirements: [{ dependency: "postgres", observed: "postgres", level: "required", assurance: "real" }],
  stableMs: 60_000,
  graceMs: 0,
  credentials: [],
};
const probe = {
  maxAgeMs: 5000,
  breaker: { failures: 1, successes: 2, resetMs: 60_000, operationMs: 10_000 },
  thresholds: { fail: 1, pass: 1 },
};
const config = {
  dependencies: [observed],
  suiteDependencies: [],
  suites: [suite],
  probe,
  environment: "staging",
  groups: {},
};
const base = { config, env: {}, cwd: "/", clock: systemClock };

const here = createCapabilities(base);
const monitor = createMonitor({ dependencies: [observed], probe, clock: systemClock });
const gate = createGate({ suites: [suite], monitor, clock: systemClock, maxGapMs: () => 120_000 });
let shiftMs = 0;
const availability = createAvailability({
  monitor,
  clock: { monotonic: () => systemClock.monotonic() + shiftMs },
  believedMs: () => 60_000,
});
const service = createCapabilities({ ...base, service: { monitor, gate, availability } });
await monitor.start();
afterAll(async () => {
  await Promise.all([here.close(), service.close()]);
  gate.close();
  availability.close();
  await monitor.stop();
});

const probing: VerifierCall = { kind: "probe", dependency: "postgres" };
const both = [
  ["the command line", here.verify],
  ["the service", service.verify],
] as const;

test("a criterion of availability wants a history, which a service has, and enough of it", async () => {
  const call = { kind: "criterion", indicator: "availability:postgres", operator: ">=", target: 0 } as const;
  expect(await here.verify(call, signal)).toEqual({
    kind: "unknown",
    because: "availability:postgres: only a service, which observes all the time, has a history",
  });
  expect(await service.verify({ ...call, minSamples: 10_000 }, signal)).toMatchObject({
    kind: "unknown",
    because: expect.stringContaining("insufficient data: ") as string,
  });
  await monitor.observe(["postgres"]);
  shiftMs += 30_000;
  await monitor.observe(["postgres"]);
  expect(await service.verify({ ...call, windowMs: 20_000, minSamples: 1 }, signal)).toMatchObject({
    kind: "held",
    evidence: expect.stringMatching(
      /^availability:postgres is 100, >= 0: \d+ observations? in 20s/,
    ) as string,
  });
  expect(await service.verify({ ...call, windowMs: 9000 }, signal)).toMatchObject({
    kind: "unknown",
    because: expect.stringContaining("expected a window of at least 10s") as string,
  });
  const misplaced = { ...call, indicator: "verdict:e2e", windowMs: 60_000 };
  expect(await service.verify(misplaced, signal)).toMatchObject({
    kind: "unknown",
    because: expect.stringContaining("for an availability alone") as string,
  });
});

describe.each(both)("from %s", (_name, verify) => {
  test("a probe is a real observation each time: it fails while the server is away, and passes when it is back", async () => {
    expect(await verify(probing, signal)).toMatchObject({ kind: "held" });
    await postgres.setMode("refuse");
    try {
      for (let time = 0; time < 2; time += 1)
        expect(await verify(probing, signal)).toMatchObject({
          kind: "pending",
          because: expect.stringContaining("CONNECT_REFUSED") as string,
        });
    } finally {
      await postgres.setMode("none");
    }
    const until = { verify, clock: systemClock, withinMs: 10_000, everyMs: 20, signal };
    expect(await verifyUntil({ ...probing, times: 3 }, until)).toMatchObject({ kind: "held" });
    expect(await verify({ ...probing, dependency: "nothing" }, signal)).toMatchObject({ kind: "unknown" });
  });

  test("a criterion reads the verdict of a suite, and how long an observation takes", async () => {
    const criterion = { kind: "criterion", operator: "==", target: 1 } as const;
    expect(await verify({ ...criterion, indicator: "verdict:e2e" }, signal)).toEqual({
      kind: "held",
      evidence: "verdict:e2e is 1, == 1: the verdict is go",
    });
    const fast = { kind: "criterion", indicator: "duration:postgres", operator: "<", target: 5000 } as const;
    expect(await verify(fast, signal)).toMatchObject({ kind: "held" });
    expect(await verify({ ...fast, target: 0 }, signal)).toMatchObject({ kind: "broken" });
    await postgres.setMode("refuse");
    try {
      expect(await verify({ ...criterion, indicator: "verdict:e2e" }, signal)).toMatchObject({
        kind: "broken",
        evidence: expect.stringContaining("expected == 1, found 0: the verdict is wait") as string,
      });
      expect(await verify(fast, signal)).toMatchObject({
        kind: "unknown",
        because: expect.stringContaining("CONNECT_REFUSED") as string,
      });
    } finally {
      await postgres.setMode("none");
      await eventually(() => monitor.checks(["postgres"])[0]?.status === "pass");
    }
    for (const indicator of ["verdict:none", "duration:none", "uptime", "duration:"])
      expect(await verify({ ...criterion, indicator }, signal)).toMatchObject({ kind: "unknown" });
  });

  test("sql reads one value, compared as text where the driver gives text", async () => {
    const sql = { kind: "sql", dependency: "postgres" } as const;
    expect(
      await verify({ ...sql, query: "SELECT count(*) FROM generate_series(1, 3)", equals: 3 }, signal),
    ).toEqual({
      kind: "held",
      evidence: "the statement on postgres answers 3",
    });
    expect(
      await verify({ ...sql, query: "SELECT $1::text", params: ["a'b; --"], equals: "a'b; --" }, signal),
    ).toMatchObject({ kind: "held" });
    expect(await verify({ ...sql, query: "SELECT 1 WHERE false", equals: 1 }, signal)).toEqual({
      kind: "pending",
      because: "the statement on postgres: expected 1, found no row",
    });
    expect(await verify({ ...sql, query: "SELECT null", equals: null }, signal)).toMatchObject({
      kind: "held",
    });
  });

  test.each([
    ["CREATE TABLE verified (a int)"],
    ["COMMIT; CREATE TABLE verified (a int)"],
    ["SELECT 1; ROLLBACK; CREATE TABLE verified (a int)"],
    ["WITH x AS (INSERT INTO verified VALUES (1) RETURNING a) SELECT a FROM x"],
    ["DO $$ BEGIN CREATE TABLE verified (a int); END $$"],
    ["SELEC 1"],
  ])("%s changes nothing, and is a question that cannot be asked", async (query) => {
    const found = await verify({ kind: "sql", dependency: "postgres", query, equals: 1 }, signal);
    expect(found.kind).not.toBe("held");
    if (query.includes(";") && !query.startsWith("DO"))
      expect(found).toEqual({
        kind: "unknown",
        because: expect.stringContaining("expected one statement, found several") as string,
      });
    const left = {
      kind: "sql",
      dependency: "postgres",
      query: "SELECT to_regclass('verified')::text",
      equals: null,
    } as const;
    expect(await verify(left, signal)).toMatchObject({ kind: "held" });
  });

  test("a table that is read whole does not fill the memory: its rows are counted", async () => {
    const query = "SELECT repeat('x', 1000), generate_series(1, 100000000)";
    const before = process.memoryUsage().rss;
    expect(await verify({ kind: "sql", dependency: "postgres", query, equals: 1 }, signal)).toMatchObject({
      kind: "broken",
      evidence: expect.stringContaining("expected at most 5000 rows, found more") as string,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  });

  test("a statement that takes for ever is ended by the server, and one that is aborted by us", async () => {
    const slow = {
      kind: "sql",
      dependency: "postgres",
      query: "SELECT 1 FROM pg_sleep(60)",
      equals: 1,
    } as const;
    const aborter = new AbortController();
    const running = verify(slow, aborter.signal);
    setTimeout(() => aborter.abort(new Error("enough")), 200);
    await expect(running).rejects.toThrow("enough");
    expect(await verify(slow, signal)).toMatchObject({
      kind: "pending",
      because: expect.stringContaining("STATEMENT_TIMEOUT") as string,
    });
  }, 15_000);
});

test("an unreachable database is pending, another kind and another name are unknown", async () => {
  const sql = { kind: "sql", dependency: "postgres", query: "SELECT 1", equals: 1 } as const;
  await postgres.setMode("refuse");
  try {
    expect(await here.verify(sql, signal)).toMatchObject({
      kind: "pending",
      because: expect.stringContaining("CONNECT_REFUSED") as string,
    });
  } finally {
    await postgres.setMode("none");
  }
  expect(await here.verify({ ...sql, dependency: "x" }, signal)).toMatchObject({ kind: "unknown" });
});

describe("reset-breaker", () => {
  const action = resetBreaker();
  const params = { dependency: "postgres" };
  const can = service.capabilities;

  test("an open breaker is tried: a dead server keeps it open, one that is back closes it, and neither is health", async () => {
    await eventually(() => monitor.checks(["postgres"])[0]?.breaker.state === "closed");
    expect(await action.assess(params, can, signal)).toMatchObject({ kind: "satisfied" });
    await postgres.setMode("refuse");
    await eventually(() => monitor.checks(["postgres"])[0]?.breaker.state === "open");
    const found = await action.assess(params, can, signal);
    expect(found).toMatchObject({ kind: "needed", change: { symbol: "~", before: "open" } });
    const before = monitor.checks(["postgres"])[0]?.at ?? Number.NaN;
    expect(await action.apply(params, "open", can, signal)).toEqual({
      kind: "failed",
      because: "the server of postgres was tried and does not answer: its breaker stays open",
    });
    // A real observation, and not a claim.
    expect(monitor.checks(["postgres"])[0]?.at).toBeGreaterThan(before);
    expect(await service.verify(probing, signal)).toMatchObject({ kind: "pending" });
    await postgres.setMode("none");
    expect(await action.apply(params, "open", can, signal)).toMatchObject({ kind: "done" });
    expect(monitor.checks(["postgres"])[0]).toMatchObject({ status: "pass", breaker: { state: "closed" } });
    expect(await action.rollback(params, "open", can, signal)).toMatchObject({ kind: "done" });
    expect(await action.locate(params, "open", can, signal)).toBe("before");
  });

  test("a command line has no breakers, and nothing else has one by another name", async () => {
    expect(await action.assess(params, here.capabilities, signal)).toMatchObject({
      kind: "refused",
      because: expect.stringContaining("breakers are in the service") as string,
    });
    expect(await action.assess({ dependency: "x" }, can, signal)).toMatchObject({ kind: "refused" });
    expect(await action.apply({ dependency: "x" }, "open", can, signal)).toMatchObject({ kind: "failed" });
  });
});

test("a service starts no programs for a plan", async () => {
  expect(await service.verify({ kind: "exec", command: ["true"] }, signal)).toEqual({
    kind: "unknown",
    because: "from here: no program is started: only where a person applies the plan from a command line",
  });
});

describe("gcp as a check", () => {
  const name = "run.googleapis.com/v2/projects/p/locations/r/services/s";
  const body = {
    template: {
      vpcAccess: { connector: "c" },
      containers: [{ env: [{ name: "A", value: "canary-991" }] }],
    },
  };
  const asked: GcpRequest[] = [];
  let answer: Awaited<ReturnType<GcpTransport["request"]>> = { kind: "ok", body };
  const reader: GcpTransport = {
    request(request) {
      asked.push(request);
      return Promise.resolve(answer);
    },
  };
  const { verify } = createCapabilities({ ...base, gcp: { reader } });
  const call = (pointer: string, equals: null | boolean | string): VerifierCall => ({
    kind: "gcp",
    resource: name,
    pointer,
    equals,
  });

  test("a member is compared; what the API leaves out is null", async () => {
    answer = { kind: "ok", body };
    expect(await verify(call("/template/vpcAccess/connector", "c"), signal)).toEqual({
      kind: "held",
      evidence: `${name}: /template/vpcAccess/connector is "c"`,
    });
    expect(asked.at(-1)).toMatchObject({
      api: "run",
      method: "GET",
      path: "/v2/projects/p/locations/r/services/s",
    });
    expect(await verify(call("/template/vpcAccess/egress", null), signal)).toMatchObject({ kind: "held" });
    expect(await verify(call("/template/vpcAccess/connector", "d"), signal)).toEqual({
      kind: "pending",
      because: `${name}: expected "d" at /template/vpcAccess/connector, found "c"`,
    });
  });

  test("the value of a variable is never shown, right or wrong", async () => {
    answer = { kind: "ok", body };
    for (const equals of ["canary-991", "other"])
      expect(
        JSON.stringify(await verify(call("/template/containers/0/env/0/value", equals), signal)),
      ).not.toMatch(/canary|other/);
  });

  test("403 is unknown and 404 is pending: neither says that it is as wanted", async () => {
    const error = { message: "no", status: 403 } as const;
    answer = { kind: "failed", error: { ...error, code: "GCP_DENIED" } };
    expect(await verify(call("/a", null), signal)).toMatchObject({ kind: "unknown" });
    answer = { kind: "failed", error: { ...error, status: 404, code: "GCP_NOT_FOUND" } };
    expect(await verify(call("/a", null), signal)).toMatchObject({ kind: "pending" });
  });

  test("a resource of no API, and no access to any, are unknown", async () => {
    const other = { ...call("/a", null), resource: "example.com/../x" } as VerifierCall;
    expect(await verify(other, signal)).toMatchObject({ kind: "unknown" });
    expect(await here.verify(call("/a", null), signal)).toMatchObject({ kind: "unknown" });
  });
});
