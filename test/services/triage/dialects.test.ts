import { describe, expect, test } from "vitest";
import { fixture, incidentOf, triageOf } from "./support.ts";

const span = (from: string, seconds: number) => ({
  from: Date.parse(from),
  to: Date.parse(from) + seconds * 1000,
});
/** Made by running pytest 9 and Vitest 5; the others follow what their reporters write. */
const MADE = span("2026-11-22T05:20:00Z", 600);
const WRITTEN = span("2026-03-01T10:00:00Z", 20);

const DIALECTS = [
  {
    name: "pytest",
    run: MADE,
    counts: { total: 15, passed: 1, failed: 13, skipped: 1 },
    precision: { test_psycopg: "estimated", test_with_times: "exact" },
    environment: ["test_psycopg", "test_psycopg2", "test_asyncpg", "test_sqlalchemy", "test_fixture"],
    undetermined: ["test_redis", "test_requests", "test_httpx", "test_name"],
  },
  {
    name: "pytest-xdist",
    run: MADE,
    counts: { total: 6, passed: 4, failed: 2, skipped: 0 },
    precision: { "test_parallel[0]": "suite" },
    environment: ["test_parallel[3]", "test_parallel[0]"],
    undetermined: [],
  },
  {
    name: "vitest",
    run: MADE,
    counts: { total: 11, passed: 1, failed: 9, skipped: 1 },
    precision: { pg: "suite" },
    environment: ["pg", "rejected"],
    undetermined: ["ioredis", "fetch"],
    port: 1,
  },
  {
    name: "jest",
    run: WRITTEN,
    counts: { total: 4, passed: 0, failed: 3, skipped: 1 },
    precision: { "orders saves an order": "estimated" },
    environment: ["orders saves an order"],
    undetermined: ["/src/shop/cache.test.js"],
  },
  {
    name: "playwright",
    run: WRITTEN,
    counts: { total: 3, passed: 1, failed: 2, skipped: 0 },
    precision: { "login › reaches the page": "exact", "login › greets": "suite" },
    environment: [],
    undetermined: ["login › reaches the page"],
  },
  {
    name: "go",
    run: WRITTEN,
    counts: { total: 6, passed: 1, failed: 4, skipped: 1 },
    precision: { TestSave: "suite" },
    environment: ["TestSave", "TestRequire"],
    undetermined: [],
  },
  {
    name: "surefire",
    run: span("2026-03-01T10:00:00Z", 1300),
    counts: { total: 5, passed: 1, failed: 3, skipped: 1 },
    precision: { saves: "suite" },
    environment: ["saves"],
    undetermined: ["cached"],
  },
];

describe.each(DIALECTS)("a report of $name", ({ name, run, counts, precision, port = 5432, ...expected }) => {
  test("is read whole, and every test is counted", async () => {
    const result = await triageOf({ sources: [fixture(name)], run });
    expect(result.faults).toEqual([]);
    expect(result.counts).toEqual(counts);
    expect(result.judged).toHaveLength(counts.failed);
  });

  test("tells when a test ran as well as it can be known, and within the run", async () => {
    const { judged } = await triageOf({ sources: [fixture(name)], run });
    for (const [test, known] of Object.entries(precision)) {
      expect(judged.find((each) => each.test.name === test)?.test.interval?.precision, test).toBe(known);
    }
    for (const { test } of judged) expect(test.interval?.from).toBeGreaterThanOrEqual(run.from - 2000);
  });

  test("with Postgres gone all the time, those that say so are the environment's fault, no others", async () => {
    const incident = incidentOf("postgres", { run });
    const dependencies = { postgres: { kind: "postgres", port } };
    const { judged } = await triageOf({ sources: [fixture(name)], run, incidents: [incident], dependencies });
    const blamed = judged.filter(({ attribution }) => attribution === "environment");
    expect(blamed.map(({ test }) => test.name)).toEqual(expected.environment);
  });

  test("without an incident, those that speak of the environment are undetermined, the others the test's", async () => {
    const { judged, byAttribution } = await triageOf({ sources: [fixture(name)], run });
    const open = judged.filter(({ attribution }) => attribution === "undetermined");
    expect(new Set(open.map(({ test }) => test.name))).toEqual(
      new Set([...expected.environment, ...expected.undetermined]),
    );
    expect(byAttribution.test).toBe(counts.failed - open.length);
  });
});

test("of Surefire, a test that passed when it was run again is passed, and 1,200.5 are seconds", async () => {
  const { judged } = await triageOf({
    sources: [fixture("surefire")],
    run: span("2026-03-01T10:00:00Z", 1300),
  });
  expect(judged.map(({ test }) => test.name)).not.toContain("flaky");
  expect(judged[0]?.test.durationMs).toBe(1_200_500);
});

test("of Vitest, several failed expectations are one red test that tells all", async () => {
  const { judged } = await triageOf({ sources: [fixture("vitest")], run: MADE });
  const both = judged.filter(({ test }) => test.name === "two errors");
  expect(both).toHaveLength(1);
  expect(both[0]?.test.failure?.text).toContain("expected 3 to be 4");
});
