import type { JournalEvent, RunOutcome } from "../../services/remediation/journal.ts";
import { fingerprintOf } from "../../services/remediation/canonical.ts";
import type { Json } from "../../services/remediation/action.ts";
import { isRecord } from "../../services/json.ts";

/** What an event changes beside the journal itself, in the words of the tables. */
export interface Changes {
  /** Undefined: stays as it is. Null: it runs again. */
  readonly outcome?: RunOutcome | null;
  /** Counts the attempts of this step's fingerprint. */
  readonly begun?: string;
  /** Forgets them. */
  readonly succeeded?: string;
}

export function changesOf(event: JournalEvent): Changes {
  switch (event.type) {
    case "step-applying":
      return { begun: event.step };
    case "step-ended":
      return event.result.kind === "done" ? { succeeded: event.step } : {};
    case "run-ended":
      return { outcome: event.outcome };
    case "run-resumed":
      return { outcome: null };
    default:
      return {};
  }
}

type Started = Pick<JournalEvent & { readonly type: "run-started" }, "plan" | "environment">;

/** The fingerprint of each step, from the plan in a run's first event; a plan that is none has no steps. */
export function fingerprintsOf({
  plan,
  environment,
}: Started): { readonly step: string; readonly fingerprint: string }[] {
  const steps: unknown = isRecord(plan) ? plan["steps"] : undefined;
  if (!Array.isArray(steps)) return [];
  const byStep = new Map<string, string>();
  for (const step of steps as unknown[]) {
    if (!isRecord(step) || typeof step["id"] !== "string" || !isRecord(step["action"])) continue;
    const { kind, params } = step["action"];
    if (typeof kind === "string")
      byStep.set(step["id"], fingerprintOf({ environment, kind, params: (params ?? null) as Json }));
  }
  return [...byStep].map(([step, fingerprint]) => ({ step, fingerprint }));
}
