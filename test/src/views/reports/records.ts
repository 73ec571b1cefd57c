import * as fc from "fast-check";
import type { Attribution, Evidence, Judged } from "../../../../services/triage/result.ts";
import type { RunOutcome, RunRecord } from "../../../../src/views/run-record.ts";

/** 2026-03-01 12:00:00 UTC. */
export const NOON = Date.UTC(2026, 2, 1, 12);

const cause = {
  code: "CONNECT_REFUSED",
  title: "Connection refused",
  message: "connect ECONNREFUSED 127.0.0.1:5432",
  explanation: "Nothing listens there.",
  rung: "connect",
  retryable: true,
  owner: "infrastructure",
  remedies: ["Start Postgres on db.internal:5432."],
} as const;

export const incident = {
  id: "postgres-1",
  dependency: "postgres",
  required: true,
  status: "fail",
  lastPassAt: NOON + 4000,
  startedAt: NOON + 4500,
  endedAt: NOON + 31_000,
  cause,
  codes: ["CONNECT_REFUSED"],
} as const;

const evidence: Evidence = {
  kind: "incident",
  incident: {
    id: incident.id,
    dependency: "postgres",
    startedAt: incident.startedAt,
    endedAt: incident.endedAt,
    status: "fail",
    code: "CONNECT_REFUSED",
    title: "Connection refused",
    rung: "connect",
  },
  overlap: "exact",
};

export interface JudgedOptions {
  readonly name?: string;
  readonly classname?: string;
  readonly attribution?: Attribution;
  readonly message?: string;
  readonly file?: string;
}

export function judged(options: JudgedOptions = {}): Judged {
  const { name = "test_create", classname = "tests.test_orders", attribution = "environment" } = options;
  const { message = "psycopg.OperationalError: connection refused", file = "tests/test_orders.py" } = options;
  return {
    test: {
      id: `pytest ${classname} ${name}`,
      suite: "pytest",
      classname,
      name,
      file,
      line: 12,
      status: "failed",
      durationMs: 1200,
      interval: { from: NOON + 5000, to: NOON + 6200, precision: "exact" },
      failure: { type: "OperationalError", message, text: `${message}\n  at line 12` },
    },
    attribution,
    because: "It ran while postgres was down.",
    evidence: attribution === "test" ? [] : [evidence],
  };
}

/** A run that ended well, with everything in it that a run can have. */
export function recordOf(given: Partial<RunRecord> = {}): RunRecord {
  return {
    schemaVersion: 1,
    command: "run",
    suite: "database",
    outcome: "passed",
    exitCode: 0,
    summary: "Passed: 12 tests passed.",
    startedAt: NOON,
    endedAt: NOON + 40_000,
    vantage: { kind: "here" },
    gate: {
      verdict: "go",
      waitedMs: 3100,
      evaluation: {
        suite: "database",
        verdict: "go",
        fit: true,
        stableForMs: 3000,
        stableMs: 3000,
        reasons: [],
      },
      checks: [
        { dependency: "postgres", status: "pass", level: "required", durationMs: 1.2 },
        { dependency: "redis", status: "pass", level: "required", durationMs: 0.4 },
      ],
    },
    child: { command: ["pytest"], startedAt: NOON + 3100, endedAt: NOON + 39_000, exitCode: 0 },
    incidents: [],
    triage: triageOf([], 12),
    junit: [],
    fingerprint: {
      environment: "staging",
      greenlight: "0.1.0",
      release: "2026.3.1",
      revision: "4f2a9c1",
      dependencies: {
        postgres: {
          kind: "postgres",
          status: "pass",
          version: "PostgreSQL 18.1",
          host: "db.internal",
          port: 5432,
          database: "app",
        },
        auth: { kind: "auth", status: "pass", serving: "staging", assurance: "real" },
      },
    },
    notes: [],
    nextSteps: [],
    ...given,
  };
}

/** A triage with these red tests among `total`. */
export function triageOf(tests: readonly Judged[], total = tests.length): NonNullable<RunRecord["triage"]> {
  const count = (attribution: Attribution): number =>
    tests.filter((each) => each.attribution === attribution).length;
  return {
    counts: { total, passed: total - tests.length, failed: tests.length, skipped: 0 },
    faults: [],
    duplicates: 0,
    judged: tests,
    byAttribution: {
      environment: count("environment"),
      test: count("test"),
      mixed: count("mixed"),
      undetermined: count("undetermined"),
    },
  };
}

