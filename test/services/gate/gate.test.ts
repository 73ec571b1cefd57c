import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createGate, type Gate } from "../../../services/gate/gate.ts";
import type { SuiteOptions } from "../../../services/gate/suite.ts";
import type { Evaluation, Reason } from "../../../services/gate/verdict.ts";
import { fakeMonitor, type FakeMonitor, MAX_AGE_MS, movedClock, type MovedClock } from "./fake-monitor.ts";

const suiteOf = (names: readonly string[], given: Partial<SuiteOptions> = {}): SuiteOptions => ({
  name: "s",
  requirements: names.map((name) => ({
    dependency: name,
    observed: name,
    level: "required",
    assurance: "real",
  })),
  stableMs: 3000,
  graceMs: 0,
  credentials: [],
  ...given,
});

const GAP_MS = 5000;
const REFUSED = { status: "fail", code: "CONNECT_REFUSED" } as const;
const REJECTED = { status: "fail", code: "AUTH_FAILED" } as const;

let clock: MovedClock;
let monitor: FakeMonitor;
let standing: readonly Reason[];
let gate: Gate;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  clock = movedClock();
  standing = [];
});
afterEach(() => {
  gate.close();
  expect(vi.getTimerCount(), "timers left").toBe(0);
  vi.useRealTimers();
});

function open(names: readonly string[], given: Partial<SuiteOptions> = {}): void {
  monitor = fakeMonitor(names, clock);
  gate = createGate({
    suites: [suiteOf(names, given)],
    monitor,
    clock,
    maxGapMs: () => GAP_MS,
    standing: () => standing,
  });
}

/** Lets time pass, in small steps, as it does. */
function pass(ms: number): void {
  for (let left = ms; left > 0; left -= 10) {
    clock.add(Math.min(10, left));
    vi.advanceTimersByTime(Math.min(10, left));
  }
}

/** The same while both are observed each half second. */
function observed(ms: number, names: readonly string[] = monitor.names): void {
  for (let left = ms; left > 0; left -= 500) {
    pass(Math.min(500, left));
    for (const name of names) monitor.say(name);
  }
}

const verdict = (stableMs?: number): string => gate.evaluate("s", { stableMs }).verdict;
const codes = ({ reasons }: Evaluation): string[] => reasons.map(({ code }) => code);

/** What a waiter was told. */
function waiter(options: { ms?: number; stableMs?: number; graceUntil?: number; lease?: string } = {}): {
  told: Evaluation[];
  forget: () => void;
} {
  const told: Evaluation[] = [];
  const forget = gate.hold("s", { ms: 60_000, ...options }, (evaluation) => void told.push(evaluation));
  return { told, forget };
}

describe("all requirements at the same moment", () => {
  test("one that fits only while the other does not is never go, whatever the window", () => {
    open(["a", "b"]);
    const { told } = waiter({ stableMs: 0 });
    for (let round = 0; round < 50; round += 1) {
      monitor.say("b", REFUSED);
      monitor.say("a");
      pass(100);
      expect(verdict(0)).toBe("wait");
      monitor.say("a", REFUSED);
      monitor.say("b");
      pass(100);
      expect(verdict(0)).toBe("wait");
    }
    expect(told).toEqual([]);
    monitor.say("a");
    expect(told).toMatchObject([{ verdict: "go", fit: true }]);
  });

  test("is held for the window, and a flap starts the window anew", () => {
    open(["a", "b"]);
    observed(2500);
    monitor.say("a", REFUSED);
    pass(10);
    monitor.say("a");
    observed(2500);
    expect(codes(gate.evaluate("s"))).toEqual(["SETTLING"]);
    expect(verdict()).toBe("wait");
    observed(1000);
    expect(verdict()).toBe("go");
  });

  test("time alone proves nothing: at the end of the window those are observed whose last word is older", () => {
    open(["a", "b"]);
    monitor.say("a");
    monitor.say("b");
    const { told } = waiter();
    pass(2900);
    monitor.say("a");
    expect(monitor.asked).toEqual([]);
    pass(200);
    expect(monitor.asked[0]).toEqual(["a", "b"]);
    expect(told).toEqual([]);
    monitor.say("a");
    expect(told).toEqual([]);
    monitor.say("b");
    expect(told).toMatchObject([{ verdict: "go" }]);
  });

  test("one that is broken at the end of the window, and was not looked at during it, is no go", () => {
    open(["a", "b"]);
    monitor.say("a");
    monitor.say("b");
    const { told } = waiter();
    monitor.onObserve = () => {
      monitor.onObserve = () => undefined;
      monitor.say("a", REFUSED);
      monitor.say("b");
    };
    pass(4000);
    expect(told).toEqual([]);
    expect(codes(gate.evaluate("s"))).toEqual(["NOT_FIT"]);
  });

  test("while an answer to that does not come, it is not asked for more often than four times a second", () => {
    open(["a", "b"]);
    monitor.say("a");
    monitor.say("b");
    waiter({ stableMs: 1000 });
    for (let round = 0; round < 300; round += 1) {
      pass(10);
      monitor.say("b");
    }
    expect(monitor.asked.length).toBeLessThanOrEqual(9);
    expect(monitor.asked.length).toBeGreaterThan(3);
    monitor.say("a");
  });

  test("a go is not repeated without a new look, however little time has passed", () => {
    open(["a"], { stableMs: 0 });
    monitor.say("a");
    clock.add(MAX_AGE_MS - 10);
    expect(verdict()).toBe("go");
    clock.add(20);
    expect(verdict()).toBe("inconclusive");
  });
});

