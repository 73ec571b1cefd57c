import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attribute, type AttributeContext } from "../../../services/triage/attribute.ts";
import type { Incident } from "../../../services/history/incident.ts";
import type { Interval, TestResult } from "../../../services/triage/result.ts";
import { incidentOf, RUN } from "./support.ts";

const REFUSED = "connect ECONNREFUSED 127.0.0.1:5432";
const PSYCOPG =
  'psycopg.OperationalError: connection to server at "db", port 5432 failed: Connection refused';
const ASSERTION = "AssertionError: expected 503 to be 200";
const MUTE = "boom";

const at = (from: number, to: number, precision: Interval["precision"] = "exact"): Interval => ({
  from: RUN.from + from * 1000,
  to: RUN.from + to * 1000,
  precision,
});

const testOf = (message: string, interval: Interval = at(100, 110)): TestResult => ({
  id: "t",
  suite: "s",
  classname: "c",
  name: "t",
  status: "failed",
  interval,
  failure: { message, text: "" },
});

const judge = (
  test: TestResult,
  incidents: readonly Incident[] = [],
  context: Partial<AttributeContext> = {},
) => attribute(test, { incidents, run: RUN, ...context }).attribution;

const during = incidentOf("postgres", { from: 105, to: 120 });
const WHOLE_SUITE = at(0, 300, "suite");

describe("a red test is", () => {
  test.each<[string, string, TestResult, readonly Incident[]]>([
    ["environment", "words that name the dependency, an incident meanwhile", testOf(PSYCOPG), [during]],
    ["environment", "words that anybody's are, time that is certain", testOf(REFUSED), [during]],
    ["environment", "words that name it, time of the suite alone", testOf(PSYCOPG, WHOLE_SUITE), [during]],
    [
      "environment",
      "a closed connection, and a refusal was seen",
      testOf("psycopg.OperationalError: server closed the connection unexpectedly"),
      [during],
    ],
    [
      "undetermined",
      "words that anybody's are, time of the suite alone",
      testOf("Connection refused", WHOLE_SUITE),
      [during],
    ],
    ["undetermined", "words, and no incident", testOf(REFUSED), []],
    [
      "undetermined",
      "words, and an incident at another time",
      testOf(PSYCOPG),
      [incidentOf("postgres", { from: 200, to: 210 })],
    ],
    ["undetermined", "words, and a mere warning", testOf(PSYCOPG), [{ ...during, status: "warn" }]],
    [
      "undetermined",
      "words, and nobody knew how it was",
      testOf(PSYCOPG),
      [{ ...during, status: "unknown" }],
    ],
    [
      "undetermined",
      "no words, and nobody knew how it was",
      testOf(MUTE),
      [{ ...during, status: "unknown" }],
    ],
    ["undetermined", "no words, an incident perhaps meanwhile", testOf(MUTE, WHOLE_SUITE), [during]],
    ["mixed", "no words, an incident meanwhile", testOf(MUTE), [during]],
    ["mixed", "an assertion, an incident meanwhile", testOf(ASSERTION), [during]],
    ["mixed", "an assertion, an incident perhaps meanwhile", testOf(ASSERTION, WHOLE_SUITE), [during]],
    ["mixed", "an assertion and words that fit", testOf(`${ASSERTION}\nCaused by: ${PSYCOPG}`), [during]],
    ["mixed", "words of another dependency", testOf(PSYCOPG), [incidentOf("redis")]],
    [
      "mixed",
      "words of another fault",
      testOf('FATAL: password authentication failed for user "app"'),
      [during],
    ],
    [
      "mixed",
      "words of two dependencies, an incident of one",
      testOf(`${PSYCOPG}\nError 111 connecting to cache:6379. Connection refused.`),
      [during],
    ],
    ["test", "no words, no incident", testOf(MUTE), []],
    ["test", "an assertion, no incident", testOf(ASSERTION), []],
    [
      "test",
      "an assertion about a refusal, no incident",
      testOf(`AssertionError: expected '${REFUSED}' to be 'ok'`),
      [],
    ],
    [
      "test",
      "an assertion, and an incident at another time",
      testOf(ASSERTION),
      [incidentOf("postgres", { from: 200, to: 210 })],
    ],
  ])("%s: %s", (expected, _what, red, incidents) => {
    expect(judge(red, incidents)).toBe(expected);
  });

  test.each([
    ["pytest.raises", "Failed: DID NOT RAISE <class 'ConnectionRefusedError'>"],
    ["pytest.warns", "Failed: DID NOT WARN. No warnings of type (ConnectionResetError) were emitted."],
    ["a test of Go", "    pool_test.go:12: expected connection refused, got nil"],
    ["another test of Go", '    pool_test.go:12: expected error "connection refused" but there was none'],
    ["Rust", 'assertion `left == right` failed\n  left: "connection refused"\n right: "ok"'],
    ["PHPUnit", "Failed asserting that 'connection refused' contains \"ok\"."],
    ["MSTest", "Assert.AreEqual failed. Given:<ok>. Seen:<connection refused>."],
    ["Catch2", 'FAILED:\n  REQUIRE( text == "connection refused" )'],
    ["Cucumber's step", "The message should be connection refused but was fine"],
  ])("never the environment where a refusal is what was to be: %s", (_whose, words) => {
    expect(judge(testOf(words), [during])).toBe("mixed");
    expect(judge(testOf(words), [])).not.toBe("environment");
  });

  test.each([
    [
      "Go",
      `    pool_test.go:12: expected no error, got dial tcp 127.0.0.1:5432: connect: connection refused`,
    ],
    ["testify", `Error: Received unexpected error:\n dial tcp 127.0.0.1:5432: connect: connection refused`],
  ])("environment where an assertion passes on what was thrown: %s", (_whose, words) => {
    expect(judge(testOf(words), [during])).toBe("environment");
  });

  test("environment where two dependencies failed and it names both", () => {
    const both = testOf(`${PSYCOPG}\nError 111 connecting to cache:6379. Connection refused.`);
    expect(judge(both, [during, incidentOf("redis")])).toBe("environment");
  });
});

