import type { Hold } from "../../../services/gate/holds.ts";
import type { Lease } from "../../../services/gate/leases.ts";
import type { StandingStore } from "../../../services/gate/standing-store.ts";

/** What outlives a process, with a switch that makes it fail before or after it has done what was asked. */
export interface Disk {
  readonly holds: Map<string, Hold>;
  readonly leases: Map<string, Lease>;
  fence: number;
  mode: "up" | "down" | "lost answer";
}

export const createDisk = (): Disk => ({ holds: new Map(), leases: new Map(), fence: 0, mode: "up" });

export function openDisk(disk: Disk): StandingStore {
  async function on<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (disk.mode === "down") throw new Error("the store is down");
    const result = work();
    if (disk.mode === "lost answer") throw new Error("the answer was lost");
    return result;
  }
  return {
    load: (now) =>
      on(() => {
        for (const [suite, { until }] of disk.holds) if (until <= now) disk.holds.delete(suite);
        for (const [suite, { expiresAt }] of disk.leases) if (expiresAt <= now) disk.leases.delete(suite);
        return { holds: [...disk.holds.values()], leases: [...disk.leases.values()] };
      }),
    putHold: (hold) => on(() => void disk.holds.set(hold.suite, hold)),
    removeHold: (suite) => on(() => void disk.holds.delete(suite)),
    forgetHold: ({ suite, until }) =>
      on(() => void (disk.holds.get(suite)?.until === until && disk.holds.delete(suite))),
    acquire: (proposed, now) =>
      on(() => {
        const current = disk.leases.get(proposed.suite);
        if (current !== undefined && current.expiresAt > now) return { ok: false, current };
        disk.fence = Math.max(disk.fence + 1, proposed.fence);
        const lease = { ...proposed, fence: disk.fence };
        disk.leases.set(lease.suite, lease);
        return { ok: true, lease };
      }),
    renew: ({ suite, id, expiresAt, now }) =>
      on(() => {
        const current = disk.leases.get(suite);
        if (current?.id !== id || current.expiresAt <= now) return undefined;
        const lease = { ...current, expiresAt };
        disk.leases.set(suite, lease);
        return lease;
      }),
    forgetLease: ({ suite, id, expiresAt }) =>
      on(() => {
        const current = disk.leases.get(suite);
        if (current?.id === id && current.expiresAt === expiresAt) disk.leases.delete(suite);
      }),
    giveUp: (suite, id) => on(() => disk.leases.get(suite)?.id === id && disk.leases.delete(suite)),
    close: () => Promise.resolve(),
  };
}
