import { checkSurvey } from "./engine-checks.ts";
import { refusalOf } from "./engine-end.ts";
import type { Prepared } from "./engine-prepare.ts";
import { type Surveyed, survey } from "./engine-survey.ts";
import type { ApplyOptions, EngineLimits, EngineOptions, RunResult } from "./engine.ts";
import type { JournalEvent } from "./journal.ts";
import { redactEvent } from "./run-redact.ts";
import { reportsOfSurvey } from "./run-report.ts";
import { messageOf } from "./run-stop.ts";
import { runStarted } from "./run-started.ts";
import { makeNotify } from "./run.ts";

/** Shows what each step finds and would do. It holds no lock, so what it shows may be old when it is read. */
export async function dryRun(
  options: EngineOptions,
  limits: EngineLimits,
  { asked, steps }: { readonly asked: ApplyOptions; readonly steps: readonly Prepared[] },
): Promise<RunResult> {
  let surveyed: readonly Surveyed[];
  try {
    surveyed = await survey({ options, limits, signal: asked.signal }, steps);
  } catch (error) {
    return refusalOf(error, options.redact);
  }
  const reports = reportsOfSurvey(surveyed);
  const refused = checkSurvey(surveyed);
  if (refused !== undefined) return { ...refused, steps: reports };
  const toDo = surveyed.filter((entry) => entry.toDo).length;
  const summary = `dry run: ${toDo} of ${steps.length} steps would be done; nothing was changed`;
  const runId = asked.runId ?? options.newId();
  const unwritten = await journal(options, { asked, runId, surveyed, summary });
  const told = unwritten === undefined ? summary : `${summary}; it is not in the journal: ${unwritten}`;
  return { kind: "ended", runId, dryRun: true, outcome: "succeeded", summary: told, steps: reports };
}

interface Shown {
  readonly asked: ApplyOptions;
  readonly runId: string;
  readonly surveyed: readonly Surveyed[];
  readonly summary: string;
}

/** Why it could not be written. A dry run is worth showing without a store. */
async function journal(options: EngineOptions, shown: Shown): Promise<string | undefined> {
  const { store, redact } = options;
  const notify = makeNotify(shown.asked.onEvent);
  try {
    for (const event of eventsOf(options, shown)) {
      const written = redactEvent(event, redact);
      await store.append(shown.runId, 0, written);
      notify({ kind: "journalled", runId: shown.runId, event: written });
    }
  } catch (error) {
    return redact(messageOf(error));
  }
  return undefined;
}

function eventsOf({ clock }: EngineOptions, shown: Shown): JournalEvent[] {
  const { asked, runId, surveyed, summary } = shown;
  const at = clock.now();
  const assessed = surveyed.flatMap(({ prepared: { step }, assessment }): JournalEvent[] => {
    if (assessment.kind !== "needed" && assessment.kind !== "satisfied") return [];
    const { prior, change } = assessment.kind === "needed" ? assessment : { prior: null, change: null };
    return [{ type: "step-assessed", at, step: step.id, prior, change }];
  });
  const started = runStarted({ ...asked, runId, fence: 0, mode: "dry-run" });
  return [{ ...started, at }, ...assessed, { type: "run-ended", at, outcome: "succeeded", summary }];
}
