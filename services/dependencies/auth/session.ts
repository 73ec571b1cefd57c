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

/** The candidate that serves, and until when that is taken for granted. */
interface Lease {
  readonly index: number;
  readonly connection: CandidateConnection;
  /** Monotonic milliseconds; 0 when all are to be probed again next time. */
  readonly until: number;
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
  let result: DiscoveryResult | undefined;
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();

  function hold(next: Lease): void {
    lease = next;
    void watch(next);
  }

  async function watch(held: Lease): Promise<void> {
    await held.connection.lost;
    if (lease === held) lose();
  }

  function drop(): void {
    lease?.connection.destroy();
    lease = undefined;
  }

  /** True when the serving candidate still says that it is well. */
  async function holds(held: Lease, signal: AbortSignal): Promise<boolean> {
    const from = clock.monotonic();
    const { healthPath } = contenders[held.index] as Contender;
    try {
      const wait = { ms: queryMs, waitedFor: `GET ${healthPath}`, signal };
      await withDeadline(wait, (inner) => held.connection.query(inner));
      held.lightMs = clock.monotonic() - from;
      return held.connection.warning() === undefined;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  async function rediscover(signal: AbortSignal, suspect: number | undefined): Promise<void> {
    const before = result;
    result = undefined;
    onResult(undefined);
    const wasBroken = (index: number): boolean => {
      const finding = before?.candidates[index];
      return (
        finding?.cause !== undefined && !isHealthy(finding.cause) && finding.cause.code !== "NOT_EVALUATED"
      );
    };
    const confirm = (index: number): boolean => index !== suspect && !wasBroken(index);
    const round = await discover({ contenders, auth, clock, signal, confirm });
    if (signal.aborted) round.first?.connection.destroy();
    signal.throwIfAborted();
    drop();
    result = chooseCandidate(contenders, round.causes);
    onResult(result);
    if (round.first === undefined) return;
    const plain = round.first.index === 0 && result.cause === undefined;
    hold({ ...round.first, until: plain ? clock.monotonic() + auth.ttlMs : 0, lightMs: 0 });
  }

  return {
    lost,
    destroy: drop,
    async query(signal) {
      const held = lease;
      const leased = held !== undefined && clock.monotonic() < held.until;
      if (held !== undefined && leased && (await holds(held, signal))) return;
      await rediscover(signal, leased ? held?.index : undefined);
      if (result?.serving === undefined) throw new DiscoveryError(result?.cause ?? NOBODY);
      // The time of a discovery is that of several round trips; what is allowed is meant for one.
      if (warnAboveMs !== undefined && lease !== undefined) await holds(lease, signal);
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
