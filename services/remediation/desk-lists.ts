import type { DeskTools, Page, PlanEntry, RunNow } from "./desk.ts";
import type { JournalStore, PageQuery, PlanRecord, RunSummary } from "./journal.ts";
import type { Plan } from "./plan.ts";

/** Written by us, after it was checked; the engine holds its digest against what was confirmed. */
export const toPlanEntry = ({ id, digest, plan }: PlanRecord): PlanEntry => ({
  id,
  digest,
  plan: plan as unknown as Plan,
});

/** Undefined where there is no plan `before`. */
export async function listPlans(
  store: JournalStore,
  { limit, before }: PageQuery,
): Promise<Page<PlanEntry> | undefined> {
  const found = await store.plans({ limit: limit + 1, before });
  if (found.length === 0 && before !== undefined && (await store.loadPlan(before)) === undefined)
    return undefined;
  return { entries: found.slice(0, limit).map(toPlanEntry), more: found.length > limit };
}

/** Undefined where there is no run `before`. */
export async function listRuns(
  store: JournalStore,
  { limit, before }: PageQuery,
): Promise<Page<RunSummary> | undefined> {
  const found = await store.runs({ limit: limit + 1, before });
  if (found.length === 0 && before !== undefined && (await store.read(before)).length === 0) return undefined;
  return { entries: found.slice(0, limit), more: found.length > limit };
}

/** The lock of its environment tells whether a run without an end goes on: any of many processes may have it. */
export async function statusNow(
  { engine, store }: Pick<DeskTools, "engine" | "store">,
  runId: string,
  now: () => number,
): Promise<RunNow> {
  const status = await engine.status(runId);
  if (status.kind !== "known" || status.run.outcome !== undefined) return { ...status, goesOn: false };
  if (await store.isLocked(status.run.environment, now())) return { ...status, goesOn: true };
  // It may have ended between the two looks.
  return { ...(await engine.status(runId)), goesOn: false };
}
