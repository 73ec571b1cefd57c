import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderAnnotations, workflowCommand } from "../../../../src/views/reports/github-commands.ts";
import { renderRun } from "../../../../src/views/run-human.ts";
import { hostileRecord, judged, recordOf, redRecord, triageOf } from "./records.ts";

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What GitHub's runner obeys in an output (actions/runner, ActionCommand.cs): both its syntaxes, line by line. */
function commandsIn(output: string): (Command | "v1")[] {
  return output.split(/\r\n|\n|\r/).flatMap((line): (Command | "v1")[] => {
    const trimmed = line.trimStart();
    const end = trimmed.indexOf("::", 2);
    if (trimmed.startsWith("::") && end > 0) {
      const [, name = "", pairs = ""] = /^(\S+)(?: (.*))?$/.exec(trimmed.slice(2, end)) ?? [];
      const properties = pairs
        .split(",")
        .filter((pair) => pair.includes("="))
        .map((pair) => [
          pair.slice(0, pair.indexOf("=")),
          unescapeProperty(pair.slice(pair.indexOf("=") + 1)),
        ]);
      return [
        { name, properties: Object.fromEntries(properties), data: unescapeData(trimmed.slice(end + 2)) },
      ];
    }
    return line.includes("##[") ? ["v1"] : [];
  });
}

const unescapeData = (text: string): string =>
  text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
const unescapeProperty = (text: string): string =>
  unescapeData(text.replaceAll("%3A", ":").replaceAll("%2C", ","));

describe("annotations", () => {
  test("say how the run ended, then each red test with its attribution, at its place", () => {
    const [verdict, first, ...rest] = commandsIn(renderAnnotations(redRecord()));
    expect(verdict).toMatchObject({
      name: "error",
      properties: { title: "Greenlight: the environment failed" },
    });
    expect((verdict as Command).data).toContain("1. Start Postgres on db.internal:5432.");
    expect(first).toEqual({
      name: "error",
      properties: {
        file: "tests/test_orders.py",
        line: "12",
        title: "environment: pytest tests.test_orders test_create",
      },
      data: "It ran while postgres was down.\nIncidents: postgres-1\npsycopg.OperationalError: connection refused",
    });
    expect(rest).toEqual([]);
  });

  test("are ten errors at most, and then a line that says how many more there are", () => {
    const tests = Array.from({ length: 40 }, (_, index) => judged({ name: `test_${index}` }));
    const found = commandsIn(renderAnnotations(redRecord({ triage: triageOf(tests) }))) as Command[];
    expect(found.filter(({ name }) => name === "error")).toHaveLength(10);
    expect(found.at(-1)).toMatchObject({
      name: "notice",
      data: expect.stringContaining("31 more red tests"),
    });
  });

  test("put what is the product's fault before what is the environment's", () => {
    const tests = [judged({ name: "a" }), judged({ name: "b", attribution: "test" })];
    const [, first] = commandsIn(renderAnnotations(redRecord({ triage: triageOf(tests) }))) as Command[];
    expect(first?.properties.title).toMatch(/^test: .* b$/);
  });

  test("of a good run are none", () => {
    expect(renderAnnotations(recordOf())).toBe("");
  });

  test("whatever is in a record, are the commands that were meant and no other", () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const text = renderAnnotations(record);
        const found = commandsIn(text);
        const judged = record.triage?.judged.length ?? 0;
        expect(found).toHaveLength(1 + Math.min(9, judged) + (judged > 9 ? 1 : 0));
        expect(text.split("\n")).toHaveLength(found.length + 1);
        for (const each of found) {
          if (each === "v1") throw new Error("a command of the old syntax");
          expect(["error", "notice"]).toContain(each.name);
          expect(
            Object.keys(each.properties).filter((key) => !["file", "line", "title"].includes(key)),
          ).toEqual([]);
        }
      }),
    );
  });

  test("of any text of one line come out of the runner as they went in", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 150 }), fc.string(), (title, message) => {
        const line = workflowCommand("error", { properties: { title }, message });
        const [found] = commandsIn(line) as Command[];
        expect(found).toEqual({ name: "error", properties: { title }, data: message });
      }),
    );
  });
});

describe("what a person reads in a job's log", () => {
  test("holds no command, whatever is in a record and however wide the terminal is", () => {
    fc.assert(
      fc.property(hostileRecord, fc.constantFrom(40, 80, Infinity), fc.boolean(), (record, width, color) => {
        const text = renderRun(record, { width, color, unicode: true });
        expect(commandsIn(text)).toEqual([]);
        expect(text).not.toMatch(/##vso\[|##teamcity\[/i);
      }),
    );
  });
});
