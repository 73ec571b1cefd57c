import { fingerprintOf } from "./canonical.ts";
import { type Prepared, needsApproval } from "./engine-prepare.ts";
import type { Surveyed } from "./engine-survey.ts";
import type { ApplyOptions, EngineOptions, Preflight, RefusalCode, RunResult, StepReport } from "./engine.ts";
import { bounded } from "./run-bounded.ts";
import type { Caller } from "./run-calls.ts";
import { reportsOfSurvey } from "./run-report.ts";

export type Refusal = RunResult & { readonly kind: "refused" };

export const refuse = (code: RefusalCode, because: string, steps: readonly StepReport[] = []): Refusal => ({
  kind: "refused",
  code,
  because,
  steps,
});

/** Steps that a person has to approve and did not. */
export function checkApprovals(steps: readonly Prepared[], { approvals }: ApplyOptions): Refusal | undefined {
  const missing = steps.filter(
    (prepared) => needsApproval(prepared) && !approvals.includes(prepared.step.id),
  );
  if (missing.length === 0) return undefined;
  const reports = missing.map(({ step: { id, title } }) => ({ id, title, begun: false }));
  const names = missing.map(({ step }) => step.id).join(", ");
  return refuse("NOT_APPROVED", `a person has to approve by name: ${names}`, reports);
}

/** The first kind of objection, with all steps that have one. */
export function checkSurvey(surveyed: readonly Surveyed[]): Refusal | undefined {
  const objecting = surveyed.filter(({ objection }) => objection !== undefined);
  const first = objecting[0]?.objection;
  if (first === undefined) return undefined;
  const sentences = objecting.map(({ prepared, objection }) => `${prepared.step.id}: ${objection?.because}`);
  return refuse(first.code, sentences.join("; "), reportsOfSurvey(objecting));
}

/** A run that was killed has left the world half-way, and nothing may be built on that. For whoever has the lock. */
export async function checkUnfinished(
  { store }: EngineOptions,
  environment: string,
): Promise<Refusal | undefined> {
  const [found] = await store.runs({ environment, limit: 1, unfinished: true });
  if (found === undefined) return undefined;
  const { runId, by } = found;
  return refuse(
    "RUN_UNFINISHED",
    `run ${runId} by ${by} was stopped in the middle; resume it or roll it back first`,
  );
}

/** Names the run that has it, where one can be found. @throws {StoreError} */
export async function lockedBy({ store }: EngineOptions, environment: string): Promise<Refusal> {
  const [open] = await store.runs({ environment, limit: 1, unfinished: true });
  const who = open === undefined ? "another run" : `run ${open.runId} by ${open.by}`;
  return refuse("LOCKED", `${who} has the environment ${environment}`);
}

/** What did not help so often will not by itself; who approves a step by name has decided otherwise. @throws {StoreError} */
export async function checkAttempts(
  { store, attempts }: EngineOptions,
  surveyed: readonly Surveyed[],
  { approvals, plan: { environment } }: ApplyOptions,
): Promise<Refusal | undefined> {
  const exhausted: Surveyed[] = [];
  for (const entry of surveyed) {
    const { step } = entry.prepared;
    if (!entry.toDo || approvals.includes(step.id)) continue;
    if ((await store.attempts(fingerprintOf({ environment, ...step.action }))) >= attempts)
      exhausted.push(entry);
  }
  if (exhausted.length === 0) return undefined;
  const names = exhausted.map(({ prepared }) => prepared.step.id).join(", ");
  const because = `begun ${attempts} times without success, so a person has to look, and to approve by name: ${names}`;
  return refuse("ATTEMPTS_EXHAUSTED", because, reportsOfSurvey(exhausted));
}

/** Whether what is missing would stop the run half-way. @throws {Stop} */
export async function checkPermissions(
  { options: { preflight }, limits, signal }: Caller,
  surveyed: readonly Surveyed[],
): Promise<Refusal | undefined> {
  const wanted = surveyed
    .filter(({ toDo }) => toDo)
    .flatMap(({ prepared: { action, params } }) => action.permissions(params));
  if (preflight === undefined || wanted.length === 0) return undefined;
  const { assessMs: ms, graceMs } = limits;
  const asked = await bounded({ ms, graceMs, waitedFor: "the check of permissions", signal }, (inner) =>
    preflight(wanted, inner),
  );
  const answer: Preflight = asked.kind === "answered" ? asked.value : { ...asked, kind: "unknown" };
  if (answer.kind === "held") return undefined;
  if (answer.kind === "unknown")
    return refuse("WORLD_UNKNOWN", `whether the permissions are held is unknown: ${answer.because}`);
  const list = answer.permissions.map(({ permission, resource }) => `${permission} on ${resource}`);
  return refuse("PERMISSION_MISSING", `not held: ${list.join(", ")}`);
}
