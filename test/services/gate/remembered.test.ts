import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHolds } from "../../../services/gate/holds.ts";
import { createLeases } from "../../../services/gate/leases.ts";
import { createRemembered, type StoreNews } from "../../../services/gate/remembered.ts";
import { createStanding } from "../../../services/gate/standing.ts";
import type { MovedClock } from "./fake-monitor.ts";
import { createDisk, openDisk } from "./memory-store.ts";

beforeEach(
  () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 1_800_000_000_000 }),
);
afterEach(() => void vi.useRealTimers());

const HOUR = 3_600_000;
const TTL = 60_000;
const asked = { suite: "e2e", reason: "deploying", by: "user:ann@example.com" };

const onChange = (): void => undefined;

/** Goes with the timers: one that were ahead of them would see a hold end before its time. */
function timedClock(): MovedClock {
  let [wall, monotonic] = [0, 0];
  return {
    now: () => Date.now() + wall,
    monotonic: () => Date.now() + monotonic,
    add(ms) {
      wall += ms;
      monotonic += ms;
    },
    setWall: (ms) => void (wall = ms - Date.now()),
  };
}

const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

/** A process: it can be killed, and the next one finds what the disk has. */
function boot(disk = createDisk(), clock = timedClock()) {
  let ids = 0;
  const news: StoreNews[] = [];
  const holds = createHolds({ clock, onChange, onExpired: (hold) => remembered.expired({ hold }) });
  const leases = createLeases({
    clock,
    newId: () => `${clock.now()}-${disk.fence}-${(ids += 1)}`,
    onChange,
    onExpired: (lease) => remembered.expired({ lease }),
  });
  const remembered = createRemembered({
    holds,
    leases,
    clock,
    open: () =>
      disk.mode === "down" ? Promise.reject(new Error("the store is down")) : Promise.resolve(openDisk(disk)),
    onRead: onChange,
    onNews: (each) => void news.push(each),
  });
  const standing = createStanding({ holds, leases, unread: () => remembered.unread() });
  remembered.start();
  return {
    ...remembered,
    disk,
    clock,
    news,
    pass,
    codes: (lease?: string): string[] => standing("e2e", lease).map(({ code }) => code),
    async kill() {
      await remembered.close();
      holds.close();
      leases.close();
    },
  };
}

type Process = ReturnType<typeof boot>;

async function reboot(before: Process, downMs = 0): Promise<Process> {
  await before.kill();
  before.clock.add(downMs);
  const after = boot(before.disk, before.clock);
  await after.pass(0);
  return after;
}

async function booted(): Promise<Process> {
  const process = boot();
  await process.pass(0);
  return process;
}

test("a hold and a lease are there after a restart, until the time of day at which they end", async () => {
  const before = await booted();
  const { hold, durable } = await before.place({ ...asked, ms: HOUR });
  expect(durable).toBe(true);
  const taken = await before.acquire({ suite: "e2e", holder: "ci-1", ttlMs: TTL });
  if (!taken.ok || !taken.value.ok) throw new Error("no lease");
  const { id, fence } = taken.value.lease;
  const after = await reboot(before, TTL / 2);
  expect(after.codes()).toEqual(["HELD", "LEASED"]);
  expect(after.codes(id)).toEqual(["HELD"]);
  await expect(after.renew({ suite: "e2e", id, ttlMs: TTL })).resolves.toMatchObject({
    value: { id, fence, expiresAt: after.clock.now() + TTL },
  });
  await after.pass(TTL);
  expect(after.codes()).toEqual(["HELD"]);
  await after.pass(hold.until - after.clock.now());
  expect(after.codes()).toEqual([]);
  expect([after.disk.holds.size, after.disk.leases.size]).toEqual([0, 0]);
  const next = await reboot(after);
  const again = await next.acquire({ suite: "e2e", holder: "ci-2", ttlMs: TTL });
  expect(again).toMatchObject({ value: { ok: true } });
  expect(again.ok && again.value.ok && again.value.lease.fence).toBeGreaterThan(fence);
  await next.kill();
});

test("before the store has been read nobody is let in, and what it says then holds", async () => {
  const before = await booted();
  await before.place({ ...asked, ms: HOUR });
  before.disk.mode = "down";
  const after = await reboot(before);
  expect(after.codes()).toEqual(["STANDING_UNREAD"]);
  expect(after.unread()).toBe("the store is down");
  await after.pass(10_000);
  expect(after.codes()).toEqual(["STANDING_UNREAD"]);
  after.disk.mode = "up";
  await after.pass(2000);
  expect(after.codes()).toEqual(["HELD"]);
  expect(after.news).toEqual([{ kind: "failed", why: "the store is down" }, { kind: "read" }]);
  await after.kill();
});

test("while the store is down a hold is in force and said not to be durable, and is stored later", async () => {
  const process = await booted();
  process.disk.mode = "down";
  await expect(process.place({ ...asked, ms: HOUR })).resolves.toMatchObject({
    durable: false,
    why: "the store is down",
  });
  expect(process.codes()).toEqual(["HELD"]);
  process.disk.mode = "up";
  await process.pass(4000);
  const after = await reboot(process);
  expect(after.codes()).toEqual(["HELD"]);
  await after.kill();
});

test.each(["down", "lost answer"] as const)(
  "a release and a lease are refused with a store that is %s, and it is held still",
  async (mode) => {
    const process = await booted();
    await process.place({ ...asked, ms: HOUR });
    process.disk.mode = mode;
    expect((await process.release("e2e")).ok).toBe(false);
    expect((await process.acquire({ suite: "e2e", holder: "ci-1", ttlMs: TTL })).ok).toBe(false);
    expect(process.codes()).toContain("HELD");
    process.disk.mode = "up";
    await process.pass(4000);
    const after = await reboot(process);
    expect(after.codes()).toContain("HELD");
    expect(await after.release("e2e")).toEqual({ ok: true, value: true });
    expect(after.codes()).not.toContain("HELD");
    await after.kill();
  },
);