describe("where a port tells whose words they are", () => {
  const dependencies = { store: { kind: "postgres", port: 5432 } };
  const incident = incidentOf("store", { from: 105, to: 120 });
  test.each([
    ["the dependency's own port", REFUSED, "environment"],
    ["another port, such as the product's", "connect ECONNREFUSED 127.0.0.1:3000", "mixed"],
    ["another port, but the client of its kind", PSYCOPG.replace("5432", "15432"), "environment"],
  ])("%s makes it count or not", (_what, message, expected) => {
    expect(judge(testOf(message), [incident], { dependencies })).toBe(expected);
  });

  test("the incident's own message tells it where nothing else does", () => {
    const seen = { ...incident, cause: { ...incident.cause, message: "connect ECONNREFUSED 10.0.0.7:6379" } };
    expect(judge(testOf(REFUSED), [seen])).toBe("mixed");
  });
});

describe("an incident's time", () => {
  const red = testOf(PSYCOPG, at(100, 110));
  test.each([
    ["began up to 2 s before it was seen", { from: 111.5, to: 120 }, "environment"],
    ["was not seen to pass before", { from: 113, to: 120 }, "undetermined"],
    [
      "may have begun since it was last seen to pass",
      { from: 130, to: 140, lastPassAt: RUN.from + 105_000 },
      "environment",
    ],
    [
      "did not begin before it was last seen to pass",
      { from: 111.5, to: 120, lastPassAt: RUN.from + 111_000 },
      "undetermined",
    ],
    [
      "is not stretched over hours without a look",
      { from: 3600, to: 3700, lastPassAt: RUN.from },
      "undetermined",
    ],
    ["is felt up to 1 s after its end", { from: 90, to: 99.5 }, "environment"],
    ["is over after that", { from: 90, to: 98 }, "undetermined"],
  ])("%s", (_what, times, expected) => {
    expect(judge(red, [incidentOf("postgres", times)])).toBe(expected);
  });

  test("that has not ended lasts, and one over all of the suite makes its time certain", () => {
    const { endedAt: _, ...open } = during;
    expect(judge(testOf(PSYCOPG, at(500, 510)), [open])).toBe("environment");
    expect(judge(testOf("Connection refused", WHOLE_SUITE), [incidentOf("postgres")])).toBe("environment");
  });
});