/** A run in which Postgres went away. */
export const redRecord = (given: Partial<RunRecord> = {}): RunRecord =>
  recordOf({
    outcome: "environment",
    exitCode: 75,
    summary: "The environment's fault: 1 test failed, and it while it was unfit.",
    child: { command: ["pytest"], startedAt: NOON + 3100, endedAt: NOON + 39_000, exitCode: 1 },
    incidents: [incident],
    triage: triageOf([judged()], 12),
    nextSteps: [
      "Start Postgres on db.internal:5432.",
      "Run the suite again: greenlight run --suite database",
    ],
    ...given,
  });

/** A wait that ended because the password is wrong. */
export const unfitRecord = (given: Partial<RunRecord> = {}): RunRecord => {
  const {
    child: _child,
    triage: _triage,
    ...rest
  } = recordOf({
    command: "wait",
    outcome: "unfit",
    exitCode: 69,
    summary: "Unfit: postgres (AUTH_FAILED). Waiting will not help.",
    gate: {
      verdict: "stop",
      waitedMs: 120,
      evaluation: {
        suite: "database",
        verdict: "stop",
        fit: false,
        stableForMs: 0,
        stableMs: 3000,
        reasons: [
          {
            code: "NOT_FIT",
            dependency: "postgres",
            level: "required",
            effect: "blocks",
            curable: false,
            message: "postgres fails: The password is wrong.",
            cause: { ...cause, code: "AUTH_FAILED", remedies: ["Set the right password."] },
          },
          {
            code: "UNKNOWN",
            dependency: "redis",
            level: "required",
            effect: "blocks",
            curable: true,
            message: "It is not known how redis is: nothing recent is known.",
          },
          {
            code: "NOT_FIT",
            dependency: "websocket",
            level: "optional",
            effect: "notes",
            curable: true,
            message: "websocket fails: Connection refused.",
          },
        ],
      },
      checks: [
        {
          dependency: "postgres",
          status: "fail",
          level: "required",
          cause: "AUTH_FAILED",
          rung: "authenticate",
        },
        { dependency: "redis", status: "unknown", level: "required" },
        {
          dependency: "websocket",
          status: "fail",
          level: "optional",
          cause: "CONNECT_REFUSED",
          rung: "connect",
        },
        { dependency: "clickhouse", status: "pass", level: "required", durationMs: 3 },
      ],
    },
    nextSteps: ["Set the right password."],
    ...given,
  });
  return rest;
};

/** Texts that mean something to a format, and any others. */
const hostile = fc.oneof(
  fc.constantFrom(
    "]]><failure/>",
    "</testcase></testsuite></testsuites>",
    "\n::error title=x::injected\n",
    "\r::set-output name=verdict::go",
    "##[error]injected",
    "##vso[task.setvariable variable=x]y",
    "ok 1 # SKIP\nnot ok 2\nBail out!",
    "  ...\n1..0\n  ---",
    "a | b | c\n| --- |\n# heading",
    "<script>alert(1)</script> @everyone #12 `code` [link](https://evil.example) www.evil.example",
    "<!-- greenlight:database -->",
    'verdict<<EOF\ngo\nEOF "quoted" $PATH `id`',
    "\u0000\u0007\u001B[2J\u009B\u202E\uFFFE\uD800",
    "\u2028::error::\u2029\u0085",
  ),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
);

/** What a test of any framework, and any server, can have written into a record. */
export const hostileRecord: fc.Arbitrary<RunRecord> = fc
  .record({
    outcome: fc.constantFrom<RunOutcome>("environment", "failed", "unfit", "not-run", "no-tests", "aborted"),
    text: fc.array(hostile, { minLength: 12, maxLength: 12 }),
    tests: fc.array(
      fc.record({
        name: hostile,
        classname: hostile,
        message: hostile,
        file: hostile,
        attribution: fc.constantFrom<Attribution>("environment", "test", "mixed", "undetermined"),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ outcome, text, tests }) => {
    const next = (index: number): string => text[index] ?? "";
    return redRecord({
      outcome,
      suite: next(0),
      summary: next(1),
      triage: triageOf(
        tests.map((each) => ({ ...judged(each), because: each.message })),
        20,
      ),
      incidents: [{ ...incident, id: next(2), dependency: next(3), cause: { ...cause, title: next(4) } }],
      nextSteps: [next(5), next(6)],
      notes: [next(7)],
      gate: {
        ...unfitRecord().gate,
        checks: [
          {
            dependency: next(8),
            status: "fail",
            level: "required",
            cause: next(9),
            rung: next(10),
            serving: next(11),
          },
        ],
      },
      fingerprint: {
        environment: next(0),
        greenlight: next(1),
        release: next(2),
        revision: next(3),
        dependencies: {
          [next(4)]: { kind: next(5), status: "pass", version: next(6), host: next(7), database: next(8) },
        },
      },
    });
  });
