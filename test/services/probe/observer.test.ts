import { describe, expect, test } from "vitest";
import { systemClock } from "../../../services/clock.ts";
import { classifyError } from "../../../services/dependencies/classify.ts";
import type { Connection, Dependency } from "../../../services/dependencies/dependency.ts";
import { CauseError } from "../../../services/errors.ts";
import { createObserver, type Observer, RENEW_MS } from "../../../services/probe/observer.ts";

const { signal } = new AbortController();
const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
const answered = Object.assign(new Error("no"), { answered: true, code: "EACCES" });

interface Script {
  open?: () => Promise<void>;
  query?: (number: number) => Promise<void>;
  assert?: () => Promise<void>;
  warnAboveMs?: number;
  intervalMs?: number;
}

/** An observer over connections that do what a script says, with counts of what became of them. */
function observing(script: Script): {
  observer: Observer;
  counts: { opened: number; destroyed: number; lost: number };
  lose: () => void;
  /** Lets its connection grow old. */
  age: () => void;
} {
  const counts = { opened: 0, destroyed: 0, lost: 0 };
  let lose: (() => void) | undefined;
  const dependency = {
    deadlines: { resolveMs: 50, connectMs: 80, queryMs: 40, totalMs: 300 },
    asserts: script.assert !== undefined,
    warnAboveMs: script.warnAboveMs,
    intervalMs: script.intervalMs ?? 1000,
    classify: (error, rung) =>
      classifyError({ error, rung, redact: (text) => text, recognise: () => undefined }),
    answered: (error) => typeof error === "object" && error !== null && "answered" in error,
    async open() {
      counts.opened += 1;
      await script.open?.();
      const number = counts.opened;
      const { promise, resolve } = Promise.withResolvers<void>();
      lose = resolve;
      return {
        lost: promise,
        query: async () => script.query?.(number),
        assert: async () => script.assert?.(),
        destroy: () => void (counts.destroyed += 1),
      } satisfies Connection;
    },
  } as Partial<Dependency> as Dependency;
  let later = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later };
  const observer = createObserver({ dependency, clock, onLost: () => void (counts.lost += 1) });
  return { observer, counts, lose: () => lose?.(), age: () => void (later += RENEW_MS) };
}

