import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CAUSES, type CauseCode, causeOf, RUNGS } from "../../../services/causes.ts";
import { viewCause } from "../../../services/health/cause-view.ts";
import type { CandidateCheck, Check } from "../../../services/health/check.ts";
import { renderHealth, type RenderOptions } from "../../../services/health/serialize.ts";
import { summarize } from "../../../services/health/summarize.ts";
import type { RungResult } from "../../../services/probe/observation.ts";

const anyTime = fc.integer({ min: 0, max: 4_000_000_000_000 });
const anyMs = fc.double({ min: 0, max: 1e7, noNaN: true });
const anyCode = fc.constantFrom(...(Object.keys(CAUSES) as CauseCode[]));
const anyRung = fc.constantFrom(...RUNGS);
const anyCause = fc.record(
  { code: anyCode, rung: anyRung, message: fc.string(), evidence: fc.string() },
  { requiredKeys: ["code", "rung", "message"] },
);
const anyRungResult: fc.Arbitrary<RungResult> = fc.oneof(
  fc.record({ rung: anyRung, status: fc.constant("pass" as const), durationMs: anyMs }),
  fc.record({
    rung: anyRung,
    status: fc.constantFrom("warn" as const, "fail" as const),
    durationMs: anyMs,
    cause: anyCause,
  }),
  fc.record({ rung: anyRung, status: fc.constant("unknown" as const), because: fc.string() }),
);
const anyBreaker: fc.Arbitrary<Check["breaker"]> = fc.oneof(
  fc.constant({ state: "closed" as const }),
  fc.record({ state: fc.constant("open" as const), openedAt: anyTime, nextTryAt: anyTime }),
  fc.record({ state: fc.constant("halfOpen" as const), openedAt: anyTime }),
);
const anyCheck: fc.Arbitrary<Check> = fc
  .record(
    {
      kind: fc.constant("redis"),
      name: fc.constant("redis"),
      required: fc.boolean(),
      status: fc.constantFrom("pass" as const, "warn" as const, "fail" as const, "unknown" as const),
      durationMs: anyMs,
      at: anyTime,
      rungs: fc.array(anyRungResult),
      breaker: anyBreaker,
      stale: fc.boolean(),
      ageMs: anyMs,
      nextTryInMs: anyMs,
      overdueMs: anyMs,
    },
    {
      requiredKeys: [
        "kind",
        "name",
        "required",
        "status",
        "breaker",
        "stale",
        "ageMs",
        "nextTryInMs",
        "overdueMs",
      ],
    },
  )
  .chain((check) =>
    check.status === "pass"
      ? fc.constant(check)
      : anyCause.map((cause) => Object.assign(check, { cause: viewCause(cause, "redis") })),
  );
const anyChecks = fc
  .array(anyCheck, { maxLength: 4 })
  .map((checks) => checks.map((check, index) => ({ ...check, name: `dependency${index}` })));

const render = (
  checks: readonly Check[],
  given: Partial<RenderOptions> = {},
): ReturnType<typeof renderHealth> =>
  renderHealth({ status: summarize(checks), checks, environment: "test", version: "1.2.3", ...given });

/** The same meaning at another time: every clock reading and duration is another one. */
const later = (check: Check, ms: number): Check => ({
  ...check,
  ageMs: check.ageMs + ms,
  nextTryInMs: check.nextTryInMs + ms,
  ...(check.at === undefined ? {} : { at: check.at + ms }),
  ...(check.durationMs === undefined ? {} : { durationMs: check.durationMs + ms }),
  ...(check.rungs === undefined
    ? {}
    : {
        rungs: check.rungs.map((rung) =>
          rung.status === "unknown" ? rung : { ...rung, durationMs: rung.durationMs + ms },
        ),
      }),
  breaker:
    check.breaker.state === "open"
      ? { state: "open", openedAt: check.breaker.openedAt + ms, nextTryAt: check.breaker.nextTryAt + ms }
      : check.breaker.state === "halfOpen"
        ? { state: "halfOpen", openedAt: check.breaker.openedAt + ms }
        : check.breaker,
});

