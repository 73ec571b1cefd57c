import { expect, it } from "vitest";
import { createFinding } from "../../../services/findings/create.ts";
import type { Finding } from "../../../services/findings/finding.ts";
import { renderFindingAnnotations } from "../../../src/views/finding-annotations.ts";
import { renderSarif } from "../../../src/views/sarif.ts";

const failed = (subject: string, line?: number): Finding =>
  createFinding({
    code: "LINT_FAILED",
    subject,
    message: "it failed",
    place: { kind: "file", file: subject, ...(line === undefined ? {} : { line }) },
  });

interface Log {
  readonly runs: readonly {
    readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
    readonly results: readonly {
      readonly level: string;
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly unknown[];
    }[];
  }[];
}

const sarif = (findings: readonly Finding[]) => {
  const [run] = (JSON.parse(renderSarif({ findings, version: "1.2.3" })) as Log).runs;
  if (run === undefined) throw new Error("no run");
  return run;
};

const prints = (findings: readonly Finding[]) =>
  sarif(findings).results.map(({ partialFingerprints }) => partialFingerprints["greenlightFinding/v1"]);

it("SARIF knows a finding again wherever it has moved to, and tells two of one kind apart", () => {
  const [first, second] = prints([failed("a.py", 3), failed("a.py", 9)]);
  expect(prints([failed("a.py", 40)])).toEqual([first]);
  expect(second).not.toBe(first);
  expect(prints([failed("b.py", 3)])).not.toEqual([first]);
});

it("SARIF has a place for findings about no line and about no file", () => {
  const [file, variable] = sarif([
    failed("a b.py"),
    createFinding({
      code: "LINT_FAILED",
      subject: "X",
      message: "m",
      place: { kind: "variable", name: "X" },
    }),
  ]).results;
  expect(file?.locations).toEqual([
    {
      physicalLocation: {
        artifactLocation: { uri: "a%20b.py", uriBaseId: "%SRCROOT%" },
        region: { startLine: 1 },
      },
    },
  ]);
  expect(variable?.locations).toEqual([{ logicalLocations: [{ name: "X" }] }]);
});

it("SARIF has no more than GitHub takes, and says how many it leaves out", () => {
  const run = sarif(Array.from({ length: 25_010 }, (_, index) => failed(`${index}.py`)));
  expect(run.results).toHaveLength(25_000);
  expect(run.invocations[0]?.toolExecutionNotifications).toEqual([
    { level: "warning", message: { text: "10 more findings are left out." } },
  ]);
});

it("annotations are ten at most of each kind, and none of them is taken for a command", () => {
  const many = Array.from({ length: 12 }, (_, index) => failed(`${index}.py`, 1));
  const evil = createFinding({
    code: "LINT_SYNTAX_ERROR",
    subject: "x",
    message: "a\n::set-output name=x::y",
  });
  const lines = renderFindingAnnotations([...many, evil], "svc/")
    .trimEnd()
    .split("\n");
  expect(lines).toHaveLength(10);
  expect(lines[0]).toMatch(/^::error file=svc\/0\.py,line=1,title=LINT_FAILED::it failed/);
  expect(lines[9]).toBe("::error title=Greenlight::4 more errors: see the log of this step.");
  expect(renderFindingAnnotations([evil])).toMatch(
    /^::error title=LINT_SYNTAX_ERROR::a%0A::set-output[^\n]*\n$/,
  );
});
