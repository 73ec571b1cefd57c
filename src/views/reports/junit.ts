import { createReadStream } from "node:fs";
import { decode } from "../../../services/triage/decode.ts";
import { JUNIT_LIMITS } from "../../../services/triage/junit.ts";
import type { Judged } from "../../../services/triage/result.ts";
import type { Redact } from "../../../services/redact.ts";
import { ReportError } from "../../../services/triage/source.ts";
import { cleanLine } from "../../../services/triage/text.ts";
import type { RunRecord } from "../run-record.ts";
import { isGood } from "../run-words.ts";
import { type Case, gateCases } from "./cases.ts";
import { ownSuite } from "./junit-cases.ts";
import { suiteProperties, testProperties } from "./junit-properties.ts";
import { JunitStream } from "./junit-stream.ts";
import { startTag } from "./xml.ts";

/**
 * JUnit XML in parts: the tests' own reports as they are, with properties added; without any, one test for each
 * requirement. A report that cannot be read is a test of its own that is red, and so is a run that is not good although
 * no test says so. `redact` is what the record's own texts went through.
 */
export async function* renderJunit(record: RunRecord, redact: Redact): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n${startTag("testsuites", { name: `greenlight ${record.suite}` })}\n`;
  const find = finder(record.triage?.judged ?? [], redact);
  const own: Case[] = [];
  let red = 0;
  for (const path of record.junit) {
    const stream = new JunitStream({
      suite: suiteProperties(record),
      test: (attributes) => {
        const judged = find(attributes);
        return judged === undefined ? undefined : testProperties(judged);
      },
    });
    try {
      for await (const text of limited(decode(createReadStream(path)))) yield stream.write(text);
      yield stream.end();
    } catch (error) {
      yield stream.breakOff();
      own.push(faultCase(path, error, record));
    }
    red += stream.red;
  }
  if (record.junit.length === 0 || (red === 0 && !isGood(record)))
    own.unshift(...gateCases(record), ...(record.triage?.judged ?? []).map(judgedCase));
  if (own.length > 0) yield ownSuite(record, own);
  yield "</testsuites>\n";
}

async function* limited(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let length = 0;
  for await (const text of texts) {
    length += text.length;
    if (length > JUNIT_LIMITS.bytes)
      throw new ReportError({ expected: `at most ${JUNIT_LIMITS.bytes} bytes`, found: "more" });
    yield text;
  }
}

/** A record that is read later may have outlived the reports: that alone makes no good run red. */
function faultCase(path: string, error: unknown, record: RunRecord): Case {
  const shared = { name: path, type: "REPORT_INCOMPLETE", remedies: [] };
  if (error instanceof ReportError) {
    const message = `${path}: expected ${error.expected}, found ${error.found}.`;
    return { ...shared, status: "error", message };
  }
  const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
  return {
    ...shared,
    status: isGood(record) ? "skipped" : "error",
    message: `${path}: cannot be read (${reason}).`,
  };
}

/** A red test of which the record alone is left. */
const judgedCase = ({ test, attribution, because }: Judged): Case => ({
  name: test.id,
  status: test.status === "error" ? "error" : "failed",
  message: `${because} ${test.failure?.message ?? ""}`.trim(),
  type: attribution,
  remedies: [],
});

const keyOf = (redact: Redact, ...names: readonly string[]): string =>
  JSON.stringify(names.map((name) => redact(cleanLine(name))));

/**
 * Finds what was judged of a test by its class and name. Tests of the same name were judged in the order of the reports;
 * one that a second report tells again was judged once.
 */
function finder(
  judged: readonly Judged[],
  redact: Redact,
): (attributes: Readonly<Record<string, string>>) => Judged | undefined {
  const groups = Map.groupBy(judged, ({ test }) => keyOf(redact, test.classname, test.name));
  const taken = new Map<string, number>();
  return ({ classname = "", name = "" }) => {
    const key = keyOf(redact, classname, name);
    const group = groups.get(key);
    const index = taken.get(key) ?? 0;
    taken.set(key, index + 1);
    return group?.[Math.min(index, group.length - 1)];
  };
}
