import type { RunNotice, RunResult } from "./engine.ts";
import type { Desk, DeskOptions, DeskRefusal, DeskTools, PlanEntry, Started } from "./desk.ts";
import { type Holder, createDeskRuns } from "./desk-runs.ts";
import type { Plan } from "./plan.ts";
import { permitWrite } from "./write-permission.ts";

/** Plans that were made here and are listed. */
const MOST_PLANS = 100;

/** Opens nothing before somebody asks. */
export function createDesk(options: DeskOptions): Desk {
  const { open, environment, newId, clock, onNotice = () => undefined } = options;
  const ending = new AbortController();
  const made = new Map<string, PlanEntry>();
  const runs = createDeskRuns({ signal: ending.signal, now: () => clock.now() });
  let opened: Promise<DeskTools> | undefined;

  function tools(): Promise<DeskTools> {
    const opening = opened ?? open();
    opened = opening;
    // A store that cannot be opened now may be later.
    opening.catch(() => {
      if (opened === opening) opened = undefined;
    });
    return opening;
  }

  async function plan(id: string): Promise<PlanEntry | undefined> {
    const known = made.get(id);
    if (known !== undefined) return known;
    const stored = await (await tools()).store.loadPlan(id);
    // Written by us, after it was checked; the engine holds its digest against what was confirmed.
    return stored && { id, digest: stored.digest, plan: stored.plan as unknown as Plan };
  }

  async function refuseEnvironment(
    planned: string,
    approved: string | undefined,
    { back }: { readonly back: boolean },
  ): Promise<DeskRefusal | undefined> {
    const detection = await options.detect();
    const permission = permitWrite({ planned, configured: environment, detection, approved });
    if (permission.kind === "permitted" || (back && permission.kind === "unapproved")) return undefined;
    const code = permission.kind === "elsewhere" ? "ENVIRONMENT_MISMATCH" : "ENVIRONMENT_NOT_APPROVED";
    return refusal(code, permission.because);
  }

  /** Told once it is known whether it begins; goes on by itself. */
  async function launch(
    of: { readonly environment: string; readonly runId: string; readonly by: string },
    work: (onEvent: (notice: RunNotice) => void) => Promise<RunResult>,
  ): Promise<Started> {
    const result = await runs.launch(of, work, onNotice);
    if (result.kind !== "refused" || result.code !== "LOCKED") return result;
    const { store } = await tools();
    const newest = await store.runs({ environment: of.environment, limit: 20 });
    const open = newest.find(({ outcome, runId }) => outcome === undefined && runId !== of.runId);
    return open === undefined ? result : { ...result, holder: toHolder(open) };
  }

  return {
    plan,
    async plans() {
      const { store } = await tools();
      const recent = await store.runs({ limit: MOST_PLANS });
      const ids = new Set([...[...made.keys()].toReversed(), ...recent.map(({ planId }) => planId)]);
      const entries = await Promise.all([...ids].slice(0, MOST_PLANS).map((id) => plan(id)));
      return entries.filter((entry) => entry !== undefined);
    },
    async makePlan(subject) {
      const result = await options.makePlan(await tools(), subject, ending.signal);
      if (result.kind !== "made") return result;
      const { id } = result.plan;
      made.delete(id);
      made.set(id, { id, digest: result.digest, plan: result.plan });
      for (const oldest of [...made.keys()].slice(0, -MOST_PLANS)) made.delete(oldest);
      return result;
    },
    async start({ plan: id, digest, by, dryRun, approvals, approvedEnvironment }) {
      const { engine } = await tools();
      const entry = await plan(id);
      if (entry === undefined) return refusal("PLAN_NOT_FOUND", `there is no plan ${id}`);
      const { plan: planned } = entry;
      const elsewhere = dryRun
        ? undefined
        : await refuseEnvironment(planned.environment, approvedEnvironment, { back: false });
      if (elsewhere !== undefined) return elsewhere;
      const runId = newId();
      const asked = { plan: planned, digest, by, approvals, dryRun, runId, signal: ending.signal };
      if (dryRun) {
        const result = await engine.apply(asked);
        return result.kind === "refused" ? result : { kind: "over", result };
      }
      return launch({ environment: planned.environment, runId, by }, (onEvent) =>
        engine.apply({ ...asked, onEvent }),
      );
    },
    async takeOver({ runId, to, by, approvedEnvironment }) {
      const { engine } = await tools();
      const status = await engine.status(runId);
      if (status.kind === "not-found") return refusal("RUN_NOT_FOUND", `there is no run ${runId}`);
      if (status.kind === "unavailable") return refusal("STORE_UNAVAILABLE", status.because);
      const { environment: planned } = status.run;
      const refused = await refuseEnvironment(planned, approvedEnvironment, { back: to === "rollback" });
      if (refused !== undefined) return refused;
      return launch({ environment: planned, runId, by }, (onEvent) =>
        engine[to]({ runId, by, signal: ending.signal, onEvent }),
      );
    },
    runs: async (limit) => (await tools()).store.runs({ limit }),
    status: async (runId) => (await tools()).engine.status(runId),
    async close() {
      ending.abort(new Error("the service ends"));
      await runs.settled();
      // What cannot be opened needs no closing.
      const left = await opened?.catch(() => undefined);
      await left?.close();
    },
  };
}

const refusal = (code: DeskRefusal["code"], because: string): DeskRefusal => ({
  kind: "refused",
  code,
  because,
  steps: [],
});

const toHolder = ({ runId, by, startedAt }: Holder): Holder => ({ runId, by, startedAt });
