import { expect, it } from "vitest";
import { LINT_FINDINGS } from "../../../services/findings/lint-table.ts";
import { faultFindings } from "../../../src/lint/fault-findings.ts";

it("what keeps a file from being linted is a finding at its place, whatever it is", () => {
  const codes = Object.keys(LINT_FINDINGS) as (keyof typeof LINT_FINDINGS)[];
  const faults = codes.map((code) => ({ code, path: `t/${code}.py`, reason: "it is so", line: 3 }));
  const found = faultFindings([], faults).map(({ finding }) => finding);
  expect(found.map(({ id }) => id)).toEqual(codes.map((code) => `${code}:t/${code}.py`));
  expect(found.every(({ message }) => /^t\/\w+\.py (?:is|cannot|could).*: it is so\.$/.test(message))).toBe(
    true,
  );
  expect(found[0]?.place).toEqual({ kind: "file", file: "t/LINT_SYNTAX_ERROR.py", line: 3 });
  // Nothing is left to be filled in.
  expect(found.flatMap(({ remedies }) => remedies).join("\n")).not.toMatch(/\{\w+\}/);
});

it("a file's own fault is told of the file", () => {
  const fault = { code: "LINT_FAILED", reason: "RangeError: too deep" } as const;
  expect(
    faultFindings(
      [
        { path: "a.py", lines: 0, fault },
        { path: "b.py", lines: 1 },
      ],
      [],
    ),
  ).toMatchObject([
    { finding: { id: "LINT_FAILED:a.py", message: "a.py could not be linted: RangeError: too deep." } },
  ]);
});
