import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CauseCode } from "../../../services/causes.ts";
import { systemClock } from "../../../services/clock.ts";
import { type Breaker, createBreaker } from "../../../services/probe/breaker.ts";
import { causeIn, type Observation } from "../../../services/probe/observation.ts";

const options = { failures: 5, successes: 2, resetMs: 30_000, operationMs: 10_000 };
const { signal } = new AbortController();

const passing = (): Observation => ({ status: "pass", at: 0, durationMs: 1 });
const failing = (code: CauseCode): Observation => ({
  status: "fail",
  at: 0,
  durationMs: 1,
  cause: { code, rung: "connect", message: "m" },
});
const slow = (): Observation => ({
  status: "warn",
  at: 0,
  durationMs: 1,
  cause: { code: "SLOW", rung: "query", message: "m" },
});

type Answer = Observation | (() => Promise<Observation>);

/** A breaker over a list of answers; the last one is given again and again. */
function breakerOver(...answers: Answer[]): {
  breaker: Breaker;
  calls: () => number;
  next: (...more: Answer[]) => void;
  signals: AbortSignal[];
} {
  let queue = answers;
  let calls = 0;
  const signals: AbortSignal[] = [];
  const breaker = createBreaker({
    options,
    clock: systemClock,
    observe(given) {
      calls += 1;
      signals.push(given);
      const answer = (queue.length > 1 ? queue.shift() : queue[0]) as Answer;
      return typeof answer === "function" ? answer() : Promise.resolve(answer);
    },
  });
  return { breaker, calls: () => calls, signals, next: (...more) => void (queue = more) };
}

async function fire(breaker: Breaker, times: number): Promise<(Observation | undefined)[]> {
  const observations: (Observation | undefined)[] = [];
  for (let time = 0; time < times; time += 1) observations.push(await breaker.fire(signal));
  return observations;
}

