import type { Sample } from "./poll.ts";
import { maximum, quantile } from "./statistics.ts";

/** When a fault began, when its end began, when the end was complete, and when the watch was over. */
export interface FaultWindow {
  readonly begin: number;
  readonly endBegan: number;
  readonly ended: number;
  readonly until: number;
}

/** What the clients of one server saw of one fault. Milliseconds; null: never. */
export interface FaultOutcome {
  readonly polls: number;
  /** From the beginning to the first answer that is not 200. */
  readonly shownMs: number | null;
  /** Answers with 200 while the fault lasted, later than it had to be shown. */
  readonly falseOk: number;
  readonly slowestMs: number;
  readonly p99Ms: number;
  /** Questions without an answer. */
  readonly unanswered: number;
  /** From the end to the first 200 that nothing but 200 follows; where nothing is wrong, from the beginning. */
  readonly recoveryMs: number | null;
  /** Answers that were not 200, and questions without an answer, where nothing is wrong with the backends. */
  readonly falseAlarms: number;
  readonly exited: boolean;
}

export interface OutcomeOptions {
  readonly samples: readonly Sample[];
  readonly window: FaultWindow;
  readonly truth: "503" | "200";
  readonly shownWithinMs: number;
  /** Whether the fault was there before the server: what is asked before its first answer does not count. */
  readonly beforeStart: boolean;
  readonly exited: boolean;
}

/** Judges the answers of one server to one fault. */
export function judgeFault(options: OutcomeOptions): FaultOutcome {
  const { window, truth, exited } = options;
  const samples = relevant(options);
  const [first] = samples;
  const begin = options.beforeStart && first !== undefined ? answeredAt(first) : window.begin;
  const lasting = samples.filter((sample) => answeredAt(sample) < window.endBegan);
  const shown = lasting.find((sample) => sample.status >= 400);
  const answered = samples.filter((sample) => sample.status !== 0).map((sample) => sample.tookMs);
  // A fault that was there before the server must be in its very first answer.
  const limit = options.beforeStart ? window.begin : begin + options.shownWithinMs;
  return {
    polls: samples.length,
    shownMs: shown === undefined ? null : answeredAt(shown) - begin,
    falseOk: truth === "200" ? 0 : lasting.filter(({ status, at }) => status === 200 && at >= limit).length,
    slowestMs: answered.length === 0 ? Number.NaN : maximum(answered),
    p99Ms: quantile(answered, 0.99),
    unanswered: samples.length - answered.length,
    recoveryMs: exited ? null : recovery(samples, truth === "200" ? begin : window.ended),
    falseAlarms: truth === "200" ? samples.filter(({ status }) => status !== 200).length : 0,
    exited,
  };
}

const answeredAt = (sample: Sample): number => sample.at + sample.tookMs;

function relevant({ samples, window, beforeStart }: OutcomeOptions): readonly Sample[] {
  const inside = samples
    .filter(({ at }) => at >= window.begin && at <= window.until)
    .sort((a, b) => a.at - b.at);
  if (!beforeStart) {
    return inside;
  }
  const first = inside.findIndex(({ status }) => status !== 0);
  return first === -1 ? [] : inside.slice(first);
}

function recovery(samples: readonly Sample[], from: number): number | null {
  const lastBad = samples.findLast(({ status }) => status !== 200);
  if (lastBad === undefined) {
    return 0;
  }
  const firstGood = samples.find(({ status, at }) => status === 200 && at > lastBad.at);
  return firstGood === undefined ? null : Math.max(0, answeredAt(firstGood) - from);
}
