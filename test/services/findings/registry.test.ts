import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createFinding } from "../../../services/findings/create.ts";
import type { Finding } from "../../../services/findings/finding.ts";
import {
  type CollectedSource,
  createFindingsRegistry,
  type FindingsChange,
} from "../../../services/findings/registry.ts";

const found = (name: string): Finding =>
  createFinding({ code: "FLAG_BYPASS", subject: name, message: "It is set." });
const signal = new AbortController().signal;
const clock = { now: () => 1000, monotonic: () => 0 };

/** A source whose answers a test gives, one after the other. */
function scripted(name: string) {
  const asked: { resolve: (findings: readonly Finding[]) => void; reject: (error: Error) => void }[] = [];
  const source: CollectedSource = {
    name,
    collect: () =>
      new Promise((resolve, reject) => {
        asked.push({ resolve, reject });
      }),
  };
  return { source, asked };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ids = ({ findings }: { findings: readonly Finding[] }): string[] => findings.map(({ id }) => id);

test("before anything was asked nothing is known, which is not that there is nothing", () => {
  const registry = createFindingsRegistry({ sources: [scripted("drift").source], clock });
  expect(registry.snapshot()).toEqual({
    sources: [{ name: "drift", status: "pending", findings: [] }],
    findings: [],
    complete: false,
  });
});

describe("collecting", () => {
  test("keeps the findings of each source, and tells what appeared and what is gone", async () => {
    const drift = scripted("drift");
    const registry = createFindingsRegistry({ sources: [drift.source], clock });
    const told: FindingsChange[] = [];
    registry.subscribe((change) => told.push(change));
    const first = registry.collect(signal);
    drift.asked[0]?.resolve([found("SKIP_A"), found("SKIP_B")]);
    expect(await first).toMatchObject({
      complete: true,
      sources: [{ status: "collected", collectedAt: 1000 }],
    });
    const second = registry.collect(signal);
    drift.asked[1]?.resolve([found("SKIP_B"), found("SKIP_C")]);
    expect(ids(await second)).toEqual(["FLAG_BYPASS:SKIP_B", "FLAG_BYPASS:SKIP_C"]);
    expect(told.map(({ appeared, gone }) => [ids({ findings: appeared }), ids({ findings: gone })])).toEqual([
      [["FLAG_BYPASS:SKIP_A", "FLAG_BYPASS:SKIP_B"], []],
      [["FLAG_BYPASS:SKIP_C"], ["FLAG_BYPASS:SKIP_A"]],
    ]);
  });

  test("the same findings again are no news", async () => {
    const drift = scripted("drift");
    const registry = createFindingsRegistry({ sources: [drift.source], clock });
    const listener = vi.fn();
    registry.subscribe(listener);
    for (const round of [0, 1]) {
      const collecting = registry.collect(signal);
      drift.asked[round]?.resolve([found("SKIP_A")]);
      await collecting;
    }
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test("one that fails is a finding of its own, and keeps what it had found", async () => {
    const drift = scripted("drift");
    const registry = createFindingsRegistry({ sources: [drift.source], clock });
    const first = registry.collect(signal);
    drift.asked[0]?.resolve([found("SKIP_A")]);
    await first;
    const second = registry.collect(signal);
    drift.asked[1]?.reject(new Error("EACCES"));
    const snapshot = await second;
    expect(ids(snapshot)).toEqual(["FLAG_BYPASS:SKIP_A", "SOURCE_FAILED:drift"]);
    expect(snapshot.complete).toBe(false);
  });

  test("one that throws at once fails too", async () => {
    const source: CollectedSource = {
      name: "drift",
      collect() {
        throw new Error("at once");
      },
    };
    const registry = createFindingsRegistry({ sources: [source], clock });
    expect(ids(await registry.collect(signal))).toEqual(["SOURCE_FAILED:drift"]);
  });

  test("one that is late is a finding, holds nobody up, is not asked twice, and is heard when it answers", async () => {
    const drift = scripted("drift");
    const quick: CollectedSource = { name: "policy", collect: () => Promise.resolve([found("SKIP_A")]) };
    const registry = createFindingsRegistry({ sources: [drift.source, quick], clock, deadlineMs: 5000 });
    const first = registry.collect(signal);
    await vi.advanceTimersByTimeAsync(5001);
    const snapshot = await first;
    expect(ids(snapshot)).toEqual(["FLAG_BYPASS:SKIP_A", "SOURCE_LATE:drift"]);
    expect(snapshot.complete).toBe(false);
    const second = registry.collect(signal);
    await vi.advanceTimersByTimeAsync(5001);
    await second;
    expect(drift.asked).toHaveLength(1);
    drift.asked[0]?.resolve([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(registry.snapshot()).toMatchObject({ complete: true, findings: [{ id: "FLAG_BYPASS:SKIP_A" }] });
  });

  test("of some sources the others stay as they are", async () => {
    const drift = scripted("drift");
    const quick: CollectedSource = { name: "policy", collect: () => Promise.resolve([]) };
    const registry = createFindingsRegistry({ sources: [drift.source, quick], clock });
    const { sources, complete } = await registry.collect(signal, ["policy"]);
    expect(sources.map(({ status }) => status)).toEqual(["pending", "collected"]);
    expect(complete).toBe(false);
    expect(drift.asked).toEqual([]);
  });

  test("a caller who gives up is let go, and the source is not disturbed", async () => {
    const drift = scripted("drift");
    const registry = createFindingsRegistry({ sources: [drift.source], clock });
    const giving = new AbortController();
    const first = registry.collect(giving.signal);
    const other = registry.collect(signal);
    giving.abort(new Error("interrupted"));
    await expect(first).rejects.toThrow("interrupted");
    drift.asked[0]?.resolve([]);
    expect((await other).complete).toBe(true);
    await expect(registry.collect(giving.signal)).rejects.toThrow("interrupted");
  });

  test("after close nothing changes any more, and sources are told to stop", async () => {
    const aborted = vi.fn();
    const source: CollectedSource = {
      name: "drift",
      collect: (given) =>
        new Promise((_, reject) => {
          given.addEventListener("abort", () => {
            aborted();
            reject(given.reason as Error);
          });
        }),
    };
    const registry = createFindingsRegistry({ sources: [source], clock });
    const collecting = registry.collect(signal);
    registry.close();
    expect((await collecting).sources).toMatchObject([{ status: "pending" }]);
    expect(aborted).toHaveBeenCalledTimes(1);
  });
});

test("what was found too long ago is pending again, with its findings, until it is collected anew", async () => {
  let now = 0;
  const { source, asked } = scripted("drift");
  const registry = createFindingsRegistry({
    sources: [source],
    clock: { now: () => 1000, monotonic: () => now },
    maxAgeMs: 100,
  });
  const first = registry.collect(signal);
  asked[0]?.resolve([found("A")]);
  expect((await first).complete).toBe(true);
  now = 100;
  expect(registry.snapshot().complete).toBe(true);
  now = 101;
  const old = registry.snapshot();
  expect(old).toMatchObject({ complete: false, sources: [{ status: "pending" }] });
  expect(ids(old)).toEqual(["FLAG_BYPASS:A"]);
  expect(registry.snapshot()).toBe(old);
  const again = registry.collect(signal);
  asked[1]?.resolve([]);
  expect(await again).toMatchObject({ complete: true, findings: [] });
});
