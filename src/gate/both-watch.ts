import { clean } from "../views/text.ts";
import { type KnownIncidents, mergeIncidents } from "./merge-incidents.ts";
import type { ServiceWatch } from "./service-watch.ts";
import { ServiceLostError } from "./trouble.ts";
import type { FollowOptions, Vantage, WaitForOptions, Watch } from "./watch.ts";

export interface BothWatchOptions {
  readonly service: ServiceWatch;
  readonly url: string;
  /** The same suite, as configured here. */
  readonly local: Watch;
}

/** Asks the service for as long as that answers, and looks from here after that. There is no way back. */
export function createBothWatch({ service, url, local }: BothWatchOptions): Watch {
  let lostAt: number | undefined;
  let warm = false;

  const inCharge = (): Watch => (lostAt === undefined ? service : local);

  function lose(onNote: (note: string) => void): void {
    lostAt = Date.now();
    onNote(
      `${clean(url)} is lost: from now on this machine looks itself. Holds and leases are not seen from here.`,
    );
  }

  async function waitFor(wait: WaitForOptions) {
    const begunAt = performance.now();
    if (lostAt === undefined) {
      try {
        return await service.waitFor(wait);
      } catch (error) {
        if (!(error instanceof ServiceLostError)) throw error;
        lose(wait.onNote);
      }
    }
    const { graceMs } = wait;
    const left = graceMs === undefined ? undefined : Math.max(0, graceMs - (performance.now() - begunAt));
    return local.waitFor({ ...wait, graceMs: left });
  }

  /** Looking from here begins with the first trouble, so that nothing is missed; it is told when the service is lost. */
  function follow(listeners: FollowOptions): void {
    const { onSeen, onNote } = listeners;
    const lookFromHere = (): void => {
      if (warm) return;
      warm = true;
      local.follow({ onSeen: (seen) => lostAt !== undefined && onSeen(seen), onNote });
    };
    if (lostAt !== undefined) return lookFromHere();
    service.follow({
      ...listeners,
      onTrouble: lookFromHere,
      onLost: () => {
        lose(onNote);
        lookFromHere();
      },
    });
  }

  return {
    suite: local.suite,
    options: local.options,
    vantage: (): Vantage =>
      lostAt === undefined ? service.vantage() : { kind: "here-since", url, at: lostAt },
    waitFor,
    look: (signal) => inCharge().look(signal),
    latest: () => inCharge().latest() ?? service.latest(),
    follow,
    async incidents(since) {
      const told = await service.incidents(since);
      if (lostAt === undefined) return told;
      const here = await local.incidents(since);
      const known: KnownIncidents = new Map(told.map((each) => [`${each.id} ${each.startedAt}`, each]));
      const news = new Map(here.map((each) => [`here ${each.id}`, { ...each, id: `here-${each.id}` }]));
      return [...mergeIncidents(known, { incidents: news, at: lostAt }).values()].toSorted(
        (a, b) => a.startedAt - b.startedAt,
      );
    },
    fingerprint: () => inCharge().fingerprint(),
    async close() {
      await Promise.all([service.close(), local.close()]);
    },
  };
}
