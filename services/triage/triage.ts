import type { Redact } from "../redact.ts";
import { attribute, type AttributeContext } from "./attribute.ts";
import { createDuplicates } from "./duplicates.ts";
import { intervalsOf, type TimedCase } from "./intervals.ts";
import { type JunitLimits, readJunit } from "./junit.ts";
import type { JunitCase } from "./junit-case.ts";
import type { Attribution, Judged, ReportFault, TestResult, TriageResult } from "./result.ts";
import { type Recognised, recognise } from "./recognise.ts";
import { ReportError, type ReportSource } from "./source.ts";
import type { Lost } from "./totals.ts";
import { cleanLine, cleanText, cutAtSpace } from "./text.ts";

export interface TriageOptions extends AttributeContext {
  readonly sources: Iterable<ReportSource> | AsyncIterable<ReportSource>;
  readonly redact: Redact;
  readonly limits?: JunitLimits;
  readonly signal?: AbortSignal;
}

/** Characters of all failures' texts together that are kept; the texts of later ones are cut shorter. */
const TEXT_BUDGET = 24_000_000;
const SHORT = 300;
/** More are not judged: nobody reads them, and each takes memory. */
const MOST_RED = 100_000;
const LONGEST_NAME = 1000;

/** A red test whose time is known when its report has been read. */
interface Pending {
  readonly timed: TimedCase;
  readonly test: TestResult;
  readonly recognised: Recognised;
}

/** Reads the reports of one run, one after the other, and judges each red test. Green ones are counted, not kept. */
export async function triage(options: TriageOptions): Promise<TriageResult> {
  const { sources, redact, run, limits, signal } = options;
  const counts = { total: 0, passed: 0, failed: 0, skipped: 0 };
  const byAttribution: Record<Attribution, number> = { environment: 0, test: 0, mixed: 0, undetermined: 0 };
  const judged: Judged[] = [];
  const faults: ReportFault[] = [];
  const ids = new Map<string, number>();
  const duplicates = createDuplicates();
  let budget = TEXT_BUDGET;
  let red = 0;

  function count({ status }: Pick<JunitCase, "status">): void {
    counts.total += 1;
    counts[status === "error" ? "failed" : status] += 1;
  }

  /** Reads its words, and then keeps of its text what the budget allows. */
  function pend(found: JunitCase): Pending {
    if (red === MOST_RED) throw new ReportError({ expected: `at most ${MOST_RED} red tests`, found: "more" });
    red += 1;
    const { timing, offset, seconds, start, stop } = found;
    const whole = toTest(found, { redact, ids });
    const test = budget > 0 ? whole : shortened(whole);
    budget -= (test.failure?.text.length ?? 0) + (test.failure?.message.length ?? 0);
    return { timed: { timing, offset, seconds, start, stop }, test, recognised: recognise(whole.failure) };
  }

  for await (const source of sources) {
    signal?.throwIfAborted();
    duplicates.nextReport();
    const pending: Pending[] = [];
    const { fault, lost, ...file } = await readJunit(source, {
      ...(limits === undefined ? {} : { limits }),
      longestSeconds: (run.to - run.from) / 1000,
      signal,
      onCase(found) {
        if (duplicates.seen(found)) return;
        if (found.failure !== undefined) pending.push(pend(found));
        count(found);
      },
    });
    if (fault !== undefined) faults.push({ ...fault, found: cleanLine(redact(fault.found)) });
    if (lost !== undefined) {
      counts.total += lost.failures;
      counts.failed += lost.failures;
      faults.push(contradiction(source.name, lost));
    }
    const intervalOf = intervalsOf(file, run);
    for (const { timed, test, recognised } of pending) {
      const result = attribute({ ...test, interval: intervalOf(timed) }, options, recognised);
      byAttribution[result.attribution] += 1;
      judged.push(result);
    }
  }
  return { counts, faults, duplicates: duplicates.count(), judged, byAttribution };
}

/** What nobody names is failed all the same. */
const contradiction = (file: string, { said, told }: Lost): ReportFault => ({
  file,
  expected: `${said} failures and errors in its tests, as a suite says of itself`,
  found: `${told}: the others belong to no test`,
});

interface ToTestOptions {
  readonly redact: Redact;
  /** How often each id was given. */
  readonly ids: Map<string, number>;
}

function toTest(found: JunitCase, { redact, ids }: ToTestOptions): TestResult {
  const name = (text: string): string => cleanLine(redact(cutAtSpace(text, LONGEST_NAME)));
  const [suite, classname, own] = [name(found.suite), name(found.classname), name(found.name)];
  const id = [suite, classname, own].filter((part) => part !== "").join(" > ");
  const times = (ids.get(id) ?? 0) + 1;
  ids.set(id, times);
  const { failure } = found;
  return {
    id: times === 1 ? id : `${id} (${times})`,
    suite,
    classname,
    name: own,
    ...(found.file === undefined ? {} : { file: name(found.file) }),
    ...(found.line === undefined ? {} : { line: found.line }),
    status: found.status,
    ...(found.seconds === undefined ? {} : { durationMs: found.seconds * 1000 }),
    ...(failure === undefined
      ? {}
      : {
          failure: {
            ...(failure.type === undefined ? {} : { type: name(failure.type) }),
            message: text(failure.message, redact),
            text: text(failure.text, redact),
          },
        }),
  };
}

const LONGEST_MESSAGE = 16 * 1024;

/** Cleaned and redacted. What cleaning changed is redacted before it, too: neither may hide a secret from the other. */
function text(raw: string, redact: Redact): string {
  const cut = cutAtSpace(raw, LONGEST_MESSAGE + 8 * 1024);
  const clean = cleanText(cut);
  return redact(clean === cut ? clean : cleanText(redact(cut)));
}

function shortened(test: TestResult): TestResult {
  const { failure } = test;
  if (failure === undefined) return test;
  const message = Buffer.from(failure.message.slice(0, SHORT).toWellFormed()).toString();
  return { ...test, failure: { ...failure, message, text: "" } };
}
