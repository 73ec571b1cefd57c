import type { Clock } from "../clock.ts";
import type { Check } from "../health/check.ts";
import type { Monitor } from "../health/monitor.ts";
import { blocks, judgeRequirements } from "./requirements.ts";
import { NEVER_LOOKED, nextStability, provenMs } from "./stability.ts";
import type { Requirement, SuiteOptions } from "./suite.ts";
import type { Evaluation, Reason } from "./verdict.ts";
import { type AskOptions, createWaiters, type Release } from "./waiters.ts";

/** What is known of the requirements, whoever asks. */
export interface Findings {
  readonly reasons: readonly Reason[];
  /** For how long all are proven to have been fit together; undefined while they are not. */
  readonly fitForMs: number | undefined;
}

/** One suite: how its requirements are, since when, and who waits for it. */
export interface Keeper {
  readonly suite: SuiteOptions;
  /** The names under which its requirements are observed. */
  readonly observed: readonly string[];
  /** Looks, and gives the verdict for one who asks so. */
  ask(asked: AskOptions): Evaluation;
  checks(): ReadonlyMap<string, Check>;
  refresh(asked: AskOptions, ms: number): Promise<void> | undefined;
  hold(asked: AskOptions, ms: number, release: Release): () => void;
  /** Looks, lets those go who need not wait any longer, and comes back when time alone may change the verdict. */
  update(): void;
  releaseAll(): void;
  waiting(): number;
  close(): void;
}

export interface KeeperOptions {
  readonly suite: SuiteOptions;
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly maxGapMs: number;
  readonly decide: (findings: Findings, asked: AskOptions) => Evaluation;
  /** Told when the verdict, or why it is that, has changed. */
  readonly tell: (evaluation: Evaluation) => void;
}

/** Those that decide are not observed for the gate's sake more often than this, in ms. */
const CONFIRM_GAP_MS = 250;
/** An observation that is due is made within this time, or this process stood still, in ms. */
const LATE_MS = 1000;
/** Thousands who come at once are told to wait from one look, in ms; nobody is let go without a new one. */
const REUSE_MS = 100;
/** To answer so many takes less than fifty milliseconds. */
const RELEASED_AT_ONCE = 2500;

