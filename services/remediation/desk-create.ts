import type { RunNotice, RunResult, RunStatus } from "./engine.ts";
import type { Desk, DeskOptions, DeskRefusal, DeskTools, PlanEntry, Started } from "./desk.ts";
import { type Holder, createDeskRuns } from "./desk-runs.ts";
import { listPlans, listRuns, statusNow, toPlanEntry } from "./desk-lists.ts";
import { previewRollback } from "./rollback-preview.ts";
import { permitWrite } from "./write-permission.ts";

/** Opens nothing before somebody asks. */
export function createDesk(options: DeskOptions): Desk {
  const { open, environment, newId, clock, onNotice = () => undefined } = options;
  const ending = new AbortController();
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
    const stored = await (await tools()).store.loadPlan(id);
    return stored && toPlanEntry(stored);
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
    const [open] = await store.runs({ environment: of.environment, limit: 1, unfinished: true });
    return open === undefined ? result : { ...result, holder: toHolder(open) };
  }

  return {
    plan,
    plans: async (page) => listPlans((await tools()).store, page),
    makePlan: async (subject) => options.makePlan(await tools(), subject, ending.signal),
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
      if (status.kind !== "known") return unknownRun(runId, status);
      const { environment: planned } = status.run;
      const refused = await refuseEnvironment(planned, approvedEnvironment, { back: to === "rollback" });
      if (refused !== undefined) return refused;
      return launch({ environment: planned, runId, by }, (onEvent) =>
        engine[to]({ runId, by, signal: ending.signal, onEvent }),
      );
    },
    async previewRollback(runId) {
      const { engine, actions, capabilities } = await tools();
      const status = await engine.status(runId);
      if (status.kind !== "known") return unknownRun(runId, status);
      const { signal } = ending;
      return { kind: "previewed", steps: await previewRollback(status, { actions, capabilities, signal }) };
    },
    runs: async (page) => listRuns((await tools()).store, page),
    status: async (runId) => statusNow(await tools(), runId, () => clock.now()),
    async close() {
      ending.abort(new Error("the service ends"));
      await runs.settled();
      // What cannot be opened needs no closing.
      const left = await opened?.catch(() => undefined);
      await left?.close();
    },
  };
}

const unknownRun = (runId: string, status: Exclude<RunStatus, { kind: "known" }>): DeskRefusal =>
  status.kind === "not-found"
    ? refusal("RUN_NOT_FOUND", `there is no run ${runId}`)
    : refusal("STORE_UNAVAILABLE", status.because);

const refusal = (code: DeskRefusal["code"], because: string): DeskRefusal => ({
  kind: "refused",
  code,
  because,
  steps: [],
});

const toHolder = ({ runId, by, startedAt }: Holder): Holder => ({ runId, by, startedAt });
