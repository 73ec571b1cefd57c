import { type Cause, causeOf, type Rung } from "../../causes.ts";
import type { Clock } from "../../clock.ts";
import { withDeadline } from "../../net/deadline.ts";
import type { Candidate } from "../dependency.ts";
import type { AuthOptions } from "../options.ts";
import type { CandidateConnection, CandidateDependency } from "./candidate.ts";
import { isHealthy } from "./choose.ts";

/** A candidate with the adapter that this folder made for it. */
export interface Contender extends Candidate {
  readonly dependency: CandidateDependency;
  readonly healthPath: string;
}

/** What one round over all candidates found. */
export interface Round {
  /** For each candidate, in order. */
  readonly causes: readonly (Cause | undefined)[];
  /** The first healthy candidate that may serve, with its open connection, which the caller ends. */
  readonly first?: { readonly index: number; readonly connection: CandidateConnection };
}

export interface DiscoverOptions {
  readonly contenders: readonly Contender[];
  readonly auth: Pick<AuthOptions, "deadlines">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether a cause that one try does not prove is to be confirmed; not for those that were broken before. */
  readonly confirm: (index: number) => boolean;
}

interface Finding {
  readonly cause?: Cause;
  readonly connection?: CandidateConnection;
}

/**
 * Probes all candidates at once, within the total deadline, and waits until the first healthy one is known. Those after
 * it are aborted, whatever they had found by then. Leaves no connection open but the one it returns.
 *
 * @throws the reason of `signal` when that aborts.
 */
export async function discover(options: DiscoverOptions): Promise<Round> {
  const { contenders, signal } = options;
  const losers = new AbortController();
  const inner = AbortSignal.any([signal, losers.signal]);
  const probes = contenders.map((contender, index) => probe(contender, index, { ...options, signal: inner }));
  const open = new Set<CandidateConnection>();
  const kept = probes.map(async (each) => {
    const finding = await each;
    if (finding.connection !== undefined) open.add(finding.connection);
    return finding;
  });
  // Those that are not waited for are settled below.
  const settled = Promise.allSettled(kept);
  const causes: (Cause | undefined)[] = [];
  let first: Round["first"];
  try {
    for (const [index, each] of kept.entries()) {
      const { cause, connection } = await each;
      causes.push(cause);
      if (connection === undefined || contenders[index]?.barred !== undefined) continue;
      first = { index, connection };
      break;
    }
  } finally {
    losers.abort(new Error("another candidate serves"));
    await settled;
    for (const connection of open) if (connection !== first?.connection) connection.destroy();
  }
  while (causes.length < contenders.length) causes.push(notWaitedFor(contenders[first?.index ?? 0]));
  return { causes, ...(first === undefined ? {} : { first }) };
}

const notWaitedFor = (serving: Contender | undefined): Cause => ({
  code: "NOT_EVALUATED",
  rung: "resolve",
  message: `${serving?.name ?? "another"} serves; this one was not waited for`,
});

/** A second try in less time would fail for want of time alone. */
const LEAST_USEFUL_MS = 100;

async function probe(contender: Contender, index: number, options: DiscoverOptions): Promise<Finding> {
  const { clock, auth, confirm } = options;
  const until = clock.monotonic() + auth.deadlines.totalMs;
  const finding = await probeOnce(contender, until, options);
  const { cause } = finding;
  if (cause === undefined || finding.connection !== undefined || causeOf(cause.code).definite) return finding;
  if (!confirm(index) || until - clock.monotonic() < LEAST_USEFUL_MS) return finding;
  return probeOnce(contender, until, options);
}

async function probeOnce(
  { dependency, healthPath }: Contender,
  until: number,
  { clock, signal }: DiscoverOptions,
): Promise<Finding> {
  const left = (): number => Math.max(1, until - clock.monotonic());
  const connection = await dependency.open(signal);
  let rung: Rung = "query";
  try {
    const status = { ms: left(), waitedFor: `GET ${healthPath}`, signal };
    await withDeadline(status, (inner) => connection.query(inner));
    rung = "assert";
    const asserted = { ms: left(), waitedFor: "the assertions", signal };
    await withDeadline(asserted, (inner) => connection.assert(inner));
    return { connection };
  } catch (error) {
    if (signal.aborted) connection.destroy();
    signal.throwIfAborted();
    const cause = dependency.classify(error, rung);
    if (isHealthy(cause)) return { cause, connection };
    connection.destroy();
    return { cause };
  }
}
