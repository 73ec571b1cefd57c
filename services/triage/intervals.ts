import type { JunitCase, SuiteTiming } from "./junit-case.ts";
import type { JunitFile } from "./junit.ts";
import type { Interval } from "./result.ts";
import { liesIn, type Span, spanOf } from "./times.ts";

/** Tests that add up to more than this many times their suite's time ran at the same time. */
const PARALLEL = 1.1;
/** Suites of one report that all began within this many ms: the time of the run or of the writing, not their own. */
const SAME = 100;
/** Time of a suite outside its tests, in ms and as a share of it, up to which adding durations up says when each ran. */
const SLACK = { ms: 2000, share: 0.2 };

/** What of a test says when it ran. */
export type TimedCase = Pick<JunitCase, "timing" | "offset" | "seconds" | "start" | "stop">;

/** Pure: tells for each test of one report when it ran, as well as the report shows. */
export function intervalsOf(
  { rootName, timings }: Pick<JunitFile, "rootName" | "timings">,
  run: Span,
): (found: TimedCase) => Interval {
  const spans = ownSpans({ rootName, timings }, run);
  return (found) => {
    const exact = exactOf(found, run);
    if (exact !== undefined) return exact;
    const span = found.timing === undefined ? undefined : spans.get(found.timing);
    if (found.timing === undefined || span === undefined) return { ...run, precision: "suite" };
    return estimateOf(found, span) ?? { ...span, precision: "suite" };
  };
}

/** When each suite ran, of those whose timestamp is their own start. */
function ownSpans({ rootName, timings }: Pick<JunitFile, "rootName" | "timings">, run: Span) {
  const spans = new Map<SuiteTiming, Span>();
  // Vitest writes the time of the writing.
  if (rootName === "vitest tests") return spans;
  for (const timing of timings) {
    if (timing.seconds === undefined) continue;
    const span = spanOf(timing.stamp, { seconds: timing.seconds, run });
    if (span !== undefined) spans.set(timing, span);
  }
  // Playwright and Go write the start of the run for each.
  let first = Infinity;
  let last = -Infinity;
  for (const { from } of spans.values()) {
    first = Math.min(first, from);
    last = Math.max(last, from);
  }
  if (spans.size > 1 && last - first <= SAME) spans.clear();
  return spans;
}

function exactOf({ start, stop }: TimedCase, run: Span): Interval | undefined {
  if (start === undefined || stop === undefined) return undefined;
  const span = { from: start * 1000, to: stop * 1000 };
  return liesIn(span, run) ? { ...span, precision: "exact" } : undefined;
}

/** What the suite did outside its tests may lie before any of them, so it widens each. */
function estimateOf({ timing, offset, seconds }: TimedCase, span: Span): Interval | undefined {
  if (timing === undefined || !timing.whole || seconds === undefined) return undefined;
  const length = span.to - span.from;
  const sum = timing.sum * 1000;
  const slack = Math.max(0, length - sum);
  if (sum > PARALLEL * length || slack > Math.max(SLACK.ms, SLACK.share * length)) return undefined;
  const from = span.from + offset * 1000;
  return { from, to: from + seconds * 1000 + slack, precision: "estimated" };
}
