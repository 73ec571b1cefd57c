import {
  type Refusal,
  checkApprovals,
  checkAttempts,
  checkPermissions,
  checkSurvey,
  checkUnfinished,
  lockedBy,
  refuse,
} from "./engine-checks.ts";
import { dryRun } from "./engine-dry-run.ts";
import { endOf, refusalOf } from "./engine-end.ts";
import { type Prepared, preparePlan } from "./engine-prepare.ts";
import { survey } from "./engine-survey.ts";
import type { ApplyOptions, EngineLimits, EngineOptions, RunResult } from "./engine.ts";
import { runForward } from "./run-forward.ts";
import { type Lease, takeLease } from "./run-lease.ts";
import { runStarted } from "./run-started.ts";
import { openRun } from "./run.ts";

/** Refuses before anything is touched, or runs to an end. Never rejects. */
export async function applyPlan(
  options: EngineOptions,
  limits: EngineLimits,
  asked: ApplyOptions,
): Promise<RunResult> {
  const { plan, digest } = asked;
  const seen = options.digestOf(plan);
  if (seen !== digest)
    return refuse("DIGEST_MISMATCH", `the plan's digest is ${seen}, and ${digest} was confirmed`);
  const prepared = preparePlan(plan, options.actions);
  if (!prepared.ok) return refuse("PLAN_INVALID", prepared.faults.join("; "));
  if (asked.dryRun) return dryRun(options, limits, { asked, steps: prepared.steps });
  const unapproved = checkApprovals(prepared.steps, asked);
  if (unapproved !== undefined) return unapproved;
  const { environment } = plan;
  const { store, clock } = options;
  const lock = { store, clock, environment, holder: options.newId(), leaseMs: limits.leaseMs };
  let lease: Lease | undefined;
  try {
    lease = await takeLease(lock);
    if (lease === undefined) return await lockedBy(options, environment);
    return await underLease({ options, limits, asked, steps: prepared.steps, lease });
  } catch (error) {
    return refusalOf(error, options.redact);
  } finally {
    await lease?.end();
  }
}

interface Under {
  readonly options: EngineOptions;
  readonly limits: EngineLimits;
  readonly asked: ApplyOptions;
  readonly steps: readonly Prepared[];
  readonly lease: Lease;
}

async function underLease({ options, limits, asked, steps, lease }: Under): Promise<RunResult> {
  const { signal: wanted, onEvent, runId = options.newId() } = asked;
  const { deadlineMs } = asked.plan;
  const run = openRun({ options, limits, runId, lease, signal: wanted, onEvent, deadlineMs, events: [] });
  const refused = await objection(options, { run, steps, asked });
  if (refused !== undefined) return refused;
  await run.announce(runStarted({ ...asked, runId, fence: lease.fence, mode: "apply" }));
  return endOf(run, () => runForward(run, steps));
}

async function objection(
  options: EngineOptions,
  { run, steps, asked }: { run: ReturnType<typeof openRun>; steps: readonly Prepared[]; asked: ApplyOptions },
): Promise<Refusal | undefined> {
  const unfinished = await checkUnfinished(options, asked.plan.environment);
  if (unfinished !== undefined) return unfinished;
  const surveyed = await survey(run, steps);
  return (
    checkSurvey(surveyed) ??
    (await checkAttempts(options, surveyed, asked)) ??
    (await checkPermissions(run, surveyed))
  );
}