describe("the observer", () => {
  test("keeps its connection from one observation to the next, and ends it when closed", async () => {
    const { observer, counts } = observing({});
    for (let time = 0; time < 3; time += 1)
      expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
    expect(counts).toEqual({ opened: 1, destroyed: 0, lost: 0 });
    observer.close();
    expect(counts.destroyed).toBe(1);
  });

  test("a definite cause is believed at once", async () => {
    const { observer, counts } = observing({ open: () => Promise.reject(refused) });
    expect(await observer.observe(signal)).toMatchObject({
      status: "fail",
      cause: { code: "CONNECT_REFUSED" },
    });
    expect(counts.opened).toBe(1);
  });

  test("an indefinite cause is confirmed on a fresh connection: a dead connection to a living server passes", async () => {
    const { observer, counts } = observing({
      query: (number) => (number === 1 ? new Promise(() => undefined) : Promise.resolve()),
    });
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
    expect(counts).toEqual({ opened: 2, destroyed: 1, lost: 0 });
  });

  test("when the second try fails too, its cause is the one that is told, and nothing is left open", async () => {
    const { observer, counts } = observing({ query: () => Promise.reject(reset) });
    expect(await observer.observe(signal)).toMatchObject({
      status: "fail",
      cause: { code: "CONNECT_RESET", rung: "query" },
    });
    expect(counts).toEqual({ opened: 2, destroyed: 2, lost: 0 });
  });

  test("a server that accepts and then says nothing is LOGIN_TIMEOUT, within the deadlines of both tries", async () => {
    const { observer } = observing({ open: () => new Promise(() => undefined) });
    const observation = await observer.observe(signal);
    expect(observation).toMatchObject({
      status: "fail",
      cause: { code: "LOGIN_TIMEOUT", rung: "authenticate" },
    });
    expect(observation.durationMs).toBeLessThan(2000);
  });

  test("a login that succeeds after its deadline leaves no connection held", async () => {
    const late = Promise.withResolvers<void>();
    const { observer, counts } = observing({ open: () => late.promise });
    await observer.observe(signal);
    late.resolve();
    await late.promise;
    observer.close();
    expect(counts.lost).toBe(0);
    expect(counts.opened).toBe(2);
  });

  test("an error that the server itself answered keeps the connection", async () => {
    const { observer, counts } = observing({
      assert: () => Promise.reject(new CauseError("KEY_MISSING", "there is no key x")),
    });
    for (let time = 0; time < 3; time += 1) {
      expect(await observer.observe(signal)).toMatchObject({
        status: "fail",
        cause: { code: "KEY_MISSING", rung: "assert" },
      });
    }
    expect(counts).toMatchObject({ opened: 1, destroyed: 0 });
    const other = observing({ query: () => Promise.reject(answered) });
    await other.observer.observe(signal);
    expect(other.counts.opened, "an indefinite cause is still confirmed on a fresh one").toBe(2);
  });

  test("a cause that is a warning makes it warn", async () => {
    const { observer } = observing({
      assert: () => Promise.reject(new CauseError("MIGRATION_AHEAD", "newest is 9")),
    });
    expect(await observer.observe(signal)).toMatchObject({
      status: "warn",
      cause: { code: "MIGRATION_AHEAD" },
    });
  });

  test("an answer slower than allowed is SLOW, with both times", async () => {
    const { observer } = observing({
      warnAboveMs: 5,
      query: () => new Promise((resolve) => void setTimeout(resolve, 15)),
    });
    const observation = await observer.observe(signal);
    expect(observation).toMatchObject({ status: "warn", cause: { code: "SLOW", rung: "query" } });
    expect(JSON.stringify(observation)).toMatch(/took \d+ ms, allowed are 5 ms/);
  });

  test("a connection that the other side ends is told once, and the next observation opens another", async () => {
    const { observer, counts, lose } = observing({});
    await observer.observe(signal);
    lose();
    await Promise.resolve();
    expect(counts).toEqual({ opened: 1, destroyed: 1, lost: 1 });
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
    expect(counts.opened).toBe(2);
    observer.close();
    lose();
    await Promise.resolve();
    expect(counts.lost, "an end of our own is not told").toBe(1);
  });

  test("when its signal aborts it rejects with the reason", async () => {
    const controller = new AbortController();
    const { observer } = observing({ query: () => new Promise(() => undefined) });
    const observed = observer.observe(controller.signal);
    controller.abort(new Error("stopped"));
    await expect(observed).rejects.toThrow("stopped");
  });
});

describe("a connection that grows old", () => {
  test("is replaced after it has answered, and its end is nobody's news", async () => {
    const asked: number[] = [];
    const { observer, counts, age } = observing({
      query: (number) => Promise.resolve(void asked.push(number)),
    });
    await observer.observe(signal);
    age();
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
    await observer.observe(signal);
    expect(asked).toEqual([1, 1, 2, 2]);
    expect(counts).toEqual({ opened: 2, destroyed: 1, lost: 0 });
  });

  test("fails with what a new one meets, although the old one still answers", async () => {
    let full = false;
    const { observer, age } = observing({ open: () => (full ? Promise.reject(refused) : Promise.resolve()) });
    await observer.observe(signal);
    full = true;
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
    age();
    expect(await observer.observe(signal)).toMatchObject({
      status: "fail",
      cause: { code: "CONNECT_REFUSED" },
    });
    full = false;
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
  });

  test("is given up when it is refused what a new one may do", async () => {
    const { observer, counts, age } = observing({
      query: (number) =>
        number === 1 ? Promise.reject(new CauseError("READ_ONLY", "no writes")) : Promise.resolve(),
    });
    expect(await observer.observe(signal)).toMatchObject({ status: "fail", cause: { code: "READ_ONLY" } });
    age();
    await observer.observe(signal);
    expect(await observer.observe(signal)).toMatchObject({ status: "pass" });
    expect(counts).toEqual({ opened: 2, destroyed: 1, lost: 0 });
  });

  test("is asked once a round all the same where rounds are rare", async () => {
    const asked: number[] = [];
    const { observer, age } = observing({
      intervalMs: RENEW_MS,
      query: (number) => Promise.resolve(void asked.push(number)),
    });
    await observer.observe(signal);
    age();
    await observer.observe(signal);
    expect(asked).toEqual([1, 2]);
  });
});
