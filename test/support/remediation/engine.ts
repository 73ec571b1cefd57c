import { randomUUID } from "node:crypto";
import { systemClock } from "../../../services/clock.ts";
import { createRedact } from "../../../services/redact.ts";
import { canonicalJson } from "../../../services/remediation/canonical.ts";
import { createEngine } from "../../../services/remediation/engine-create.ts";
import type { ApplyOptions, EngineOptions, EngineLimits } from "../../../services/remediation/engine.ts";
import type { JournalStore } from "../../../services/remediation/journal.ts";
import type { Plan } from "../../../services/remediation/plan.ts";

/** The plan itself: whoever has another plan has another digest. */
export const digestOf = (plan: Plan): string => canonicalJson(plan);

export const LIMITS: EngineLimits = {
  leaseMs: 400,
  assessMs: 5000,
  applyMs: 5000,
  settleMs: 5000,
  verifyMs: 5000,
  pollMs: 2,
  graceMs: 1000,
};

type Given = Partial<EngineOptions> & Pick<EngineOptions, "store" | "actions">;

/** An engine over a store and actions, in which everything holds unless told otherwise. */
export function engineOver({ limits, ...given }: Given) {
  return createEngine({
    capabilities: { clock: systemClock },
    verify: async () => ({ kind: "held", evidence: "it holds" }),
    clock: systemClock,
    attempts: 3,
    newId: randomUUID,
    digestOf,
    redact: createRedact([]),
    ...given,
    limits: { ...LIMITS, ...limits },
  });
}

export const asking = (plan: Plan, more: Partial<ApplyOptions> = {}): ApplyOptions => ({
  plan,
  digest: digestOf(plan),
  by: "ann",
  approvals: [],
  dryRun: false,
  signal: new AbortController().signal,
  ...more,
});

export const takingOver = (runId: string, by = "bob") => ({
  runId,
  by,
  signal: new AbortController().signal,
});

/** Calls `before` ahead of each call that writes or takes the lock; renewals come when they come. */
export function watchedStore(
  store: JournalStore,
  before: (name: string) => void | Promise<void>,
): JournalStore {
  return {
    ...store,
    async append(runId, fence, event) {
      await before(`append ${event.type}`);
      return store.append(runId, fence, event);
    },
    async lock(environment, options) {
      await before("lock");
      return store.lock(environment, options);
    },
    async unlock(lock) {
      await before("unlock");
      return store.unlock(lock);
    },
  };
}
