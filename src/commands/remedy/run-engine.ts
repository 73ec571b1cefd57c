import type { RunNotice, RunResult } from "../../../services/remediation/engine.ts";
import type { Plan } from "../../../services/remediation/plan.ts";
import type { Redact } from "../../../services/redact.ts";
import { createRemedyProgress } from "../../views/remedy-progress.ts";
import type { CommandContext } from "../context.ts";
import { whoWants } from "./by.ts";
import { windDown } from "./wind-down.ts";

/** What every call of the engine is given. */
export interface EngineCall {
  readonly by: string;
  readonly signal: AbortSignal;
  readonly onEvent: (notice: RunNotice) => void;
}

export interface EngineRun {
  readonly result: RunResult;
  /** By step, what was checked afterwards. */
  readonly verified: ReadonlyMap<string, readonly string[]>;
}

export interface RunEngineOptions {
  readonly plan: Pick<Plan, "steps">;
  readonly redact: Redact;
  /** Tells nothing while it goes on. */
  readonly quiet?: boolean;
}

/** Runs the engine, tells its progress on stderr, and lets it end between two steps when it is interrupted. */
export async function runEngine(
  { env, stderr, signal }: CommandContext,
  { plan, redact, quiet = false }: RunEngineOptions,
  work: (call: EngineCall) => Promise<RunResult>,
): Promise<EngineRun> {
  const tell = (line: string): void => void stderr.write(`${redact(line)}\n`);
  const steps = plan.steps.map(({ id }) => id);
  const progress = createRemedyProgress({ steps, write: quiet ? () => undefined : tell });
  const winding = windDown({ signal, tell });
  try {
    const result = await work({
      by: whoWants(env),
      signal: winding.signal,
      onEvent(notice) {
        winding.onEvent(notice);
        progress.onEvent(notice);
      },
    });
    return { result, verified: progress.verified };
  } finally {
    winding.close();
  }
}