describe("the breaker", () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_700_000_000_000 }));
  afterEach(() => vi.useRealTimers());

  test("four failures leave it closed, the fifth in a row opens it, and each observation is handed on", async () => {
    const { breaker } = breakerOver(failing("CONNECT_REFUSED"));
    for (const observation of await fire(breaker, 4)) expect(observation).toEqual(failing("CONNECT_REFUSED"));
    expect(breaker.state()).toEqual({ state: "closed" });
    await fire(breaker, 1);
    expect(breaker.state()).toEqual({
      state: "open",
      openedAt: 1_700_000_000_000,
      nextTryAt: 1_700_000_030_000,
    });
    breaker.shutdown();
  });

  test("a success in between starts the count again; a warning is a success", async () => {
    const { breaker, next } = breakerOver(failing("CONNECT_REFUSED"));
    for (const good of [passing(), slow()]) {
      next(failing("CONNECT_REFUSED"));
      await fire(breaker, 4);
      next(good);
      await fire(breaker, 1);
    }
    next(failing("CONNECT_REFUSED"));
    await fire(breaker, 4);
    expect(breaker.state().state).toBe("closed");
    await fire(breaker, 1);
    expect(breaker.state().state).toBe("open");
    breaker.shutdown();
  });

  test.each<CauseCode>(["AUTH_FAILED", "DATABASE_MISSING", "TABLE_MISSING", "CHECK_ERROR", "DNS_NOT_FOUND"])(
    "%s never opens it, however often",
    async (code) => {
      const { breaker, calls } = breakerOver(failing(code));
      await fire(breaker, 50);
      expect({ state: breaker.state(), calls: calls() }).toEqual({ state: { state: "closed" }, calls: 50 });
      breaker.shutdown();
    },
  );

  test("an error of the check itself is handed on and never opens it", async () => {
    const { breaker, calls } = breakerOver(() => Promise.reject(new TypeError("a bug")));
    for (let time = 0; time < 12; time += 1) await expect(breaker.fire(signal)).rejects.toThrow("a bug");
    expect({ state: breaker.state().state, calls: calls() }).toEqual({ state: "closed", calls: 12 });
    breaker.shutdown();
  });

  test("while open, fire gives undefined and does not observe", async () => {
    const { breaker, calls } = breakerOver(failing("CONNECT_REFUSED"));
    await fire(breaker, 5);
    expect(await fire(breaker, 3)).toEqual([undefined, undefined, undefined]);
    expect(calls()).toBe(5);
    breaker.shutdown();
  });

  test("allowTrial makes it half-open at once; a trial takes as many successes as closing needs", async () => {
    const { breaker, calls, next } = breakerOver(failing("CONNECT_REFUSED"));
    await fire(breaker, 5);
    breaker.allowTrial();
    expect(breaker.state()).toEqual({ state: "halfOpen", openedAt: 1_700_000_000_000 });
    next(passing());
    expect(await fire(breaker, 1)).toEqual([passing()]);
    expect(calls()).toBe(5 + options.successes);
    expect(breaker.state()).toEqual({ state: "closed" });
    next(failing("CONNECT_REFUSED"));
    await fire(breaker, 4);
    expect(breaker.state().state, "the count has started again").toBe("closed");
    breaker.shutdown();
  });

  test("a trial that passes once and then fails opens it again, with the time of the first opening", async () => {
    const { breaker, next } = breakerOver(failing("CONNECT_REFUSED"));
    await fire(breaker, 5);
    vi.setSystemTime(1_700_000_007_000);
    breaker.allowTrial();
    next(passing(), failing("QUERY_TIMEOUT"));
    expect(await fire(breaker, 1)).toEqual([failing("QUERY_TIMEOUT")]);
    expect(breaker.state()).toEqual({
      state: "open",
      openedAt: 1_700_000_000_000,
      nextTryAt: 1_700_000_037_000,
    });
    expect(await fire(breaker, 1)).toEqual([undefined]);
    breaker.shutdown();
  });

  test("without a knock it becomes half-open after the reset time, and a failing trial opens it again", async () => {
    const { breaker, next } = breakerOver(failing("CONNECT_REFUSED"));
    await fire(breaker, 5);
    await vi.advanceTimersByTimeAsync(options.resetMs - 1);
    expect(breaker.state().state).toBe("open");
    await vi.advanceTimersByTimeAsync(1);
    expect(breaker.state().state).toBe("halfOpen");
    await fire(breaker, 1);
    expect(breaker.state().state).toBe("open");
    await vi.advanceTimersByTimeAsync(options.resetMs);
    next(passing());
    await fire(breaker, 1);
    expect(breaker.state()).toEqual({ state: "closed" });
    breaker.shutdown();
  });

  test("a rejected login in a trial shows that the server is there, and closes it", async () => {
    const { breaker, next } = breakerOver(failing("CONNECT_REFUSED"));
    await fire(breaker, 5);
    breaker.allowTrial();
    next(failing("AUTH_FAILED"));
    expect(await fire(breaker, 1)).toEqual([failing("AUTH_FAILED")]);
    expect(breaker.state()).toEqual({ state: "closed" });
    breaker.shutdown();
  });

  test("allowTrial changes nothing while it is closed or half-open", async () => {
    const { breaker } = breakerOver(failing("CONNECT_REFUSED"));
    breaker.allowTrial();
    expect(breaker.state()).toEqual({ state: "closed" });
    await fire(breaker, 5);
    breaker.allowTrial();
    breaker.allowTrial();
    expect(breaker.state().state).toBe("halfOpen");
    breaker.shutdown();
  });

  test("a call over the operation deadline is QUERY_TIMEOUT, and the observation is aborted", async () => {
    const { breaker, signals } = breakerOver(() => new Promise(() => undefined));
    const fired = breaker.fire(signal);
    await vi.advanceTimersByTimeAsync(options.operationMs);
    const observation = await fired;
    expect(observation).toMatchObject({
      status: "fail",
      durationMs: options.operationMs,
      cause: { code: "QUERY_TIMEOUT" },
    });
    expect(causeIn(observation as Observation)?.message).toContain(`${options.operationMs} ms`);
    expect(signals[0]?.aborted).toBe(true);
    breaker.shutdown();
  });

  test("five calls over the operation deadline open it", async () => {
    const { breaker } = breakerOver(() => new Promise(() => undefined));
    for (let time = 0; time < 5; time += 1) {
      const fired = breaker.fire(signal);
      await vi.advanceTimersByTimeAsync(options.operationMs);
      await fired;
    }
    expect(breaker.state().state).toBe("open");
    breaker.shutdown();
  });

  test("when the caller's signal aborts, fire rejects with its reason, and the observation is aborted", async () => {
    const controller = new AbortController();
    const { breaker, signals } = breakerOver(
      () =>
        new Promise((_resolve, reject) => {
          signals[0]?.addEventListener("abort", () => reject(signals[0]?.reason as Error));
        }),
    );
    const fired = breaker.fire(controller.signal);
    controller.abort(new Error("stopped"));
    await expect(fired).rejects.toThrow("stopped");
    breaker.shutdown();
  });

  test.each(["closed", "open", "halfOpen"])("shutdown leaves no timer when it is %s", async (state) => {
    const { breaker } = breakerOver(failing("CONNECT_REFUSED"));
    if (state !== "closed") await fire(breaker, 5);
    if (state === "halfOpen") breaker.allowTrial();
    expect(breaker.state().state).toBe(state);
    breaker.shutdown();
    expect(vi.getTimerCount()).toBe(0);
  });
});