describe("a gap in the observations", () => {
  test("starts the window anew", () => {
    open(["a"]);
    observed(4000);
    expect(verdict()).toBe("go");
    clock.add(GAP_MS + 1);
    monitor.say("a");
    expect(codes(gate.evaluate("s"))).toEqual(["SETTLING"]);
    observed(3000);
    expect(verdict()).toBe("go");
  });

  test("of a process that was frozen while a request was held does not release it when it goes on", () => {
    open(["a"]);
    monitor.say("a");
    const { told } = waiter();
    clock.add(3_600_000);
    vi.advanceTimersByTime(3000);
    expect(told).toEqual([]);
    expect(codes(gate.evaluate("s"))).toEqual(["UNKNOWN"]);
    monitor.say("a");
    expect(verdict()).toBe("wait");
    observed(3500);
    expect(told).toMatchObject([{ verdict: "go" }]);
  });

  test("a refresh is asked for what is stale, and for nothing that is recent", async () => {
    open(["a", "b"]);
    observed(4000);
    expect(gate.refresh("s", { ms: 100 })).toBeUndefined();
    clock.add(9000);
    monitor.say("b");
    clock.add(2000);
    const refreshing = gate.refresh("s", { ms: 100 });
    expect(monitor.asked).toEqual([["a"]]);
    await refreshing;
  });
});

describe("a process that stood still for less than makes a word stale", () => {
  test("observes anew what is due before it says go again", async () => {
    open(["a", "b"], { stableMs: 0 });
    monitor.say("a");
    monitor.say("b");
    expect(gate.evaluate("s")).toMatchObject({ verdict: "go" });
    clock.add(1900);
    expect(gate.refresh("s", { ms: 100 })).toBeUndefined();
    clock.add(1000);
    monitor.onObserve = () => monitor.say("b", REFUSED);
    await gate.refresh("s", { ms: 100 });
    expect(monitor.asked).toEqual([["a", "b"]]);
    expect(gate.evaluate("s")).toMatchObject({ verdict: "wait" });
  });

  test("and waits for nobody when it is not fit anyway", () => {
    open(["a"], { stableMs: 0 });
    monitor.say("a", REFUSED);
    clock.add(3000);
    expect(gate.refresh("s", { ms: 100 })).toBeUndefined();
  });
});

describe("a clock that is set", () => {
  test.each([-86_400_000, 86_400_000])("by %i ms neither releases nor delays", (ms) => {
    open(["a"]);
    monitor.say("a");
    const { told } = waiter();
    observed(1000);
    clock.setWall(clock.now() + ms);
    observed(1500);
    expect(told).toEqual([]);
    observed(1000);
    expect(told).toMatchObject([{ verdict: "go" }]);
  });
});

describe("what waiting cannot cure", () => {
  test("is stop at once", () => {
    open(["a", "b"]);
    monitor.say("a");
    const { told } = waiter();
    monitor.say("b", REJECTED);
    expect(told).toMatchObject([{ verdict: "stop" }]);
    expect(gate.waiting()).toBe(0);
  });

  test("is waited for during the grace, and stop at the end of it", () => {
    open(["a"]);
    const { told } = waiter({ graceUntil: clock.monotonic() + 2000 });
    monitor.say("a", REJECTED);
    pass(1900);
    expect(told).toEqual([]);
    pass(200);
    expect(told).toMatchObject([{ verdict: "stop" }]);
  });

  test("that goes away during the grace is go", () => {
    open(["a"]);
    const { told } = waiter({ stableMs: 500, graceUntil: clock.monotonic() + 5000 });
    monitor.say("a", REJECTED);
    pass(1000);
    observed(1500);
    expect(told).toMatchObject([{ verdict: "go" }]);
  });
});

