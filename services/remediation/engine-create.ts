import { applyPlan } from "./engine-apply.ts";
import { takeOver } from "./engine-take-over.ts";
import type { Engine, EngineLimits, EngineOptions, RunResult } from "./engine.ts";
import { statusOf } from "./run-report.ts";
import { redactIn } from "./run-redact.ts";
import { foldJournal } from "./run-state.ts";
import { messageOf } from "./run-stop.ts";

const LIMITS: EngineLimits = {
  leaseMs: 15_000,
  assessMs: 30_000,
  applyMs: 120_000,
  // IAM takes up to seven minutes to spread.
  settleMs: 600_000,
  verifyMs: 60_000,
  pollMs: 1000,
  graceMs: 5000,
};

/** Over a store and the actions that there are. It holds nothing between two calls, and closes nothing. */
export function createEngine(options: EngineOptions): Engine {
  const limits = { ...LIMITS, ...options.limits };
  const { store, redact } = options;
  const told = async (result: Promise<RunResult>): Promise<RunResult> =>
    redactIn(await result, redact) as RunResult;
  return {
    apply: (asked) => told(applyPlan(options, limits, asked)),
    rollback: (asked) => told(takeOver({ options, limits, asked, to: "roll-back" })),
    resume: (asked) => told(takeOver({ options, limits, asked, to: "finish" })),
    async status(runId) {
      try {
        const events = await store.read(runId);
        const state = foldJournal(events);
        return state === undefined ? { kind: "not-found" } : statusOf(state, events);
      } catch (error) {
        return { kind: "unavailable", because: redact(messageOf(error)) };
      }
    },
  };
}
