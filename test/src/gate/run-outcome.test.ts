import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChildEnd } from "../../../src/gate/child.ts";
import { judgeRun, type OutcomeInput, type ReportsFound } from "../../../src/gate/run-outcome.ts";
import type { Attribution, TriageResult } from "../../../services/triage/result.ts";

const ATTRIBUTIONS = ["environment", "test", "mixed", "undetermined"] as const;

function triage(
  attributions: readonly Attribution[],
  { passed = 0, skipped = 0, complete = true } = {},
): TriageResult {
  const failed = attributions.length;
  const test = { id: "t", suite: "", classname: "", name: "t", status: "failed" } as const;
  const judged = attributions.map((attribution) => ({ test, attribution, because: "", evidence: [] }));
  const amount = (wanted: Attribution) => attributions.filter((each) => each === wanted).length;
  return {
    counts: { total: passed + failed + skipped, passed, failed, skipped },
    faults: complete ? [] : [{ file: "broken.xml", line: 1, expected: "an element", found: "the end" }],
    duplicates: 0,
    judged,
    byAttribution: {
      environment: amount("environment"),
      test: amount("test"),
      mixed: amount("mixed"),
      undetermined: amount("undetermined"),
    },
  };
}

const read = (result: TriageResult): ReportsFound => ({ kind: "read", triage: result });
const NONE: ReportsFound = { kind: "none" };

function judge(code: number, reports: ReportsFound = NONE, more: Partial<OutcomeInput> = {}) {
  const { outcome, exitCode } = judgeRun({ end: { kind: "exited", code }, reports, pytest: false, ...more });
  return `${outcome} ${exitCode}`;
}

describe("a command that ended with 0", () => {
  test("without any report, passed", () => expect(judge(0)).toBe("passed 0"));
  test("with tests that passed, passed", () =>
    expect(judge(0, read(triage([], { passed: 2 })))).toBe("passed 0"));
  test("with no test in its reports, no test was executed", () =>
    expect(judge(0, read(triage([])))).toBe("no-tests 76"));
  test("with skipped tests alone, no test was executed", () =>
    expect(judge(0, read(triage([], { skipped: 3 })))).toBe("no-tests 76"));
  test("without the report that was asked for, no test was executed", () =>
    expect(judge(0, { kind: "missing", what: "no file matches" })).toBe("no-tests 76"));
  test("with a failed test in its reports, it is not believed", () =>
    expect(judge(0, read(triage(["test"], { passed: 9 })))).toBe("failed 1"));
  test("with failures of the environment alone, the environment's fault", () =>
    expect(judge(0, read(triage(["environment"], { passed: 9 })))).toBe("environment 75"));
  test("with a report that cannot be read and no failure in the others, its own word", () =>
    expect(judge(0, read(triage([], { complete: false, passed: 1 })))).toBe("passed 0"));
  test("with reports that cannot be read and no test in what could be, no test was executed", () =>
    expect(judge(0, read(triage([], { complete: false, skipped: 2 })))).toBe("no-tests 76"));
  test("after somebody asked it to end, it did not finish", () =>
    expect(judge(0, read(triage([], { passed: 2 })), { interrupted: "SIGTERM" })).toBe("not-run 143"));
});

describe("a command that failed", () => {
  test("without any report keeps its code", () => expect(judge(3)).toBe("failed 3"));
  test("with failures of the environment alone, the environment's fault", () =>
    expect(judge(1, read(triage(["environment", "environment"])))).toBe("environment 75"));
  test.each(["test", "mixed", "undetermined"] as const)("with one %s failure keeps its code", (attribution) =>
    expect(judge(1, read(triage(["environment", attribution])))).toBe("failed 1"),
  );
  test("with a report that could not be read keeps its code: there may be other failures in it", () =>
    expect(judge(1, read(triage(["environment"], { complete: false })))).toBe("failed 1"));
  test("with reports that hold no failure keeps its code", () =>
    expect(judge(1, read(triage([], { passed: 4 })))).toBe("failed 1"));
  test("interrupted by somebody keeps its code, whatever the environment did", () =>
    expect(judge(2, read(triage(["environment"])), { interrupted: "SIGINT" })).toBe("failed 2"));
  test.each([126, 127, 137, 143])("with a shell's %i keeps it", (code) =>
    expect(judge(code, read(triage(["environment"])))).toBe(`failed ${code}`),
  );
});

