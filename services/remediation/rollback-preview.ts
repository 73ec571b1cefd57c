import type { Action, Capabilities, Position } from "./action.ts";
import type { RunStatus } from "./engine.ts";
import { foldJournal, stepState } from "./run-state.ts";

export interface RollbackPreview {
  readonly id: string;
  readonly willUndo: boolean;
  readonly because: string;
}

export interface PreviewOptions {
  readonly actions: readonly Action[];
  readonly capabilities: Capabilities;
  readonly signal: AbortSignal;
}

/** Each step that a rollback would look at, in its order. Looks at the world and changes nothing. */
export async function previewRollback(
  { events, plan }: Pick<RunStatus & { kind: "known" }, "events" | "plan">,
  options: PreviewOptions,
): Promise<readonly RollbackPreview[]> {
  const state = foldJournal(events);
  if (state === undefined) return [];
  const previews: RollbackPreview[] = [];
  for (const id of state.begun.toReversed()) {
    const { prior, result } = stepState(state, id);
    const step = plan.steps.find((each) => each.id === id);
    if (step === undefined || result?.kind === "rolled-back") continue;
    const { rollback, action } = step;
    if (rollback.kind !== "automatic") {
      const because =
        rollback.kind === "manual"
          ? `a person has to: ${rollback.instructions}`
          : `cannot be: ${rollback.because}`;
      previews.push({ id, willUndo: false, because });
      continue;
    }
    const actual = options.actions.find(({ kind }) => kind === action.kind);
    const parsed = actual?.parse(action.params);
    if (actual === undefined || parsed?.ok !== true) {
      previews.push({
        id,
        willUndo: false,
        because: `there is no action \`${action.kind}\` with these parameters`,
      });
      continue;
    }
    // One after the other: this is what the rollback does, and nobody waits for a preview.
    const position = await locate(() =>
      actual.locate(parsed.params, prior, options.capabilities, options.signal),
    );
    previews.push({ id, ...SAID[position] });
  }
  return previews;
}

async function locate(ask: () => Promise<Position>): Promise<Position | "unknown"> {
  try {
    return await ask();
  } catch {
    return "unknown";
  }
}

const SAID: Readonly<Record<Position | "unknown", Omit<RollbackPreview, "id">>> = {
  before: { willUndo: false, because: "it is as it was before" },
  after: { willUndo: true, because: "it is as the run left it" },
  between: { willUndo: true, because: "it is half done" },
  elsewhere: {
    willUndo: true,
    because: "others have changed it since; only what the run added is taken back",
  },
  unknown: { willUndo: true, because: "where it is could not be found out" },
};
