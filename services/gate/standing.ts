import type { Hold, Holds } from "./holds.ts";
import type { Lease, Leases } from "./leases.ts";
import type { Reason } from "./verdict.ts";

export interface StandingOptions {
  readonly holds: Pick<Holds, "get">;
  readonly leases: Pick<Leases, "get">;
  /** Why nothing is known of holds and leases from before; undefined when it is known. Default: nothing is missing. */
  readonly unread?: () => string | undefined;
}

/** What stands in the way of a suite beside its requirements, for one who shows `lease` or none. */
export function createStanding({ holds, leases, unread = () => undefined }: StandingOptions) {
  return function standing(suite: string, lease: string | undefined): readonly Reason[] {
    const hold = holds.get(suite);
    const current = leases.get(suite);
    const why = unread();
    return [
      ...(why === undefined ? [] : [unreadReason(why)]),
      ...(hold === undefined ? [] : [heldReason(hold)]),
      ...(current?.id === lease ? [] : [leasedReason(suite, current, lease)]),
    ];
  };
}

const BLOCKS = { level: "required", effect: "blocks", curable: true } as const;

const unreadReason = (why: string): Reason => ({
  ...BLOCKS,
  code: "STANDING_UNREAD",
  message: `Whether the suite is held or leased is not known: ${why}. The store is read again by itself; see to it that the service reaches it.`,
});

const heldReason = ({ suite, by, until, reason }: Hold): Reason => ({
  ...BLOCKS,
  code: "HELD",
  message: `${by} holds ${suite} until ${new Date(until).toISOString()}: ${reason}`,
});

function leasedReason(suite: string, current: Lease | undefined, lease: string | undefined): Reason {
  const whose =
    current === undefined
      ? `nobody has ${suite} now`
      : `${current.holder} has ${suite} until ${new Date(current.expiresAt).toISOString()}`;
  const message =
    lease === undefined
      ? `${whose}, for a run of its own.`
      : `The lease that was shown is lost or was never given: ${whose}.`;
  return { ...BLOCKS, code: "LEASED", message };
}
