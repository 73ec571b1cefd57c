import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CauseCode, causeOf, CAUSES, type Rung, RUNGS } from "../../services/causes.ts";
import { viewCause } from "../../services/health/cause-view.ts";
import { judge } from "../../src/commands/verdict.ts";
import type { CandidateView, RungView } from "../../src/views/explanation.ts";
import { type DependencyReport, numberSteps, type Report } from "../../src/views/report.ts";
import { describeTerminal, type Terminal } from "../../src/views/terminal.ts";
import { renderHuman } from "../../src/views/view-human.ts";
import { renderJson } from "../../src/views/view-json.ts";

const plain: Terminal = { width: Number.POSITIVE_INFINITY, color: false, unicode: true };
const codes = Object.keys(CAUSES) as CauseCode[];

function broken(code: CauseCode, dependency: string, message = "the server said so"): DependencyReport {
  const rung: Rung = causeOf(code).rung ?? "query";
  const cause = viewCause({ code, rung, message, evidence: "E1" }, dependency, {
    host: "db.internal",
    port: 5432,
    user: "app",
    database: "app",
  });
  const status = causeOf(code).warns === true ? "warn" : "fail";
  const at = RUNGS.indexOf(rung);
  const rungs = RUNGS.map((each, index): RungView => {
    if (index === at) return { rung: each, status, durationMs: 1.25, cause: code };
    return index < at
      ? { rung: each, status: "pass", durationMs: 0.5, note: "note" }
      : { rung: each, status: "unknown", because: "…" };
  });
  return {
    dependency,
    status,
    summary: "…",
    cause,
    explanation: causeOf(code).explanation,
    rungs,
    nextSteps: cause.remedies,
    required: true,
    reached: rung,
    durationMs: 12,
  };
}

function reportOf(dependencies: readonly DependencyReport[]): Report {
  const { verdict, exitCode, summary } = judge(dependencies);
  return {
    schemaVersion: 1,
    command: "check",
    vantage: { kind: "here" },
    verdict,
    exitCode,
    summary,
    dependencies,
    nextSteps: numberSteps(dependencies),
  };
}

const squeeze = (text: string): string => text.replaceAll(/\s+/g, " ");

describe("text and JSON", () => {
  test("every code, rung and remedy in the JSON is in the text", () => {
    const report = reportOf(codes.map((code, index) => broken(code, `dependency-${index}`)));
    const parsed = JSON.parse(renderJson(report)) as Report;
    for (const width of [Number.POSITIVE_INFINITY, 80, 120]) {
      const text = squeeze(renderHuman(report, { ...plain, width }));
      for (const { dependency, cause, rungs, nextSteps } of parsed.dependencies) {
        for (const part of [
          dependency,
          cause?.code,
          cause?.title,
          cause?.message,
          cause?.owner,
          ...rungs.map(({ rung }) => rung),
        ]) {
          expect(text).toContain(part);
        }
        for (const step of nextSteps) expect(text).toContain(squeeze(`${dependency}: ${step}`));
      }
    }
  });

  test("the verdict is the first line and the steps are numbered through", () => {
    const lines = renderHuman(
      reportOf([broken("CONNECT_REFUSED", "postgres"), broken("AUTH_FAILED", "redis")]),
      plain,
    ).split("\n");
    expect(lines[0]).toMatch(
      /^Unfit: 2 of 2 required dependencies are broken: postgres \(CONNECT_REFUSED\), redis \(AUTH_FAILED\)\./,
    );
    const numbers = lines
      .slice(lines.indexOf("Next steps") + 1)
      .flatMap((line) => /^ {2}(\d+)\. /.exec(line)?.[1] ?? []);
    expect(numbers).toEqual(["1", "2", "3", "4"]);
  });
});

function candidate(name: string, code?: CauseCode, serves = false): CandidateView {
  if (code === undefined) return { name, kind: "real", status: "pass", serves, rungs: [], nextSteps: [] };
  const { cause, rungs, nextSteps } = broken(code, "auth", `${name} said so`);
  const status = causeOf(code).warns === true ? "warn" : "fail";
  return {
    name,
    kind: "real",
    status,
    serves,
    rungs,
    nextSteps,
    ...(cause === undefined ? {} : { cause }),
  };
}
const textOf = (dependency: DependencyReport): string => squeeze(renderHuman(reportOf([dependency]), plain));