describe("pytest", () => {
  const pytest = { pytest: true };
  test("5 is no test, also without a report", () => expect(judge(5, NONE, pytest)).toBe("no-tests 76"));
  test("2 after a collection that the environment broke, the environment's fault", () =>
    expect(judge(2, read(triage(["environment"])), pytest)).toBe("environment 75"));
  test.each([3, 4, 6])("%i is about pytest itself and stays", (code) =>
    expect(judge(code, read(triage(["environment"])), pytest)).toBe(`failed ${code}`),
  );
  test("5 of another command is its own", () => expect(judge(5)).toBe("failed 5"));
});

test("a command killed by a signal ends as a shell says", () => {
  const end: ChildEnd = { kind: "killed", signal: "SIGKILL" };
  expect(judgeRun({ end, reports: read(triage(["environment"])), pytest: true })).toMatchObject({
    outcome: "not-run",
    exitCode: 137,
  });
});

const reports: fc.Arbitrary<ReportsFound> = fc.oneof(
  fc.constant(NONE),
  fc.constant({ kind: "missing", what: "nothing" } as const),
  fc
    .record({
      attributions: fc.array(fc.constantFrom(...ATTRIBUTIONS), { maxLength: 4 }),
      passed: fc.nat(3),
      skipped: fc.nat(3),
      complete: fc.boolean(),
    })
    .map(({ attributions, ...more }) => read(triage(attributions, more))),
);
const inputs: fc.Arbitrary<OutcomeInput> = fc.record({
  end: fc.oneof(
    fc.nat(255).map((code) => ({ kind: "exited", code }) as const),
    fc.constantFrom("SIGKILL", "SIGINT", "SIGSEGV").map((signal) => ({ kind: "killed", signal }) as const),
  ),
  reports,
  pytest: fc.boolean(),
  interrupted: fc.constantFrom(undefined, "SIGINT", "SIGTERM"),
  aborted: fc.constantFrom(undefined, "postgres was down"),
});

describe("whatever happened", () => {
  test("0 means that the command ended with 0 by itself, and no report speaks against it", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        if (judgeRun(input).exitCode !== 0) return;
        const { end, interrupted, aborted } = input;
        expect({ end, interrupted, aborted }).toEqual({
          end: { kind: "exited", code: 0 },
          interrupted: undefined,
          aborted: undefined,
        });
        expect(input.reports.kind).not.toBe("missing");
        if (input.reports.kind !== "read") return;
        const { counts } = input.reports.triage;
        expect(counts.failed).toBe(0);
        expect(counts.passed).toBeGreaterThan(0);
      }),
    );
  });

  test("the environment is blamed only for failures that are all its own, in reports that were read whole", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        if (judgeRun(input).outcome !== "environment") return;
        expect(input.reports).toMatchObject({ kind: "read", triage: { faults: [] } });
        if (input.reports.kind !== "read") return;
        const { counts, byAttribution } = input.reports.triage;
        expect(counts.failed).toBeGreaterThan(0);
        expect(byAttribution.environment).toBe(counts.failed);
      }),
    );
  });

  test("a code other than 0 is never lost, except to a better reason", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { outcome, exitCode } = judgeRun(input);
        if (input.end.kind === "exited" && input.end.code !== 0 && outcome === "failed")
          expect(exitCode).toBe(input.end.code);
        if (outcome === "passed") expect(exitCode).toBe(0);
        else expect(exitCode).not.toBe(0);
      }),
    );
  });
});