const base: Check = {
  name: "redis",
  kind: "redis",
  required: true,
  status: "warn",
  breaker: { state: "closed" },
  stale: false,
  ageMs: 1,
  nextTryInMs: 1,
  overdueMs: 0,
  cause: viewCause({ code: "SLOW", rung: "query", message: "m" }, "redis"),
};

const slowBy = (ms: number): Check => ({
  ...base,
  cause: viewCause({ code: "SLOW", rung: "query", message: `took ${ms} ms, allowed are 50 ms` }, "redis"),
});

describe("renderHealth", () => {
  test("the ETag of a slow dependency stays while it is slow, though its message tells how slow", () => {
    expect(render([slowBy(61)], { status: "warn" }).etag).toBe(
      render([slowBy(60.25)], { status: "warn" }).etag,
    );
  });

  test("the body is JSON of the health draft: a status, and lists of checks under name:responseTime", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const { body, status } = render(checks);
        const parsed = JSON.parse(body) as { status: string; checks: Record<string, unknown[]> };
        expect(body.startsWith(`{"status":"${status}"`)).toBe(true);
        expect(Object.keys(parsed.checks)).toEqual(checks.map(({ name }) => `${name}:responseTime`));
        for (const list of Object.values(parsed.checks)) expect(list).toHaveLength(1);
      }),
    );
  });

  test("nothing in it is undefined, NaN or an object as text, and the headers are whole numbers", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const { body, age, retryAfter } = render(
          checks.map((check) =>
            check.cause === undefined ? check : { ...check, cause: { ...check.cause, message: "m" } },
          ),
        );
        expect(body).not.toMatch(/undefined|NaN|null|\[object|Infinity/);
        expect(age).toMatch(/^\d+$/);
        expect(retryAfter).toMatch(/^[1-9]\d*$/);
      }),
    );
  });

  test("`output` is there exactly when the status is not pass, and names each check that does not pass", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const { body, status } = render(checks);
        const { output } = JSON.parse(body) as { output?: string };
        expect(output === undefined).toBe(status === "pass");
        for (const { name } of checks.filter((check) => check.status !== "pass"))
          expect(output).toContain(name);
      }),
    );
  });

  test("the ETag is weak and the same at another time with other durations", () => {
    fc.assert(
      fc.property(anyChecks, fc.integer({ min: 1, max: 1_000_000 }), (checks, ms) => {
        const { etag } = render(checks);
        expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
        expect(render(checks.map((check) => later(check, ms))).etag).toBe(etag);
      }),
    );
  });

  test.each<[string, Partial<Check>]>([
    ["status", { status: "fail" }],
    ["requirement", { required: false }],
    ["cause", { cause: viewCause({ code: "AUTH_FAILED", rung: "authenticate", message: "m" }, "redis") }],
    ["message", { cause: viewCause({ code: "SLOW", rung: "query", message: "other" }, "redis") }],
    ["breaker", { breaker: { state: "halfOpen", openedAt: 1 } }],
    ["staleness", { stale: true }],
    ["name", { name: "postgres" }],
    ["version", { version: "Redis 8.0.0" }],
  ])("the ETag is another one when the %s changes", (_what, change) => {
    expect(render([{ ...base, ...change }], { status: "warn" }).etag).not.toBe(
      render([base], { status: "warn" }).etag,
    );
  });

  test("Retry-After is the soonest next try of what does not pass, rounded up", () => {
    const failing = (nextTryInMs: number): Check => ({ ...base, status: "fail", nextTryInMs });
    expect(
      render([failing(2100), failing(9000), { ...base, status: "pass", nextTryInMs: 100 }]).retryAfter,
    ).toBe("3");
    expect(render([failing(0)]).retryAfter).toBe("1");
    expect(render([]).retryAfter).toBe("1");
  });

  test("age is that of the oldest observation, and one stale check makes the whole stale", () => {
    const { age, body, stale } = render([
      { ...base, ageMs: 999 },
      { ...base, name: "postgres", ageMs: 4999.6, stale: true },
    ]);
    expect({ age, stale }).toEqual({ age: "5", stale: true });
    expect(JSON.parse(body)).toMatchObject({ ageMs: 5000, stale: true });
  });
});

