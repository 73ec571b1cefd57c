import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { renderAllureCategories } from "../../../../src/views/reports/allure.ts";
import { renderCodeQuality } from "../../../../src/views/reports/code-quality.ts";
import { COMMENT_LIMIT, renderMarkdown } from "../../../../src/views/reports/markdown.ts";
import { renderDotenv, renderGithubOutput } from "../../../../src/views/reports/run-variables.ts";
import { renderTap } from "../../../../src/views/reports/tap.ts";
import type { RunRecord } from "../../../../src/views/run-record.ts";
import { hostileRecord, incident, judged, recordOf, redRecord, triageOf, unfitRecord } from "./records.ts";

interface TapPoint {
  readonly ok: boolean;
  readonly number: number;
  readonly description: string;
  readonly directive: string | undefined;
  readonly diagnostics: Readonly<Record<string, unknown>> | undefined;
}

/** Reads TAP 14 as its specification says; any line that is not of it throws. */
function readTap(text: string): { plan: number; points: TapPoint[]; bail: string | undefined } {
  const lines = text.split("\n");
  expect(lines.pop()).toBe("");
  expect(lines.shift()).toBe("TAP version 14");
  const plan = Number(/^1\.\.(\d+)$/.exec(lines.shift() ?? "")?.[1]);
  const points: TapPoint[] = [];
  let bail: string | undefined;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line.startsWith("#")) continue;
    if (line.startsWith("Bail out!")) {
      bail = line;
      continue;
    }
    const [, not, number, description = "", directive] =
      /^(not )?ok (\d+) - ((?:\\[\\#]|[^\\#])*?)(?: # (SKIP.*))?$/.exec(line) ?? [];
    if (number === undefined) throw new Error(`no line of TAP: ${JSON.stringify(line)}`);
    let diagnostics: TapPoint["diagnostics"];
    if (lines[index + 1] === "  ---") {
      const end = lines.indexOf("  ...", index);
      diagnostics = parseYaml(lines.slice(index + 2, end).join("\n"), {
        strict: true,
      }) as TapPoint["diagnostics"];
      index = end;
    }
    points.push({ ok: not === undefined, number: Number(number), description, directive, diagnostics });
  }
  return { plan, points, bail };
}

const tapOf = (record: RunRecord) => readTap([...renderTap(record)].join(""));

describe("TAP", () => {
  test("has a point for each requirement, the command and each red test", () => {
    const { plan, points, bail } = tapOf(redRecord());
    expect(points.map(({ ok, description }) => [ok, description])).toEqual([
      [true, "postgres"],
      [true, "redis"],
      [false, "command"],
      [false, "pytest tests.test\\_orders test\\_create".replaceAll("\\_", "_")],
    ]);
    expect(plan).toBe(4);
    expect(bail).toBeUndefined();
    expect(points[3]?.diagnostics).toMatchObject({
      attribution: "environment",
      incidents: ["postgres-1"],
      causes: ["CONNECT_REFUSED"],
      line: 12,
    });
  });

  test("skips what is optional, and bails out when the suite cannot start", () => {
    const { points, bail } = tapOf(unfitRecord());
    expect(points.map(({ ok, directive }) => [ok, directive?.slice(0, 4)])).toEqual([
      [false, undefined],
      [false, undefined],
      [true, "SKIP"],
      [true, undefined],
    ]);
    expect(bail).toMatch(/^Bail out! Unfit: postgres/);
    expect(points[0]?.diagnostics).toMatchObject({
      code: "AUTH_FAILED",
      remedies: ["Set the right password."],
    });
  });

  test("of a good run has no point that is not ok", () => {
    expect(tapOf(recordOf()).points.every(({ ok }) => ok)).toBe(true);
  });

  test("whatever is in a record, it is TAP with as many points as planned, and not all of them ok", () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const { plan, points } = tapOf(record);
        expect(points.map(({ number }) => number)).toEqual(
          Array.from({ length: plan }, (_, index) => index + 1),
        );
        expect(points.some(({ ok }) => !ok)).toBe(true);
      }),
    );
  });
});

const comment = (record: RunRecord): string => renderMarkdown(record, { limit: COMMENT_LIMIT });