export function createKeeper({ suite, monitor, clock, maxGapMs, decide, tell }: KeeperOptions): Keeper {
  const configured = new Set(monitor.names);
  const requirements = suite.requirements.filter(({ observed }) => configured.has(observed));
  const observed = [...new Set(requirements.map((each) => each.observed))];
  const waiters = createWaiters(clock, ask);
  let reasons: readonly Reason[] = [];
  let stability = NEVER_LOOKED;
  let seen: readonly Seen[] = [];
  let timer: NodeJS.Timeout | undefined;
  let confirmAt = Number.NEGATIVE_INFINITY;
  let told = "";
  let closed = false;
  let lookedVersion = -1;
  let rest: NodeJS.Immediate | undefined;
  let last: { readonly asked: AskOptions; readonly evaluation: Evaluation } | undefined;

  function look(): void {
    const now = clock.monotonic();
    lookedVersion = monitor.version();
    last = undefined;
    const checks = monitor.checks(observed);
    reasons = judgeRequirements(suite, new Map(checks.map((check) => [check.name, check])));
    seen = checks.map(({ name, ageMs, stale, overdueMs }) => ({
      name,
      stale,
      late: overdueMs > LATE_MS,
      at: now - ageMs,
      decides: decides(name),
    }));
    stability = nextStability(stability, {
      now,
      maxGapMs,
      fit: !reasons.some(blocks),
      seenAt: seen.filter((each) => each.decides).map(({ at }) => at),
    });
  }

  const decides = (name: string): boolean =>
    requirements.some((each) => each.observed === name && each.level === "required");

  const judge = (asked: AskOptions): Evaluation => decide({ reasons, fitForMs: provenMs(stability) }, asked);

  /** Whether nothing was published since the last look, and only a moment has passed. */
  const isRecent = (): boolean =>
    lookedVersion === monitor.version() && clock.monotonic() - stability.lookedAt < REUSE_MS;

  function ask(asked: AskOptions): Evaluation {
    if (last !== undefined && last.evaluation.verdict !== "go" && isRecent() && isSame(last.asked, asked)) {
      return last.evaluation;
    }
    look();
    last = { asked, evaluation: judge(asked) };
    return last.evaluation;
  }

  /** When the window of one who asks so is over; undefined while there is none. */
  const windowEnd = ({ stableMs = suite.stableMs }: AskOptions): number | undefined =>
    stability.since === undefined ? undefined : stability.since + stableMs;

  /** This process, or its event loop, stood still: what was fit before that may not be now. */
  const late = (): readonly Seen[] =>
    stability.since === undefined ? [] : seen.filter((each) => each.decides && each.late);

  /** Whose last word is from before the end of a window that is over: without a new one it proves nothing. */
  function unproven(asked: AskOptions): string[] {
    const end = windowEnd(asked);
    if (end === undefined || clock.monotonic() < end) return [];
    return seen.filter((each) => each.decides && each.at < end).map(({ name }) => name);
  }

  /** At the end of a window that somebody waits for, those are observed whose turn has not come yet. */
  function confirm(asked: readonly AskOptions[], now: number): number | undefined {
    const names = [...new Set(asked.flatMap(unproven))];
    if (names.length === 0) return undefined;
    if (now >= confirmAt) {
      confirmAt = now + CONFIRM_GAP_MS;
      void monitor.observe(names);
    }
    return confirmAt;
  }

  function arm(): void {
    clearTimeout(timer);
    if (closed) return;
    const now = clock.monotonic();
    const asked = waiters.asked();
    const moments = [
      windowEnd({}),
      confirm(asked, now),
      ...asked.flatMap((each) => [windowEnd(each), each.graceUntil]),
    ];
    const next = Math.min(...(moments.filter((moment) => moment !== undefined && moment > now) as number[]));
    if (Number.isFinite(next)) timer = setTimeout(update, Math.ceil(next - now)).unref();
  }

  function update(): void {
    look();
    clearImmediate(rest);
    // The others are judged anew when their turn comes; meanwhile this process answers everybody else.
    if (waiters.settle(judge, isDecided, RELEASED_AT_ONCE)) rest = setImmediate(update);
    tellNews(judge({}));
    arm();
  }

  function tellNews(evaluation: Evaluation): void {
    const news = meaningOf(evaluation);
    if (news === told) return;
    told = news;
    tell(evaluation);
  }

  return {
    suite,
    observed,
    ask,
    update,
    checks: () => byRequirement(requirements, monitor.checks(observed)),
    refresh(asked, ms) {
      if (!isRecent()) look();
      const known = [...seen.filter((each) => each.stale), ...late()].map(({ name }) => name);
      const old = new Set([...known, ...unproven(asked)]);
      return old.size === 0 ? undefined : observeFor(monitor, [...old], ms);
    },
    hold(asked, ms, release) {
      const forget = waiters.add(asked, ms, release);
      arm();
      return forget;
    },
    releaseAll() {
      last = undefined;
      waiters.settle(ask, () => true, Number.POSITIVE_INFINITY);
    },
    waiting: () => waiters.size(),
    close() {
      closed = true;
      clearTimeout(timer);
      clearImmediate(rest);
    },
  };
}

/** Whether nobody need wait any longer. */
export const isDecided = ({ verdict }: Evaluation): boolean => verdict === "go" || verdict === "stop";

const isSame = (a: AskOptions, b: AskOptions): boolean =>
  a.stableMs === b.stableMs && a.graceUntil === b.graceUntil && a.lease === b.lease && a.strict === b.strict;

/** The last word on one requirement. */
interface Seen {
  readonly name: string;
  /** Monotonic ms. */
  readonly at: number;
  readonly stale: boolean;
  /** It should have been observed again by now. */
  readonly late: boolean;
  /** Whether the verdict hangs on it: what is optional need not be proven. */
  readonly decides: boolean;
}

const meaningOf = ({ verdict, reasons }: Evaluation): string =>
  JSON.stringify([
    verdict,
    reasons.map(({ code, dependency, cause, finding }) => [code, dependency, cause?.code, finding?.id]),
  ]);

function byRequirement(
  requirements: readonly Requirement[],
  checks: readonly Check[],
): ReadonlyMap<string, Check> {
  const known = new Map(checks.map((check) => [check.name, check]));
  return new Map(
    requirements.flatMap(({ dependency, observed }) => {
      const check = known.get(observed);
      return check === undefined ? [] : [[dependency, check] as const];
    }),
  );
}

async function observeFor(monitor: Monitor, names: readonly string[], ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([monitor.observe(names), promise]).finally(() => clearTimeout(timer));
}