test("every judgement is one sentence, with the incident's code, rung and times and the words as evidence", () => {
  const { because, evidence } = attribute(testOf(PSYCOPG), { incidents: [during], run: RUN });
  expect(because).toMatch(
    /^It failed while postgres failed \(CONNECT_REFUSED\), and says so itself: ".*"\.$/,
  );
  expect(evidence).toEqual([
    {
      kind: "incident",
      overlap: "exact",
      incident: expect.objectContaining({
        id: "postgres-1",
        code: "CONNECT_REFUSED",
        rung: "connect",
        startedAt: during.startedAt,
        endedAt: during.endedAt,
      }),
    },
    {
      kind: "text",
      code: "CONNECT_REFUSED",
      dependencyKind: "postgres",
      matched: expect.stringContaining("Connection refused"),
    },
  ]);
});

describe("whatever happens", () => {
  const anyMessage = fc
    .array(
      fc.constantFrom(
        REFUSED,
        PSYCOPG,
        ASSERTION,
        MUTE,
        "NOAUTH Authentication required.",
        "read ECONNRESET",
        "",
      ),
      { maxLength: 3 },
    )
    .map((lines) => lines.join("\n"));
  const anyInterval = fc
    .tuple(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 0, max: 100 }),
      fc.constantFrom("exact", "estimated", "suite"),
    )
    .map(([from, length, precision]) => at(from, from + length, precision));
  const anyTest = fc.tuple(anyMessage, anyInterval).map(([message, interval]) => testOf(message, interval));
  const anyIncident = fc
    .record({
      dependency: fc.constantFrom("postgres", "redis", "orders", "postgres@e2e"),
      code: fc.constantFrom("CONNECT_REFUSED" as const, "AUTH_FAILED" as const, "STALE" as const),
      from: fc.integer({ min: -50, max: 600 }),
      length: fc.integer({ min: 0, max: 200 }),
      status: fc.constantFrom("warn" as const, "fail" as const, "unknown" as const),
    })
    .map(({ dependency, code, from, length, status }) =>
      incidentOf(dependency, { code, from, to: from + length, status }),
    );
  const anyIncidents = fc.array(anyIncident, { maxLength: 4 });

  test("without an incident, or without words, it is never the environment", () => {
    fc.assert(
      fc.property(anyTest, anyInterval, anyIncidents, (red, interval, incidents) => {
        expect(judge(red)).not.toBe("environment");
        expect(judge(testOf(MUTE, interval), incidents)).not.toBe("environment");
        expect(judge(testOf(ASSERTION, interval), incidents)).not.toBe("environment");
      }),
    );
  });

  test("an incident at another time makes it nobody else's fault", () => {
    fc.assert(
      fc.property(anyTest, anyIncidents, (red, incidents) => {
        const { to } = red.interval as Interval;
        const later = incidents.map((each) => ({
          ...each,
          startedAt: to + 2001,
          endedAt: to + 9000,
        }));
        expect(judge(red, later)).toBe(judge(red));
      }),
    );
  });

  test("one more incident never takes the environment's blame away, and never makes it the test's fault", () => {
    fc.assert(
      fc.property(anyTest, anyIncidents, anyIncident, (red, incidents, more) => {
        const before = judge(red, incidents);
        const after = judge(red, [...incidents, more]);
        if (before === "environment") expect(after).toBe("environment");
        if (before !== "test") expect(after).not.toBe("test");
      }),
    );
  });

  test("the same inputs give the same judgement, in whatever order the incidents come", () => {
    fc.assert(
      fc.property(anyTest, anyIncidents, (red, incidents) => {
        const context = { incidents, run: RUN };
        expect(attribute(red, context)).toEqual(attribute(structuredClone(red), structuredClone(context)));
        expect(judge(red, incidents.toReversed())).toBe(judge(red, incidents));
      }),
    );
  });
});