describe("Markdown", () => {
  test("says the verdict, the requirements, each red test, the incident, the next steps, what was tested", () => {
    const text = comment(redRecord());
    const visible = text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    for (const part of [
      "❌ Greenlight: The environment's fault",
      "exit code **75**",
      "12 tests: 11 passed, 1 failed, 0 skipped",
      "| <code>postgres</code> | pass | required |",
      "#### Environment failures (1)",
      "<code>pytest tests.test_orders test_create</code> | It ran while postgres was down. | <code>CONNECT_REFUSED</code>",
      "12:00:04–12:00:31 UTC",
      "1. Start Postgres on db.internal:5432.",
      "<code>PostgreSQL 18.1</code>",
      "release <code>2026.3.1</code>",
    ]) {
      expect(visible).toContain(part);
    }
  });

  test("begins with a marker that is the same for every run of a suite", () => {
    const [red, green] = [redRecord(), recordOf()].map((record) => comment(record).split("\n")[0]);
    expect(red).toBe("<!-- greenlight:database -->");
    expect(green).toBe(red);
  });

  test("of a run with many red tests says how many more there are, and stays below the limit", () => {
    const tests = Array.from({ length: 5000 }, (_, index) =>
      judged({ name: `test_${"*".repeat(250)}_${index}`, attribution: index % 2 === 0 ? "test" : "mixed" }),
    );
    const text = comment(redRecord({ triage: triageOf(tests) }));
    expect(text).toMatch(/… and 24\d\d more tests\./);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(renderMarkdown(redRecord({ triage: triageOf(tests) }), { limit: 10 })).toContain("Greenlight");
  });

  test("whatever is in a record, its own lines are all there are, and it holds no foreign HTML, link or mention", () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const text = comment(record);
        const [marker = "", ...rest] = text.split("\n");
        expect(marker).toMatch(/^<!-- greenlight:[\w.]* -->$/);
        const shown = rest.join("\n");
        const tags = new Set(shown.match(/<[^>]*>?/g));
        for (const tag of tags)
          expect(["<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>"]).toContain(tag);
        expect(shown).not.toMatch(/[[\]`@]|www\.|:\/\//);
        for (const line of rest) {
          expect(line).toMatch(
            /^(?:### [✅❌] |#### |\| |\d+\. |- |Suite |… and |<\/?details>|environment |$)/u,
          );
        }
        const widths = new Set<number>();
        for (const line of rest) {
          if (line.startsWith("|")) widths.add(line.split("|").length);
          else {
            expect(widths.size).toBeLessThanOrEqual(1);
            widths.clear();
          }
        }
      }),
    );
  });
});

describe("variables for later jobs", () => {
  test("of GitLab are dotenv, with no name that would configure Greenlight", () => {
    const lines = renderDotenv(redRecord()).trimEnd().split("\n");
    expect(lines).toContain("GATE_VERDICT=go");
    expect(lines).toContain("GATE_OUTCOME=environment");
    expect(lines).toContain("GATE_EXIT_CODE=75");
    expect(lines).toContain("GATE_FAILED_ENVIRONMENT=1");
    expect(lines).toContain("GATE_RELEASE=2026.3.1");
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines.filter((line) => line.startsWith("GREENLIGHT"))).toEqual([]);
  });

  test("whatever is in a record, are one plain line each, 5 KB at most", () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const text = renderDotenv(record);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(5 * 1024);
        const lines = text.trimEnd().split("\n");
        expect(lines).toHaveLength(16);
        for (const line of lines) expect(line).toMatch(/^GATE_[A-Z_]+=[\w .,:/@+-]*$/);
      }),
    );
  });

  test("of GitHub are read back as they are, whatever they hold", () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const values = readOutput(renderGithubOutput(record, "ghadelimiter_1f0c"));
        expect(values.get("verdict")).toBe(record.gate.verdict);
        expect(values.get("exit_code")).toBe("75");
        expect(values.size).toBe(16);
      }),
    );
  });
});

/** As GitHub's runner reads the file. */
function readOutput(text: string): Map<string, string> {
  const values = new Map<string, string>();
  const lines = text.split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length - 1;) {
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(lines[index] ?? "") ?? [];
    if (name === undefined || delimiter === undefined) throw new Error(`no heredoc: ${lines[index]}`);
    const end = lines.indexOf(delimiter, index);
    expect(values.has(name)).toBe(false);
    values.set(name, lines.slice(index + 1, end).join("\n"));
    index = end + 1;
  }
  return values;
}

const matches = (regex: string | undefined, text: string): boolean => new RegExp(`^(?:${regex})$`).test(text);

const parse = (record: RunRecord) =>
  JSON.parse(renderAllureCategories(record)) as {
    name: string;
    messageRegex: string;
    matchedStatuses: string[];
  }[];

describe("Allure's categories", () => {
  test("match the words of the failures of each attribution, and not those of another", () => {
    const record = redRecord({
      triage: triageOf([
        judged({ message: "refused (127.0.0.1:5432) [a+b]?" }),
        judged({ message: "assert 1 == 2", attribution: "test" }),
        judged({ message: "timeout" }),
        judged({ message: "timeout", attribution: "test" }),
      ]),
    });
    const [tests, environment] = parse(record);
    expect(environment?.name).toContain("Environment");
    expect(matches(environment?.messageRegex, "Error:\nrefused (127.0.0.1:5432) [a+b]?\n  at x")).toBe(true);
    expect(matches(environment?.messageRegex, "assert 1 == 2")).toBe(false);
    expect(matches(tests?.messageRegex, "assert 1 == 2")).toBe(true);
    for (const each of [tests, environment]) expect(matches(each?.messageRegex, "timeout")).toBe(false);
    expect(environment?.matchedStatuses).toEqual(["failed", "broken"]);
  });

  test("are expressions that match their own words, whatever those are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (message) => {
        const [category] = parse(redRecord({ triage: triageOf([judged({ message })]) }));
        if (category === undefined) return;
        expect(new RegExp(`^(?:${category.messageRegex})$`).test(message)).toBe(true);
      }),
    );
  });
});

test("the Code Quality report has an entry for each red test", () => {
  const entries = JSON.parse(renderCodeQuality(redRecord())) as Record<string, unknown>[];
  expect(entries).toMatchObject([
    {
      check_name: "greenlight/environment",
      severity: "info",
      location: { path: "tests/test_orders.py", lines: { begin: 12 } },
    },
  ]);
  expect(JSON.parse(renderCodeQuality(recordOf({ incidents: [incident] })))).toEqual([]);
});
