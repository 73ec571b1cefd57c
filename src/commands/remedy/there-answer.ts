import * as v from "valibot";
import type { Assessment } from "../../../services/remediation/action.ts";
import type { StepReport } from "../../../services/remediation/engine.ts";
import type { JournalEvent, RunSummary } from "../../../services/remediation/journal.ts";
import { statusOf } from "../../../services/remediation/run-report.ts";
import { foldJournal } from "../../../services/remediation/run-state.ts";
import type { RunThere } from "./there.ts";

const eventSchema = v.looseObject({ type: v.string(), at: v.number() });
const runSchema = v.looseObject({ goesOn: v.boolean(), events: v.array(eventSchema) });

/** A run by its journal; undefined for what is none of this version. */
export function readRunThere(body: unknown): RunThere | undefined {
  const read = v.safeParse(runSchema, body);
  if (!read.success) return undefined;
  const { goesOn } = read.output;
  const events = read.output.events as unknown as readonly JournalEvent[];
  try {
    const state = foldJournal(events);
    const status = state && statusOf(state, events);
    return status?.kind === "known" ? { ...status, goesOn } : undefined;
  } catch {
    // Members are missing that this version's journal has.
    return undefined;
  }
}

const assessmentSchema = v.variant("kind", [
  v.looseObject({
    kind: v.literal("needed"),
    change: v.looseObject({ symbol: v.picklist(["+", "~", "-", "!"]), target: v.string() }),
  }),
  v.looseObject({ kind: v.literal("satisfied"), evidence: v.string() }),
  v.looseObject({ kind: v.picklist(["refused", "unknown"]), because: v.string() }),
]);
const dryRunSchema = v.looseObject({
  runId: v.string(),
  summary: v.string(),
  steps: v.array(
    v.looseObject({ id: v.string(), title: v.string(), assessment: v.optional(assessmentSchema) }),
  ),
});

export interface DryRunThere {
  readonly runId: string;
  readonly summary: string;
  readonly reports: readonly StepReport[];
}

/** What a dry run found of each step; undefined for an answer of another version. */
export function readDryRun(body: unknown): DryRunThere | undefined {
  const read = v.safeParse(dryRunSchema, body);
  if (!read.success) return undefined;
  const { runId, summary, steps } = read.output;
  const reports = steps.map(({ id, title, assessment }): StepReport => {
    if (assessment === undefined) return { id, title, begun: false };
    // What it would be taken back by stays there.
    return { id, title, begun: false, assessment: { prior: null, ...assessment } as unknown as Assessment };
  });
  return { runId, summary, reports };
}

const previewSchema = v.looseObject({
  steps: v.array(v.looseObject({ id: v.string(), willUndo: v.boolean(), because: v.string() })),
});

/** What a rollback would take back; undefined for an answer of another version. */
export function readPreview(body: unknown): v.InferOutput<typeof previewSchema>["steps"] | undefined {
  const read = v.safeParse(previewSchema, body);
  return read.success ? read.output.steps : undefined;
}

const outcome = v.picklist(["succeeded", "rolled-back", "failed", "pending"]);
const runsSchema = v.looseObject({
  runs: v.array(
    v.looseObject({
      runId: v.string(),
      plan: v.string(),
      environment: v.string(),
      by: v.string(),
      startedAt: v.pipe(
        v.string(),
        v.transform((text) => Date.parse(text)),
        v.number(),
      ),
      outcome: v.nullable(outcome),
      dryRun: v.boolean(),
    }),
  ),
  next: v.optional(v.string()),
});

export interface RunsPage {
  readonly runs: readonly RunSummary[];
  readonly next?: string | undefined;
}

/** A page of the list of runs; undefined for an answer of another version. */
export function readRunsPage(body: unknown): RunsPage | undefined {
  const read = v.safeParse(runsSchema, body);
  if (!read.success) return undefined;
  const runs = read.output.runs.map(
    ({ runId, plan: planId, environment, by, startedAt, outcome: ended, dryRun }) => ({
      runId,
      planId,
      environment,
      startedAt,
      by,
      dryRun,
      ...(ended !== null && { outcome: ended, dryRun }),
    }),
  );
  return { runs, next: read.output.next };
}
