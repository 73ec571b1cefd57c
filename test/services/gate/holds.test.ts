import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHolds, MAX_HOLD_MS } from "../../../services/gate/holds.ts";
import { movedClock } from "./fake-monitor.ts";

const HOUR = 3_600_000;
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

function open() {
  const clock = movedClock();
  const changed: string[] = [];
  const holds = createHolds({ clock, onChange: (suite) => void changed.push(suite) });
  const pass = (ms: number): void => {
    clock.add(ms);
    vi.advanceTimersByTime(ms);
  };
  return { clock, changed, holds, pass };
}
const asked = { suite: "e2e", reason: "deploying", by: "user:ann@example.com" };

test("a hold ends by itself, and that is told", () => {
  const { holds, changed, pass, clock } = open();
  const hold = holds.place({ ...asked, ms: HOUR });
  expect(hold).toEqual({ ...asked, until: clock.now() + HOUR });
  pass(HOUR - 1);
  expect(holds.get("e2e")).toEqual(hold);
  expect(holds.get("database")).toBeUndefined();
  pass(1);
  expect(holds.get("e2e")).toBeUndefined();
  expect(changed).toEqual(["e2e", "e2e"]);
});

test("a hold that is asked for longer lasts a day", () => {
  const { holds, pass } = open();
  holds.place({ ...asked, ms: 30 * MAX_HOLD_MS });
  pass(MAX_HOLD_MS);
  expect(holds.get("e2e")).toBeUndefined();
});

test("a second hold takes the place of the first, whose end means nothing any more", () => {
  const { holds, pass } = open();
  holds.place({ ...asked, ms: HOUR });
  pass(HOUR / 2);
  const second = holds.place({ ...asked, reason: "still deploying", ms: HOUR });
  pass(HOUR / 2);
  expect(holds.get("e2e")).toEqual(second);
});

test("releasing tells whether there was one", () => {
  const { holds, changed } = open();
  expect(holds.release("e2e")).toBe(false);
  holds.place({ ...asked, ms: HOUR });
  expect(holds.release("e2e")).toBe(true);
  expect(holds.get("e2e")).toBeUndefined();
  expect(changed).toEqual(["e2e", "e2e"]);
  holds.close();
  expect(vi.getTimerCount()).toBe(0);
});

test.each([-48 * HOUR, 48 * HOUR])("a clock that is set by %i ms neither ends nor lengthens it", (ms) => {
  const { holds, pass, clock } = open();
  holds.place({ ...asked, ms: HOUR });
  clock.setWall(clock.now() + ms);
  pass(HOUR - 1);
  expect(holds.get("e2e")).toBeDefined();
  pass(1);
  expect(holds.get("e2e")).toBeUndefined();
});

test("one whose timer is late has ended all the same", () => {
  const { holds, clock } = open();
  holds.place({ ...asked, ms: HOUR });
  clock.add(HOUR);
  expect(holds.get("e2e")).toBeUndefined();
  expect(holds.release("e2e")).toBe(false);
});
