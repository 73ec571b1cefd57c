import type { Clock } from "../clock.ts";
import type { Candidate, Dependency, DiscoveryResult, Target } from "../dependencies/dependency.ts";
import { climbLadder, type LadderResult } from "./ladder.ts";
import type { RungResult, Status } from "./observation.ts";

/** The ladder of one of several servers that may serve. */
export interface CandidateClimb {
  readonly name: string;
  readonly target: Pick<Target, "host" | "port">;
  readonly rungs: readonly RungResult[];
}

/** What a climb found; of several servers that may serve, with what was found of each. */
export interface ClimbResult extends LadderResult {
  readonly discovery?: DiscoveryResult;
  readonly candidates?: readonly CandidateClimb[];
}

export interface ClimbOptions {
  readonly dependency: Dependency;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Climbs the ladder of a dependency. Where one of several servers is to serve, climbs all their ladders at once and
 * shows the rungs of the one that serves, or of the first when nobody does.
 *
 * @throws the reason of `signal` when that aborts.
 */
export async function climb(options: ClimbOptions): Promise<ClimbResult> {
  const { dependency, clock } = options;
  const { discovery, deadlines } = dependency;
  if (discovery === undefined) return climbLadder(options);
  const started = clock.monotonic();
  const ladders = await Promise.all(
    discovery.candidates.map((candidate) =>
      climbLadder({ ...options, dependency: within(candidate, deadlines.totalMs) }),
    ),
  );
  const found = discovery.choose(ladders.map(({ cause }) => cause));
  const shown =
    ladders[
      Math.max(
        0,
        found.candidates.findIndex(({ serves }) => serves),
      )
    ];
  const { serving, cause } = found;
  const status: Status = serving === undefined ? "fail" : cause === undefined ? "pass" : "warn";
  return {
    status,
    rungs: withWarning(shown?.rungs ?? [], found),
    ...(cause === undefined ? {} : { cause }),
    durationMs: clock.monotonic() - started,
    ...(shown?.version === undefined ? {} : { version: shown.version }),
    discovery: found,
    candidates: discovery.candidates.map(({ name, dependency: { target } }, index) => ({
      name,
      target: { host: target.host, port: target.port },
      rungs: ladders[index]?.rungs ?? [],
    })),
  };
}

function within({ dependency }: Candidate, totalMs: number): Dependency {
  const { deadlines } = dependency;
  return { ...dependency, deadlines: { ...deadlines, totalMs: Math.min(deadlines.totalMs, totalMs) } };
}

/** That another serves than should is no rung's own fault; it stands where content is judged. */
function withWarning(
  rungs: readonly RungResult[],
  { serving, cause }: DiscoveryResult,
): readonly RungResult[] {
  if (serving === undefined || cause === undefined) return rungs;
  const has = rungs.some((rung) => rung.status === "warn" && rung.cause.code === cause.code);
  if (has) return rungs;
  return rungs.map((each) =>
    each.rung === cause.rung && each.status !== "unknown"
      ? { rung: each.rung, status: "warn", durationMs: each.durationMs, cause }
      : each,
  );
}
