import type { Cause } from "../../causes.ts";
import type { Clock } from "../../clock.ts";
import { CauseError } from "../../errors.ts";
import { withDeadline } from "../../net/deadline.ts";
import type { Connection, DiscoveryResult } from "../dependency.ts";
import type { AuthOptions } from "../options.ts";
import type { CandidateConnection } from "./candidate.ts";
import { chooseCandidate, isHealthy } from "./choose.ts";
import { type Contender, discover } from "./discover.ts";

/** Carries a cause that a discovery came to, whole. */
export class DiscoveryError extends CauseError {
  readonly found: Cause;
  constructor(found: Cause) {
    super(found.code, found.message);
    this.found = found;
  }
}

export interface SessionOptions {
  readonly contenders: readonly Contender[];
  readonly auth: AuthOptions;
  readonly clock: Clock;
  /** Told of each result, and of undefined while there is none. */
  readonly onResult: (result: DiscoveryResult | undefined) => void;
}

/** The candidate that serves. */
interface Lease {
  readonly index: number;
  readonly connection: CandidateConnection;
  /** Whether it warned of itself when all were probed. */
  readonly warned: boolean;
  /** How long the last light check took. */
  lightMs: number;
}

/**
 * What an observer holds of the auth service. Nothing is opened until the first `query`: that is a discovery over all
 * candidates, or the light check of the one that serves while its lease lasts. A light check that fails leads to a
 * discovery at once, within the same observation, so that one candidate's end shows as the next one's service.
 */
export function createSession({ contenders, auth, clock, onResult }: SessionOptions): Connection {
  const { queryMs } = auth.deadlines;
  const { warnAboveMs } = auth;
  let lease: Lease | undefined;
  /** Monotonic milliseconds until which the lease holds without a discovery. */
  let leasedUntil = Number.NEGATIVE_INFINITY;
  let result: DiscoveryResult | undefined;
  let busy = false;
  let destroyed = false;
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();

  function hold(next: Lease): void {
    lease = next;
    void watch(next);
  }

  async function watch(held: Lease): Promise<void> {
    await held.connection.lost;
    // A query under way finds out by itself, and may have found another by then.
    if (lease === held && !busy) lose();
  }

  function drop(): void {
    lease?.connection.destroy();
    lease = undefined;
  }

  /** True when the serving candidate still says of itself what it said when all were probed. */
  async function holds(held: Lease, signal: AbortSignal): Promise<boolean> {
    const from = clock.monotonic();
    const { healthPath } = contenders[held.index] as Contender;
    try {
      const wait = { ms: queryMs, waitedFor: `GET ${healthPath}`, signal };
      await withDeadline(wait, (inner) => held.connection.query(inner));
      held.lightMs = clock.monotonic() - from;
      return (held.connection.warning() !== undefined) === held.warned;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  async function rediscover(signal: AbortSignal, suspect: number | undefined): Promise<void> {
    const before = result;
    // Whatever ends this early, the next query begins anew.
    result = undefined;
    leasedUntil = Number.NEGATIVE_INFINITY;
    onResult(undefined);
    const wasBroken = (index: number): boolean => {
      const finding = before?.candidates[index];
      return (
        finding?.cause !== undefined && !isHealthy(finding.cause) && finding.cause.code !== "NOT_EVALUATED"
      );
    };
    const confirm = (index: number): boolean => index !== suspect && !wasBroken(index);
    const round = await discover({ contenders, auth, clock, signal, confirm });
    if (signal.aborted || destroyed) round.first?.connection.destroy();
    signal.throwIfAborted();
    drop();
    result = chooseCandidate(contenders, round.causes);
    onResult(result);
    if (round.first === undefined || destroyed) return;
    const { index, connection } = round.first;
    // Of another than the first, and of a mock, something better may come up at any time. The first is spared, also
    // when it warns: what suffers should not be asked for tokens each interval.
    const keep = index === 0 && result.serving?.assurance !== "mock";
    if (keep) leasedUntil = clock.monotonic() + auth.ttlMs;
    hold({ index, connection, warned: connection.warning() !== undefined, lightMs: 0 });
  }

  async function query(signal: AbortSignal): Promise<void> {
    const held = clock.monotonic() < leasedUntil ? lease : undefined;
    if (held !== undefined && (await holds(held, signal))) return;
    await rediscover(signal, held?.index);
    if (result?.serving === undefined) throw new DiscoveryError(result?.cause ?? NOBODY);
    // The time of a discovery is that of several round trips; what is allowed is meant for one.
    if (warnAboveMs !== undefined && lease !== undefined) await holds(lease, signal);
  }

  return {
    lost,
    version: () => lease?.connection.version?.(),
    destroy() {
      destroyed = true;
      drop();
    },
    async query(signal) {
      busy = true;
      try {
        await query(signal);
      } finally {
        busy = false;
      }
    },
    async assert() {
      if (result?.cause !== undefined) throw new DiscoveryError(result.cause);
      const tookMs = lease?.lightMs ?? 0;
      if (warnAboveMs !== undefined && tookMs > warnAboveMs)
        throw new CauseError("SLOW", `took ${tookMs.toFixed(0)} ms, allowed are ${warnAboveMs} ms`);
    },
  };
}

/** There is at least one candidate, and it serves or has a cause. */
const NOBODY: Cause = { code: "CHECK_ERROR", rung: "query", message: "no candidate was judged" };
