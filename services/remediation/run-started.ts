import type { Json } from "./action.ts";
import type { ApplyOptions } from "./engine.ts";
import type { NewEvent } from "./run.ts";

export interface RunStart extends Pick<ApplyOptions, "plan" | "digest" | "by"> {
  readonly runId: string;
  /** 0 for a dry run, which holds no lock. */
  readonly fence: number;
  readonly mode: "apply" | "dry-run";
}

/** The first event of every journal. */
export const runStarted = ({
  plan,
  digest,
  by,
  runId,
  fence,
  mode,
}: RunStart): NewEvent & { readonly type: "run-started" } => ({
  type: "run-started",
  runId,
  planId: plan.id,
  digest,
  plan: plan as unknown as Json,
  environment: plan.environment,
  by,
  fence,
  mode,
});