describe("several servers that may serve", () => {
  test("the text says of each whether it serves, and if not why", () => {
    const candidates = [
      candidate("staging", "CONNECT_REFUSED"),
      candidate("local", "REPORTS_DEGRADED", true),
      candidate("spare"),
    ];
    const text = textOf({ ...broken("FALLBACK_SERVES", "auth"), candidates });
    expect(text).toContain("✗ staging real CONNECT_REFUSED at connect: staging said so");
    expect(text).toContain("! local real serves; REPORTS_DEGRADED at query: local said so");
    expect(text).toContain("✓ spare real healthy, not needed");
  });

  test("the next steps are those of the dependency, then of the candidates before the one that serves", () => {
    const candidates = [
      candidate("staging", "CONNECT_REFUSED"),
      candidate("local", "CLIENT_REJECTED"),
      candidate("mock", undefined, true),
      candidate("other", "AUTH_FAILED"),
    ];
    const steps = numberSteps([{ ...broken("MOCK_SERVES", "auth"), candidates }]);
    const about = [...new Set(steps.map(({ dependency, cause }) => `${dependency} ${cause}`))];
    expect(about).toEqual(["auth MOCK_SERVES", "auth/staging CONNECT_REFUSED", "auth/local CLIENT_REJECTED"]);
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_step, index) => index + 1));
  });

  test("when nobody serves, the first one's steps are told once", () => {
    const candidates = [candidate("staging", "CONNECT_REFUSED"), candidate("local", "REPORTS_DOWN")];
    const steps = numberSteps([{ ...broken("CONNECT_REFUSED", "auth"), candidates }]);
    const about = [...new Set(steps.map(({ dependency }) => dependency))];
    expect(about).toEqual(["auth", "auth/local"]);
  });

  test("a server's words about its candidates cannot steer the terminal", () => {
    const name = "staging\u001B[2J";
    const text = textOf({
      ...broken("FALLBACK_SERVES", "auth"),
      candidates: [candidate(name, "REPORTS_DOWN")],
    });
    expect(text).not.toContain("\u001B");
  });
});

describe("the verdict", () => {
  const cases: [CauseCode[], string, number][] = [
    [[], "go", 0],
    [["SLOW"], "go", 0],
    [["CONNECT_REFUSED"], "wait", 75],
    [["AUTH_FAILED"], "stop", 69],
    [["CONNECT_REFUSED", "AUTH_FAILED"], "stop", 69],
  ];
  test.each(cases)("%j is %s (%i)", (given, verdict, exitCode) => {
    expect(judge(given.map((code, index) => broken(code, `d${index}`)))).toMatchObject({ verdict, exitCode });
  });

  test("a check that failed itself is inconclusive, unless another cause settles it", () => {
    const unknown = { ...broken("CHECK_ERROR", "redis"), status: "unknown" as const };
    expect(judge([unknown])).toMatchObject({ verdict: "inconclusive", exitCode: 75 });
    expect(judge([unknown, broken("AUTH_FAILED", "postgres")])).toMatchObject({
      verdict: "stop",
      exitCode: 69,
    });
  });

  test("what is optional never stops anybody", () => {
    const optional = { ...broken("AUTH_FAILED", "redis"), required: false };
    expect(judge([optional])).toMatchObject({ verdict: "go", exitCode: 0 });
  });
});

describe("a terminal", () => {
  const tty = { isTTY: true, columns: 100 };
  test.each([
    [{}, tty, undefined, true],
    [{}, {}, undefined, false],
    [{ NO_COLOR: "1" }, tty, undefined, false],
    [{ NO_COLOR: "" }, tty, undefined, true],
    [{ TERM: "dumb" }, tty, undefined, false],
    [{ FORCE_COLOR: "1" }, {}, undefined, true],
    [{ FORCE_COLOR: "0" }, tty, undefined, false],
    [{ FORCE_COLOR: "1" }, tty, false, false],
  ])("%j %j --no-color %j: colour %j", (env, output, color, expected) => {
    expect(describeTerminal({ env, output, color }).color).toBe(expected);
  });

  test("no colour leaves no escape, colour leaves the words alone", () => {
    const report = reportOf([broken("CONNECT_REFUSED", "postgres")]);
    const text = renderHuman(report, plain);
    const colored = renderHuman(report, { ...plain, color: true });
    expect(text).not.toContain("\u001B");
    expect(colored).toContain("\u001B[31m");
    // oxlint-disable-next-line no-control-regex
    expect(colored.replaceAll(/\u001B\[\d+m/g, "")).toBe(text);
  });

  test("without UTF-8 everything is ASCII", () => {
    const report = reportOf(codes.map((code, index) => broken(code, `d${index}`, "größe…")));
    // oxlint-disable-next-line no-control-regex
    expect(renderHuman(report, { ...plain, unicode: false })).toMatch(/^[\u0000-\u007F]*$/);
  });

  test("lines fit the width", () => {
    const report = reportOf([
      broken("CONNECT_TIMEOUT", "postgres", "word ".repeat(80)),
      broken("DNS_NOT_FOUND", "redis"),
    ]);
    for (const width of [60, 80, 120]) {
      const long = renderHuman(report, { ...plain, width })
        .split("\n")
        .filter((line) => line.length > width);
      expect(long.filter((line) => !line.includes("--vpc-egress"))).toEqual([]);
    }
  });

  test("a server's message cannot steer the terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (message) => {
        const text = renderHuman(reportOf([broken("QUERY_FAILED", "postgres", message)]), plain);
        // oxlint-disable-next-line no-control-regex
        expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/);
      }),
    );
  });
});