const checkIn = ({ body }: { body: string }, name: string): Record<string, unknown> =>
  (JSON.parse(body) as { checks: Record<string, Record<string, unknown>[]> }).checks[
    `${name}:responseTime`
  ]?.[0] ?? {};

describe("several servers that may serve", () => {
  const refused = viewCause({ code: "CONNECT_REFUSED", rung: "connect", message: "m" }, "auth");
  const candidate = (name: string, serves: boolean): CandidateCheck => ({
    name,
    kind: "real",
    serves,
    ...(serves ? { status: "pass" } : { status: "fail", cause: refused }),
    rungs: [{ rung: "resolve", status: "pass", durationMs: 1 }],
  });
  const auth: Check = {
    ...base,
    name: "auth",
    kind: "auth",
    discovery: {
      serving: { name: "local", assurance: "real" },
      candidates: [candidate("staging", false), candidate("local", true)],
    },
  };
  test("the check tells who serves, how much that proves, and why the others do not", () => {
    expect(checkIn(render([auth]), "auth")).toMatchObject({
      componentType: "component",
      serving: "local",
      assurance: "real",
      candidates: [
        { name: "staging", kind: "real", status: "fail", serves: false, cause: { code: "CONNECT_REFUSED" } },
        { name: "local", kind: "real", status: "pass", serves: true },
      ],
    });
    expect(JSON.stringify(checkIn(render([auth]), "auth")["candidates"])).not.toMatch(/rungs|explanation/);
  });

  test("when nobody serves, no assurance is given", () => {
    const candidates = [candidate("staging", false)];
    const check = checkIn(render([{ ...auth, discovery: { candidates } }]), "auth");
    expect(check).toHaveProperty("candidates");
    expect(check).not.toHaveProperty("serving");
    expect(check).not.toHaveProperty("assurance");
  });

  test("the ETag is another one when another serves, or a candidate's status or cause changes", () => {
    const etag = (discovery: Check["discovery"] & object): string => render([{ ...auth, discovery }]).etag;
    const known = auth.discovery as NonNullable<Check["discovery"]>;
    const [first, second] = known.candidates as [CandidateCheck, CandidateCheck];
    const other = viewCause({ code: "REPORTS_DOWN", rung: "query", message: "m" }, "auth");
    const changes: Check["discovery"][] = [
      { ...known, serving: { name: "staging", assurance: "real" } },
      { ...known, candidates: [{ ...first, status: "unknown" }, second] },
      { ...known, candidates: [{ ...first, cause: other }, second] },
    ];
    for (const change of changes) expect(etag(change as typeof known)).not.toBe(etag(known));
    expect(etag({ ...known, candidates: [{ ...first, rungs: [] }, second] })).toBe(etag(known));
  });

  test("the version is told where the server tells it", () => {
    expect(checkIn(render([{ ...base, version: "Redis 8.0.0" }]), "redis")).toMatchObject({
      version: "Redis 8.0.0",
    });
    expect(checkIn(render([base]), "redis")).not.toHaveProperty("version");
  });

  test("a store is a datastore, whatever else is a component", () => {
    const kinds = ["postgres", "clickhouse", "redis", "auth", "websocket", "http", "tcp"];
    const types = kinds.map((kind) => checkIn(render([{ ...base, kind }]), "redis")["componentType"]);
    expect(types).toEqual([
      ...Array.from({ length: 3 }, () => "datastore"),
      ...Array.from({ length: 4 }, () => "component"),
    ]);
  });
});

test("a cause is shown with every remedy filled in, whatever the code", () => {
  fc.assert(
    fc.property(anyCode, anyRung, (code, rung) => {
      const target = { host: "db.example", port: 5432, user: "app", database: "shop" };
      const view = viewCause({ code, rung, message: "m" }, "postgres", target);
      expect(view.remedies).toHaveLength(causeOf(code).remedies.length);
      for (const remedy of view.remedies)
        expect(remedy).not.toMatch(/\{(host|port|user|database|dependency)\}|undefined/);
    }),
  );
});
