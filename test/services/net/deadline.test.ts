import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DeadlineError } from "../../../services/errors.ts";
import { withDeadline } from "../../../services/net/deadline.ts";

const waitedFor = "an answer";

const parent = (): { signal: AbortSignal; abort: (reason: unknown) => void; listeners: () => number } => {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    signal,
    abort: (reason) => controller.abort(reason),
    listeners: () => getEventListeners(signal, "abort").length,
  };
};

describe("withDeadline", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount(), "timers left").toBe(0);
    vi.useRealTimers();
  });

  test("work that ends in time gives its value, and neither timer nor listener is left", async () => {
    const { signal, listeners } = parent();
    await expect(withDeadline({ ms: 50, waitedFor, signal }, async () => "value")).resolves.toBe("value");
    expect(listeners()).toBe(0);
  });

  test("work that fails gives its own error, and neither timer nor listener is left", async () => {
    const { signal, listeners } = parent();
    await expect(
      withDeadline({ ms: 50, waitedFor, signal }, () => Promise.reject(new RangeError("own"))),
    ).rejects.toThrow(new RangeError("own"));
    await expect(
      withDeadline({ ms: 50, waitedFor, signal }, () => {
        throw new RangeError("thrown");
      }),
    ).rejects.toThrow("thrown");
    expect(listeners()).toBe(0);
  });

  test("when the time is up it rejects at once with what was waited for, and aborts the work", async () => {
    const { signal, listeners } = parent();
    let inner: AbortSignal | undefined;
    const ended = withDeadline({ ms: 50, waitedFor, signal }, (given) => {
      inner = given;
      return new Promise(() => undefined);
    });
    const expected = expect(ended).rejects.toThrow(new DeadlineError(waitedFor, 50));
    await vi.advanceTimersByTimeAsync(49);
    expect(inner?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await expected;
    expect(inner?.reason).toBeInstanceOf(DeadlineError);
    expect(listeners()).toBe(0);
  });

  test("when the parent aborts it rejects with the parent's reason, and the work is told the same", async () => {
    const { signal, abort, listeners } = parent();
    let inner: AbortSignal | undefined;
    const ended = withDeadline({ ms: 50, waitedFor, signal }, (given) => {
      inner = given;
      return new Promise(() => undefined);
    });
    const reason = new Error("the parent's");
    abort(reason);
    await expect(ended).rejects.toBe(reason);
    expect(inner?.reason).toBe(reason);
    expect(listeners()).toBe(0);
  });

  test("with a parent that has aborted before, the work is not begun", async () => {
    const { signal, abort } = parent();
    abort(new Error("before"));
    const work = vi.fn<() => Promise<void>>(async () => undefined);
    await expect(withDeadline({ ms: 50, waitedFor, signal }, work)).rejects.toThrow("before");
    expect(work).not.toHaveBeenCalled();
  });

  test("a loser that fails later is not an unhandled rejection", async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on("unhandledRejection", unhandled);
    const { signal } = parent();
    const late = Promise.withResolvers<void>();
    const ended = expect(withDeadline({ ms: 5, waitedFor, signal }, () => late.promise)).rejects.toThrow(
      DeadlineError,
    );
    await vi.advanceTimersByTimeAsync(5);
    await ended;
    late.reject(new Error("late"));
    await vi.advanceTimersByTimeAsync(5);
    await new Promise((resolve) => process.nextTick(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
