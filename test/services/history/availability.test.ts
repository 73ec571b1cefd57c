import { array, assert, boolean, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Check } from "../../../services/health/check.ts";
import type { StateChange } from "../../../services/health/monitor.ts";
import { createAvailability } from "../../../services/history/availability.ts";

const BELIEVED_MS = 3000;

/** One dependency, whose observations come when the test says so. */
function watch() {
  let now = 1_000_000;
  let status: Check["status"] = "pass";
  let listener: ((change: StateChange) => void) | undefined;
  const availability = createAvailability({
    clock: { monotonic: () => now },
    believedMs: () => BELIEVED_MS,
    monitor: {
      names: ["db"],
      checks: () => [{ name: "db", status } as Check],
      subscribe(told) {
        listener = told;
        return () => undefined;
      },
    },
  });
  const observe = (up: boolean): void => {
    status = up ? "pass" : "fail";
    listener?.({ name: "db", state: { observation: {} }, before: undefined } as unknown as StateChange);
  };
  return {
    availability,
    observe,
    wait: (ms: number) => void (now += ms),
    /** Observed each second. */
    run(seconds: number, up: boolean): void {
      for (let second = 0; second < seconds; second++) {
        now += 1000;
        observe(up);
      }
    },
  };
}

describe("availability", () => {
  test("is the share of the window in which it passed", () => {
    const { availability, run, observe } = watch();
    observe(true);
    run(90, true);
    run(10, false);
    run(20, true);
    // From the last pass to the first after it.
    expect(availability.measure("db", 60_000)).toMatchObject({ knownMs: 60_000, downMs: 11_000 });
    expect(availability.measure("db", 10_000)).toMatchObject({ knownMs: 10_000, downMs: 0 });
  });

  test("nothing is known of what is not observed, or has not been", () => {
    const { availability, observe } = watch();
    expect(availability.measure("other", 60_000)).toBeUndefined();
    expect(availability.measure("db", 60_000)).toEqual({ knownMs: 0, downMs: 0, samples: 0 });
    observe(true);
    expect(availability.measure("db", 60_000)).toMatchObject({ knownMs: 0, samples: 1 });
  });

  test("a pass that nobody looked at again is believed for a while, and a failure until a pass", () => {
    const passing = watch();
    passing.observe(true);
    passing.wait(40_000);
    expect(passing.availability.measure("db", 30_000)?.knownMs).toBe(BELIEVED_MS);
    passing.observe(true);
    expect(passing.availability.measure("db", 60_000)).toMatchObject({ knownMs: BELIEVED_MS, downMs: 0 });
    const failing = watch();
    failing.observe(false);
    failing.wait(40_000);
    expect(failing.availability.measure("db", 30_000)).toMatchObject({ knownMs: 30_000, downMs: 30_000 });
  });

  test("never says more than was seen, whatever comes and whatever the window", () => {
    const steps = array(record({ up: boolean(), ms: integer({ min: 0, max: 20_000 }) }), { maxLength: 40 });
    assert(
      property(steps, integer({ min: 1000, max: 3_600_000 }), (given, windowMs) => {
        const { availability, observe, wait } = watch();
        let [bad, last] = [0, true];
        for (const [index, { up, ms }] of given.entries()) {
          if (index > 0) wait(ms);
          if (index > 0 && !(up && last)) bad += ms;
          observe(up);
          last = up;
        }
        const { knownMs = 0, downMs = 0, samples = 0 } = availability.measure("db", windowMs) ?? {};
        expect(downMs).toBeLessThanOrEqual(bad + 0.001);
        expect(downMs).toBeLessThanOrEqual(knownMs + 0.001);
        expect(knownMs).toBeLessThanOrEqual(windowMs + 0.001);
        expect(samples).toBeLessThanOrEqual(given.length);
        if (windowMs === 3_600_000) expect(downMs).toBeCloseTo(bad, 3);
      }),
    );
  });
});
