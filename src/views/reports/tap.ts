import { clean } from "../text.ts";
import type { RunRecord } from "../run-record.ts";
import { causesOf, incidentsOf, isGood, plural } from "../run-words.ts";
import { type Case, gateCases } from "./cases.ts";

/** The record as TAP 14: one test for each requirement, one for the command, one for each red test. */
export function* renderTap(record: RunRecord): Generator<string> {
  const cases = gateCases(record);
  const judged = record.triage?.judged ?? [];
  yield `TAP version 14\n1..${cases.length + judged.length}\n`;
  yield `# ${comment(record.summary)}\n`;
  if (record.triage !== undefined) {
    const { total, passed, failed, skipped } = record.triage.counts;
    yield `# ${plural(total, "test")}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`;
  }
  let number = 0;
  for (const each of cases) yield point((number += 1), each);
  for (const each of judged) {
    const { test, attribution, because } = each;
    yield `not ok ${(number += 1)} - ${description(test.id)}\n`;
    yield yamlBlock({
      message: test.failure?.message ?? because,
      severity: test.status === "error" ? "error" : "fail",
      attribution,
      because,
      causes: causesOf(each),
      incidents: incidentsOf(each),
      ...(test.file === undefined ? {} : { file: test.file }),
      ...(test.line === undefined ? {} : { line: test.line }),
    });
  }
  const started = record.child !== undefined || isGood(record);
  if (!started) yield `Bail out! ${comment(record.summary)}\n`;
}

function point(number: number, { name, status, message, type, remedies, durationMs }: Case): string {
  const skip = status === "skipped" ? ` # SKIP ${description(message ?? "")}` : "";
  const ok = status === "passed" || status === "skipped" ? "ok" : "not ok";
  const line = `${ok} ${number} - ${description(name)}${skip}\n`;
  if (status === "passed" || status === "skipped") return line;
  return (
    line +
    yamlBlock({
      message: message ?? "",
      severity: status === "error" ? "error" : "fail",
      code: type ?? "",
      ...(durationMs === undefined ? {} : { duration_ms: durationMs }),
      remedies,
    })
  );
}

/** `#` would begin a directive, and a backslash an escape (TAP 14, "Escaping"). */
const description = (text: string): string => clean(text).replaceAll(/[\\#]/g, String.raw`\$&`);

const comment = (text: string): string => clean(text);

type YamlValue = string | number | readonly string[];

/** Every text is a quoted scalar of one line, as JSON writes it, which YAML reads as the same. */
function yamlBlock(values: Readonly<Record<string, YamlValue>>): string {
  const lines = Object.entries(values).map(([key, value]) => `  ${key}: ${scalar(value)}`);
  return ["  ---", ...lines, "  ...", ""].join("\n");
}

/** Escaped beyond JSON: what YAML takes for the end of a line, what terminals obey, and a lone half of a character. */
const scalar = (value: YamlValue): string =>
  JSON.stringify(value).replaceAll(
    /[\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
