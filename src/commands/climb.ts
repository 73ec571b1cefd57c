import { systemClock } from "../../services/clock.ts";
import { causeOf, RUNGS } from "../../services/causes.ts";
import type { Dependency, DiscoveryResult, Target } from "../../services/dependencies/dependency.ts";
import { viewCause } from "../../services/health/cause-view.ts";
import type { Check, DiscoveryCheck } from "../../services/health/check.ts";
import { viewDiscovery } from "../../services/health/discovery-view.ts";
import { climb, type ClimbResult } from "../../services/probe/climb.ts";
import { slowCause } from "../../services/probe/observation.ts";
import { explain } from "../../services/why/explain.ts";
import { parseExplanation } from "../views/explanation.ts";
import type { DependencyReport } from "../views/report.ts";
import type { Candidate } from "./candidates.ts";

/**
 * Climbs the ladder of each candidate, all at the same time, on fresh connections.
 *
 * @throws the reason of `signal` when that aborts.
 */
export async function climbAll(
  candidates: readonly Candidate[],
  signal: AbortSignal,
): Promise<DependencyReport[]> {
  const climbed = await climbChecks(candidates, signal);
  return climbed.map(({ report }) => report);
}

/** A climb as the domain sees it, and as it is shown. */
export interface Climbed {
  readonly check: Check;
  readonly report: DependencyReport;
}

/** The same, with what the domain judges by. */
export function climbChecks(candidates: readonly Candidate[], signal: AbortSignal): Promise<Climbed[]> {
  return Promise.all(candidates.map((candidate) => climbOne(candidate, signal)));
}

async function climbOne({ name, dependency }: Candidate, signal: AbortSignal): Promise<Climbed> {
  const { kind, required, warnAboveMs } = dependency;
  const ladder = warnWhenSlow(await climbTwice(dependency, signal), warnAboveMs);
  const target = shownTarget(dependency, ladder);
  const check: Check = {
    name,
    kind,
    required,
    status: ladder.cause?.code === "CHECK_ERROR" ? "unknown" : ladder.status,
    durationMs: ladder.durationMs,
    ...(ladder.cause === undefined ? {} : { cause: viewCause(ladder.cause, name, target) }),
    rungs: ladder.rungs,
    target,
    ...(ladder.discovery === undefined ? {} : { discovery: viewed(ladder, ladder.discovery, name) }),
    ...(ladder.version === undefined ? {} : { version: ladder.version }),
    breaker: { state: "closed" },
    stale: false,
    ageMs: 0,
    nextTryInMs: 0,
    overdueMs: 0,
  };
  const { host, port, user, database } = target;
  const report: DependencyReport = {
    ...parseExplanation(explain(check, undefined)),
    kind,
    required,
    durationMs: Math.round(ladder.durationMs * 100) / 100,
    reached: ladder.cause?.rung ?? RUNGS.at(-1),
    target: {
      host,
      port,
      ...(database === undefined ? {} : { database }),
      ...(user === undefined ? {} : { user }),
      tls: target.tls !== undefined,
    },
  };
  return { check, report };
}

/** Of several servers the one whose rungs are shown. */
function shownTarget({ target, discovery }: Dependency, ladder: ClimbResult): Target {
  const name = ladder.discovery?.serving?.name;
  return discovery?.candidates.find((each) => each.name === name)?.dependency.target ?? target;
}

function viewed({ candidates = [] }: ClimbResult, found: DiscoveryResult, name: string): DiscoveryCheck {
  return viewDiscovery({ found, name, targets: candidates.map(({ target }) => target), climbs: candidates });
}

/** As the service does: a cause that one observation does not prove is confirmed by a second try, in the time left. */
async function climbTwice(dependency: Dependency, signal: AbortSignal): Promise<ClimbResult> {
  const first = await climb({ dependency, clock: systemClock, signal });
  const totalMs = dependency.deadlines.totalMs - first.durationMs;
  if (first.cause === undefined || causeOf(first.cause.code).definite || totalMs < LEAST_USEFUL_MS)
    return first;
  const limited = { ...dependency, deadlines: { ...dependency.deadlines, totalMs } };
  return climb({ dependency: limited, clock: systemClock, signal });
}

/** A second try in less time would fail for want of time alone. */
const LEAST_USEFUL_MS = 500;

/** The ladder knows rungs that hold or break; that one holds too slowly is what `warnAbove` asks about. */
function warnWhenSlow(ladder: ClimbResult, warnAboveMs: number | undefined): ClimbResult {
  const query = ladder.rungs.find(({ rung }) => rung === "query");
  if (ladder.status !== "pass" || query?.status !== "pass") return ladder;
  const cause = slowCause(query.durationMs, warnAboveMs);
  if (cause === undefined) return ladder;
  const { rung, durationMs } = query;
  const rungs = ladder.rungs.map((each) =>
    each === query ? { rung, status: "warn" as const, durationMs, cause } : each,
  );
  return { ...ladder, status: "warn", cause, rungs };
}