test("a store that never answers refuses in time, and what had not begun by then is never done", async () => {
  const disk = createDisk();
  const opened = Promise.withResolvers<ReturnType<typeof openDisk>>();
  const clock = timedClock();
  const holds = createHolds({ clock, onChange });
  const leases = createLeases({ clock, onChange, newId: () => "id" });
  const open = () => opened.promise;
  const remembered = createRemembered({ holds, leases, clock, open, onRead: onChange });
  const taking = remembered.acquire({ suite: "e2e", holder: "ci-1", ttlMs: TTL });
  const placing = remembered.place({ ...asked, ms: HOUR });
  expect(holds.get("e2e"), "at once").toBeDefined();
  await vi.advanceTimersByTimeAsync(3000);
  expect(await taking).toMatchObject({ ok: false, why: expect.stringContaining("the store") });
  expect(await placing).toMatchObject({ durable: false });
  opened.resolve(openDisk(disk));
  await vi.advanceTimersByTimeAsync(0);
  expect([disk.leases.size, disk.holds.size]).toEqual([0, 0]);
  await remembered.close();
  holds.close();
  leases.close();
});

test("another instance learns of a hold, of its end and of a lease", async () => {
  const one = await booted();
  const other = boot(one.disk, one.clock);
  await other.pass(0);
  await one.place({ ...asked, ms: HOUR });
  await other.pass(2000);
  expect(other.codes()).toEqual(["HELD"]);
  await one.release("e2e");
  await one.acquire({ suite: "e2e", holder: "ci-1", ttlMs: TTL });
  await expect(other.acquire({ suite: "e2e", holder: "ci-2", ttlMs: TTL })).resolves.toMatchObject({
    value: { ok: false, current: { holder: "ci-1" } },
  });
  await other.pass(2000);
  expect(other.codes()).toEqual(["LEASED"]);
  await Promise.all([one.kill(), other.kill()]);
});

test("a release ends no hold that was placed after it was asked for", async () => {
  const process = await booted();
  await process.place({ ...asked, ms: HOUR });
  const releasing = process.release("e2e");
  const placing = process.place({ ...asked, reason: "again", ms: HOUR });
  await Promise.all([releasing, placing]);
  expect(process.codes()).toEqual(["HELD"]);
  const after = await reboot(process);
  expect(after.codes()).toEqual(["HELD"]);
  await after.kill();
});

test.each([-26 * HOUR, 26 * HOUR])("a clock that is set by %i ms ends no hold while it runs", async (ms) => {
  const process = await booted();
  await process.place({ ...asked, ms: HOUR });
  process.clock.setWall(process.clock.now() + ms);
  await process.pass(HOUR - 1);
  expect(process.codes()).toEqual(["HELD"]);
  await process.pass(1);
  expect(process.codes()).toEqual([]);
  await process.kill();
});

const event = fc.oneof(
  fc.record({ kind: fc.constant("place" as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  fc.record({ kind: fc.constantFrom("release", "acquire", "renew", "give up", "crash") }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(8000) }),
  fc.record({ kind: fc.constant("store" as const), mode: fc.constantFrom("up", "down", "lost answer") }),
);

test("whatever happens in whatever order, nobody is let in under a hold or a lease that was accepted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
      let process = await booted();
      /** Told to be held until; what was not durable ends with its process. */
      let held: { until: number; durable: boolean } | undefined;
      let lease: { id: string; expiresAt: number } | undefined;
      let fence = 0;
      for (const each of events) {
        const now = process.clock.now();
        if (each.kind === "place") {
          const { hold, durable } = await process.place({ ...asked, ms: each.ms });
          held = { until: hold.until, durable };
        } else if (each.kind === "pass") await process.pass(each.ms);
        else if (each.kind === "store") process.disk.mode = each.mode;
        else if (each.kind === "crash") {
          if (held?.durable === false) held = undefined;
          process = await reboot(process);
        } else if (each.kind === "release") {
          if ((await process.release("e2e")).ok) held = undefined;
          // Whether the store has it is not known until it has been written again.
          else if (held !== undefined) held = { ...held, durable: false };
        } else if (each.kind === "acquire") {
          const taken = await process.acquire({ suite: "e2e", holder: "ci", ttlMs: 10_000 });
          if (taken.ok && taken.value.ok) {
            expect(lease === undefined || lease.expiresAt <= now, "two have it").toBe(true);
            expect(taken.value.lease.fence).toBeGreaterThan(fence);
            ({ fence } = taken.value.lease);
            lease = taken.value.lease;
          }
        } else if (lease !== undefined && each.kind === "renew") {
          const renewed = await process.renew({ suite: "e2e", id: lease.id, ttlMs: 10_000 });
          if (renewed.ok) lease = renewed.value;
        } else if (lease !== undefined) {
          // Whoever gives it up relies on it no more.
          await process.giveUp({ suite: "e2e", id: lease.id });
          lease = undefined;
        }
        const codes = process.codes();
        const after = process.clock.now();
        if (held !== undefined && held.until > after) expect(codes, each.kind).not.toEqual([]);
        if (held !== undefined && held.until > after && process.unread() === undefined)
          expect(codes, each.kind).toContain("HELD");
        if (lease !== undefined && lease.expiresAt > after) expect(codes, each.kind).not.toEqual([]);
      }
      await process.kill();
    }),
  );
});