describe("those who wait", () => {
  test("get what is known when their time is up, each at its own time", () => {
    open(["a"]);
    monitor.say("a", REFUSED);
    const first = waiter({ ms: 1000 });
    pass(500);
    const second = waiter({ ms: 1000 });
    pass(600);
    expect(first.told).toMatchObject([{ verdict: "wait" }]);
    expect(second.told).toEqual([]);
    pass(500);
    expect(second.told).toMatchObject([{ verdict: "wait" }]);
  });

  test("and want the same get the same object, once", () => {
    open(["a"]);
    monitor.say("a", REFUSED);
    const all = Array.from({ length: 100 }, () => waiter({ stableMs: 0 }));
    expect(gate.waiting("s")).toBe(100);
    monitor.say("a");
    expect(new Set(all.flatMap(({ told }) => told)).size).toBe(1);
    expect(all.every(({ told }) => told.length === 1)).toBe(true);
    expect(gate.waiting()).toBe(0);
  });

  test("and are thousands, are let go in turns; whoever's turn comes after it broke again waits on", async () => {
    open(["a"]);
    monitor.say("a", REFUSED);
    const all = Array.from({ length: 6000 }, () => waiter({ stableMs: 0 }));
    const released = (): number => all.filter(({ told }) => told.length > 0).length;
    monitor.say("a");
    const first = released();
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(6000);
    monitor.say("a", REFUSED);
    await new Promise((resolve) => setImmediate(resolve));
    expect(released()).toBe(first);
    expect(gate.waiting()).toBe(6000 - first);
    monitor.say("a");
    while (gate.waiting() > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(all.every(({ told }) => told.length === 1 && told[0]?.verdict === "go")).toBe(true);
  });

  test("and have asked before get DRAINING all the same, and nothing older", () => {
    open(["a"]);
    monitor.say("a", REFUSED);
    const { told } = waiter();
    expect(codes(gate.evaluate("s"))).toEqual(["NOT_FIT"]);
    gate.drain();
    expect(told.map(codes)).toEqual([["DRAINING", "NOT_FIT"]]);
    expect(codes(gate.evaluate("s"))).toEqual(["DRAINING", "NOT_FIT"]);
  });

  test("and leave are forgotten, and told nothing", () => {
    open(["a"]);
    monitor.say("a", REFUSED);
    const [stays, leaves] = [waiter({ stableMs: 0 }), waiter({ stableMs: 0 })];
    leaves.forget();
    leaves.forget();
    expect(gate.waiting()).toBe(1);
    monitor.say("a");
    expect(leaves.told).toEqual([]);
    expect(stays.told).toHaveLength(1);
  });

  test("with another window than the suite's are let go at the end of their own", () => {
    open(["a"]);
    monitor.say("a");
    const [short, long] = [waiter({ stableMs: 1000 }), waiter({ stableMs: 2000 })];
    observed(1500);
    expect([short.told.length, long.told.length]).toEqual([1, 0]);
    observed(1000);
    expect(long.told).toHaveLength(1);
  });

  test("are let go with DRAINING when the process ends, and nobody is let in after that", async () => {
    open(["a"], { stableMs: 0 });
    monitor.say("a", REFUSED);
    const { told } = waiter();
    gate.drain();
    expect(told).toMatchObject([{ verdict: "inconclusive", reasons: [{ code: "DRAINING" }, {}] }]);
    monitor.say("a");
    expect(verdict()).toBe("inconclusive");
    const late = waiter();
    pass(20);
    expect(late.told).toMatchObject([{ verdict: "inconclusive" }]);
  });

  test("as a promise reject with the reason of their signal, and nothing is left of them", async () => {
    open(["a"]);
    monitor.say("a", REFUSED);
    const controller = new AbortController();
    const waiting = gate.wait("s", { ms: 1000, signal: controller.signal });
    expect(gate.waiting()).toBe(1);
    controller.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    expect(gate.waiting()).toBe(0);
  });
});

describe("what stands in the way", () => {
  const held: Reason = { code: "HELD", level: "required", effect: "blocks", curable: true, message: "held" };

  test("keeps a fit suite from going, and lets it go at once when it ends", () => {
    open(["a"]);
    standing = [held];
    observed(4000);
    const { told } = waiter();
    expect(codes(gate.evaluate("s"))).toEqual(["HELD"]);
    standing = [];
    gate.reconsider("s");
    expect(told).toMatchObject([{ verdict: "go" }]);
  });

  test("does not hide that waiting is of no use", () => {
    open(["a"]);
    standing = [held];
    monitor.say("a", REJECTED);
    expect(verdict()).toBe("stop");
  });
});

test("a listener is told each change of the verdict or its reasons, and no repetition", () => {
  open(["a"], { stableMs: 1000 });
  const told: string[] = [];
  gate.subscribe((evaluation) => void told.push(`${evaluation.verdict} ${codes(evaluation).join()}`));
  monitor.say("a", REFUSED);
  monitor.say("a", REFUSED);
  observed(2000);
  monitor.say("a", REJECTED);
  expect(told).toEqual(["wait NOT_FIT", "wait SETTLING", "go ", "stop NOT_FIT"]);
});
