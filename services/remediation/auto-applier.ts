import { setTimeout as sleep } from "node:timers/promises";
import type { Detection } from "../context/detect.ts";
import type { Action } from "./action.ts";
import { objectionsToAutoApply } from "./auto-apply.ts";
import type { Desk } from "./desk.ts";

/** What became of one look; told to whoever keeps the log. */
export type AutoApplyNews =
  | { readonly kind: "started"; readonly dependency: string; readonly plan: string; readonly runId: string }
  | {
      readonly kind: "left";
      readonly dependency: string;
      readonly plan?: string;
      readonly because: readonly string[];
    };

export interface AutoApplierOptions {
  /** The kinds that the configuration lists; none: nothing is ever looked at. */
  readonly kinds: readonly string[];
  readonly actions: () => Promise<readonly Pick<Action, "kind" | "destructive">[]>;
  readonly desk: Pick<Desk, "makePlan" | "start">;
  readonly detect: () => Promise<Pick<Detection, "environment" | "mayWrite" | "vetoes">>;
  /** Whether it still fails. */
  readonly fails: (dependency: string) => boolean;
  readonly tell: (news: AutoApplyNews) => void;
  /** A dependency has to fail for so long before it is looked at: most come back by themselves. Default 10 s. */
  readonly afterMs?: number;
  /** Between two looks at one dependency. Default one minute. */
  readonly pauseMs?: number;
}

/** Applies what the configuration lets it, as a person would: by a plan, with its digest, as a run in the journal. */
export interface AutoApplier {
  /** To be told of every dependency that fails; nothing is done at once. */
  consider(dependency: string): void;
  close(): void;
}

export function createAutoApplier(options: AutoApplierOptions): AutoApplier {
  const { kinds, afterMs = 10_000, pauseMs = 60_000, fails, tell } = options;
  const ending = new AbortController();
  const watched = new Set<string>();

  async function watch(dependency: string): Promise<void> {
    const { signal } = ending;
    await sleep(afterMs, undefined, { signal, ref: false });
    while (fails(dependency)) {
      tell(await attempt(options, dependency));
      await sleep(pauseMs, undefined, { signal, ref: false });
    }
  }

  return {
    consider(dependency) {
      if (kinds.length === 0 || watched.has(dependency) || ending.signal.aborted) return;
      watched.add(dependency);
      void watch(dependency)
        .catch((error: unknown) => {
          if (!ending.signal.aborted) tell({ kind: "left", dependency, because: [messageOf(error)] });
        })
        .finally(() => watched.delete(dependency));
    },
    close: () => ending.abort(new Error("the service ends")),
  };
}

async function attempt(options: AutoApplierOptions, dependency: string): Promise<AutoApplyNews> {
  const { kinds, actions, desk, detect } = options;
  const made = await desk.makePlan(dependency);
  if (made.kind !== "made") {
    const because = made.kind === "nothing" ? made.because : `${dependency} is not known`;
    return { kind: "left", dependency, because: [because] };
  }
  const { plan, digest } = made;
  const rules = { kinds, actions: await actions(), detection: await detect() };
  const objections = objectionsToAutoApply(plan, rules);
  if (objections.length > 0) return { kind: "left", dependency, plan: plan.id, because: objections };
  // What a person has to approve, this cannot: the engine refuses it.
  const started = await desk.start({ plan: plan.id, digest, by: "autoApply", dryRun: false, approvals: [] });
  if (started.kind === "refused")
    return { kind: "left", dependency, plan: plan.id, because: [`${started.code}: ${started.because}`] };
  const runId = started.kind === "started" ? started.runId : started.result.runId;
  return { kind: "started", dependency, plan: plan.id, runId };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
