import type { Clock } from "../clock.ts";
import type { Evaluation } from "./verdict.ts";

/** How one caller wants a suite judged. */
export interface AskOptions {
  /** Instead of the suite's own, in ms. */
  readonly stableMs?: number | undefined;
  /** Monotonic ms until which causes that waiting cannot cure are waited for. */
  readonly graceUntil?: number | undefined;
  /** The lease that the caller has. */
  readonly lease?: string | undefined;
  /** Errors among the findings of any area stop the suite, whatever the environment says. */
  readonly strict?: boolean | undefined;
}

export type Release = (evaluation: Evaluation) => void;
export type Judge = (asked: AskOptions) => Evaluation;

/** Those who wait for one suite. */
export interface Waiters {
  /** Calls `release` once, after `ms` at the latest. Returns what forgets the waiter. */
  add(asked: AskOptions, ms: number, release: Release): () => void;
  /**
   * Lets those go for whom `done` holds; all of a group get the same evaluation. At most `limit`; true when there may be
   * more.
   */
  settle(judge: Judge, done: (evaluation: Evaluation) => boolean, limit: number): boolean;
  /** What they ask for, each once. */
  asked(): readonly AskOptions[];
  size(): number;
}

interface Waiter {
  readonly deadlineAt: number;
  readonly release: Release;
}

/** Callers who want the same for the same time: in the order in which they came, and so in that of their deadlines. */
interface Group {
  readonly asked: AskOptions;
  readonly waiters: Set<Waiter>;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Ten thousand of them cost one judgement and one timer a group.
 *
 * @param judge what is known now, for those whose time is up
 */
export function createWaiters(clock: Clock, judge: Judge): Waiters {
  const groups = new Map<string, Group>();

  function groupFor(key: string, asked: AskOptions): Group {
    let group = groups.get(key);
    if (group === undefined) {
      group = { asked, waiters: new Set(), timer: undefined };
      groups.set(key, group);
    }
    return group;
  }

  function drop(key: string, group: Group): void {
    clearTimeout(group.timer);
    groups.delete(key);
  }

  function arm(key: string, group: Group): void {
    const [next] = group.waiters;
    if (next === undefined) return drop(key, group);
    const ms = Math.max(0, Math.ceil(next.deadlineAt - clock.monotonic()));
    group.timer = setTimeout(() => expire(key, group), ms);
  }

  function expire(key: string, group: Group): void {
    const evaluation = judge(group.asked);
    const now = clock.monotonic();
    for (const waiter of group.waiters) {
      if (waiter.deadlineAt > now) break;
      group.waiters.delete(waiter);
      waiter.release(evaluation);
    }
    arm(key, group);
  }

  return {
    add(asked, ms, release) {
      const { stableMs = "", graceUntil = "", lease = "", strict = false } = asked;
      const key = `${ms} ${stableMs} ${graceUntil} ${lease} ${strict}`;
      const group = groupFor(key, asked);
      const waiter = { deadlineAt: clock.monotonic() + ms, release };
      group.waiters.add(waiter);
      if (group.timer === undefined) arm(key, group);
      return () => {
        if (group.waiters.delete(waiter) && group.waiters.size === 0) drop(key, group);
      };
    },
    settle(judgeNow, done, limit) {
      let left = limit;
      for (const [key, group] of groups) {
        const evaluation = judgeNow(group.asked);
        if (!done(evaluation)) continue;
        for (const waiter of group.waiters) {
          if (left === 0) return true;
          left -= 1;
          group.waiters.delete(waiter);
          waiter.release(evaluation);
        }
        drop(key, group);
      }
      return false;
    },
    asked: () => [...groups.values()].map(({ asked }) => asked),
    size: () => [...groups.values()].reduce((sum, { waiters }) => sum + waiters.size, 0),
  };
}
