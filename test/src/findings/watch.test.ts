import { describe, expect, test } from "vitest";
import type { FindingsSnapshot } from "../../../services/findings/registry.ts";
import { createFindingsWatch } from "../../../src/findings/watch.ts";

const NOTHING: FindingsSnapshot = { sources: [], findings: [], complete: true };

/** A clock and timers that move when they are told to. */
function movable() {
  let now = 1000;
  let due: { at: number; run: () => void } | undefined;
  return {
    clock: { now: () => now, monotonic: () => now },
    setTimer: (run: () => void, ms: number) => {
      due = { at: now + ms, run };
      return () => (due = undefined);
    },
    dueAt: () => due?.at,
    async moveTo(at: number) {
      now = at;
      const timer = due;
      if (timer === undefined || timer.at > at) return;
      due = undefined;
      timer.run();
      await settle();
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A registry whose rounds end when they are told to. */
function slowRegistry() {
  const rounds: PromiseWithResolvers<FindingsSnapshot>[] = [];
  return {
    rounds,
    collect: (signal: AbortSignal) => {
      const round = Promise.withResolvers<FindingsSnapshot>();
      signal.addEventListener("abort", () => round.reject(signal.reason as Error));
      rounds.push(round);
      return round.promise;
    },
  };
}

describe("the watch over findings", () => {
  test("looks at once, then at whole intervals from its start, whatever a round takes", async () => {
    const time = movable();
    const registry = slowRegistry();
    const watch = createFindingsWatch({ registry, everyMs: 100, ...time });
    watch.start();
    watch.start();
    expect(registry.rounds).toHaveLength(1);
    await time.moveTo(1030);
    registry.rounds[0]?.resolve(NOTHING);
    await settle();
    expect(time.dueAt()).toBe(1100);
    await time.moveTo(1100);
    expect(registry.rounds).toHaveLength(2);
    await time.moveTo(1350);
    expect(registry.rounds, "one at a time").toHaveLength(2);
    registry.rounds[1]?.resolve(NOTHING);
    await settle();
    expect(time.dueAt()).toBe(1400);
    await watch.stop();
    expect(time.dueAt()).toBeUndefined();
  });

  test("ends the round under way when it is stopped, and begins no other", async () => {
    const time = movable();
    const registry = slowRegistry();
    const watch = createFindingsWatch({ registry, everyMs: 100, ...time });
    watch.start();
    await watch.stop();
    expect(time.dueAt()).toBeUndefined();
    watch.start();
    expect(registry.rounds).toHaveLength(1);
  });

  test("does not hide a fault of Greenlight's own", async () => {
    const registry = { collect: () => Promise.reject(new Error("a bug")) };
    const watch = createFindingsWatch({ registry, everyMs: 100, ...movable() });
    const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
    const listeners = process.listeners("unhandledRejection").slice(0, -1);
    for (const each of listeners) process.off("unhandledRejection", each);
    watch.start();
    expect(await unhandled).toMatchObject({ message: "a bug" });
    for (const each of listeners) process.on("unhandledRejection", each);
  });
});
