import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRateLimiter } from "../../../services/access/rate-limit.ts";

const clock = (): { at: number; now: () => number; monotonic: () => number } => {
  const made = { at: 1_000_000, now: () => made.at, monotonic: () => made.at };
  return made;
};

test("over any time nobody gets more than the burst and the rate, and always something again", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: -500, max: 900 }), { minLength: 1, maxLength: 200 }),
      (perSecond, steps) => {
        const time = clock();
        const limiter = createRateLimiter({ name: "address", perSecond, clock: time });
        let passed = 0;
        let granted = 0;
        for (const step of steps) {
          time.at += step;
          passed += Math.max(0, step);
          if (limiter.take("a").ok) granted += 1;
        }
        expect(granted).toBeLessThanOrEqual(perSecond * 2 + (passed / 1000) * perSecond + 1);
        time.at += 1000;
        expect(limiter.take("a").ok).toBe(true);
      },
    ),
  );
});

test("says what is left, and when there is more", () => {
  const time = clock();
  const limiter = createRateLimiter({ name: "principal", perSecond: 0.5, clock: time, capacity: 2 });
  expect(limiter.take("a")).toEqual({
    ok: true,
    rate: { policy: '"principal";q=1;w=2', limit: '"principal";r=0;t=2' },
  });
  expect(limiter.take("a")).toMatchObject({ ok: false, retryAfter: 2 });
  limiter.refund("a");
  expect(limiter.take("a").ok).toBe(true);
});

test("remembers no more keys than it may", () => {
  const limiter = createRateLimiter({ name: "address", perSecond: 1, clock: clock(), capacity: 100 });
  for (let index = 0; index < 10_000; index += 1) limiter.take(String(index));
  expect(limiter.size).toBe(100);
});

test("forgets the one that was quiet longest, not the one that is limited now", () => {
  const limiter = createRateLimiter({ name: "address", perSecond: 1, clock: clock(), capacity: 10 });
  limiter.take("busy");
  limiter.take("busy");
  for (let index = 0; index < 50; index += 1) {
    limiter.take(String(index));
    expect(limiter.take("busy").ok).toBe(false);
  }
});

test("what is left of a large quota is told to a thousandth, and in the same words as long as it holds", () => {
  const time = clock();
  const limiter = createRateLimiter({ name: "principal", perSecond: 1_000_000, clock: time });
  const first = limiter.take("a");
  for (let index = 0; index < 1000; index += 1) limiter.take("a");
  expect(limiter.take("a")).toBe(first);
  expect(first.rate.limit).toBe('"principal";r=1998000;t=1');
  for (let index = 0; index < 2000; index += 1) limiter.take("a");
  expect(limiter.take("a").rate.limit).toBe('"principal";r=1996000;t=1');
});
