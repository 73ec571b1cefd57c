import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Clock } from "../../../services/clock.ts";
import { createLeases, type Lease, type Leases } from "../../../services/gate/leases.ts";
import { createStanding } from "../../../services/gate/standing.ts";
import { movedClock } from "./fake-monitor.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const TTL = 60_000;
let ids = 0;

function open(clock = movedClock()) {
  const changed: string[] = [];
  const leases = start(clock, changed);
  const pass = (ms: number): void => {
    clock.add(ms);
    vi.advanceTimersByTime(ms);
  };
  return { clock, changed, leases, pass };
}

const start = (clock: Clock, changed: string[] = []): Leases =>
  createLeases({ clock, newId: () => `id-${(ids += 1)}`, onChange: (suite) => void changed.push(suite) });

function taken(leases: Leases, holder = "ci-1", suite = "e2e"): Lease {
  const acquired = leases.acquire({ suite, holder, ttlMs: TTL });
  if (!acquired.ok) throw new Error(`${acquired.current.holder} has it`);
  return acquired.lease;
}

test("a second caller is refused and told who has it; another suite is free", () => {
  const { leases } = open();
  const lease = taken(leases);
  expect(leases.acquire({ suite: "e2e", holder: "ci-2", ttlMs: TTL })).toEqual({ ok: false, current: lease });
  expect(taken(leases, "ci-2", "database").holder).toBe("ci-2");
});

test("one that is not renewed ends, which is told; whoever comes next has a greater fence", () => {
  const { leases, changed, pass } = open();
  const first = taken(leases);
  pass(TTL - 1);
  expect(leases.get("e2e")).toEqual(first);
  pass(1);
  expect(leases.get("e2e")).toBeUndefined();
  expect(changed).toEqual(["e2e", "e2e"]);
  expect(taken(leases, "ci-2").fence).toBeGreaterThan(first.fence);
});

test("one that is renewed lasts, with the same id and fence", () => {
  const { leases, pass, clock } = open();
  const { id, fence } = taken(leases);
  for (let round = 0; round < 10; round += 1) {
    pass(TTL - 1);
    expect(leases.renew({ suite: "e2e", id, ttlMs: TTL })).toMatchObject({
      id,
      fence,
      expiresAt: clock.now() + TTL,
    });
  }
  expect(leases.get("e2e")?.id).toBe(id);
});

test("a late holder can neither renew nor give up, whether or not another has it", () => {
  const { leases, pass } = open();
  const late = taken(leases);
  pass(TTL);
  const asked = { suite: "e2e", id: late.id };
  expect(leases.renew({ ...asked, ttlMs: TTL })).toBeUndefined();
  const next = taken(leases, "ci-2");
  expect(leases.renew({ ...asked, ttlMs: TTL })).toBeUndefined();
  expect(leases.giveUp(asked)).toBe(false);
  expect(leases.get("e2e")).toEqual(next);
  expect(leases.giveUp({ suite: "e2e", id: next.id })).toBe(true);
  expect(leases.get("e2e")).toBeUndefined();
});

test("the id of one suite is nothing to another", () => {
  const { leases } = open();
  const { id } = taken(leases);
  taken(leases, "ci-2", "database");
  expect(leases.renew({ suite: "database", id, ttlMs: TTL })).toBeUndefined();
  expect(leases.giveUp({ suite: "database", id })).toBe(false);
});

test("fences grow whatever the clock is set to, and over restarts", () => {
  const step = fc.record({ wallMs: fc.integer({ min: -10_000_000, max: 10_000_000 }), waitMs: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const { leases, clock, pass } = open();
      let before = 0;
      for (const { wallMs, waitMs } of steps) {
        const { id, fence } = taken(leases);
        expect(fence).toBeGreaterThan(before);
        before = fence;
        leases.giveUp({ suite: "e2e", id });
        clock.setWall(clock.now() + wallMs);
        pass(waitMs);
      }
    }),
  );
  const { leases, clock, pass } = open();
  const last = taken(leases);
  leases.close();
  pass(1);
  const after = start(clock);
  expect(taken(after).fence).toBeGreaterThan(last.fence);
  expect(after.renew({ suite: "e2e", id: last.id, ttlMs: TTL }), "of the life before").toBeUndefined();
  after.close();
});

test.each([-86_400_000, 86_400_000])("a clock that is set by %i ms neither ends nor lengthens one", (ms) => {
  const { leases, clock, pass } = open();
  taken(leases);
  clock.setWall(clock.now() + ms);
  pass(TTL - 1);
  expect(leases.get("e2e")).toBeDefined();
  pass(1);
  expect(leases.get("e2e")).toBeUndefined();
});

test("a lease stands in the way of all but its holder, and a lost one in the way of whoever shows it", () => {
  const { leases, pass } = open();
  const standing = createStanding({ holds: { get: () => undefined }, leases });
  const codes = (lease?: string): string[] => standing("e2e", lease).map(({ code }) => code);
  expect(codes()).toEqual([]);
  expect(codes("unknown")).toEqual(["LEASED"]);
  const { id } = taken(leases);
  expect([codes(), codes(id), codes("unknown")]).toEqual([["LEASED"], [], ["LEASED"]]);
  expect(JSON.stringify(standing("e2e", undefined)), "its id is its holder's").not.toContain(id);
  pass(TTL);
  expect([codes(), codes(id)]).toEqual([[], ["LEASED"]]);
});
