/** Runs the engine, and kills itself before the n-th operation on the journal or the world. */
import type { Plan } from "../../../services/remediation/plan.ts";
import { asking, engineOver, takingOver, watchedStore } from "./engine.ts";
import { type StorePlace, openPlace } from "./store.ts";
import { addAction, writeAction } from "./world.ts";

export interface ChildTask {
  readonly place: StorePlace;
  readonly folder: string;
  readonly plan: Plan;
  readonly runId: string;
  readonly todo: "apply" | "rollback" | "resume";
  /** From 1. */
  readonly killAt: number;
  readonly verified: boolean;
}

const task = JSON.parse(process.argv[2] ?? "") as ChildTask;
let operations = 0;

function before(): void {
  operations += 1;
  if (operations === task.killAt) process.kill(process.pid, "SIGKILL");
}

const store = await openPlace(task.place);
const engine = engineOver({
  store: watchedStore(store, before),
  actions: [writeAction(task.folder, before), addAction(task.folder, before)],
  // After the kill somebody has to wait for its end.
  limits: { leaseMs: 150 },
  verify: async () =>
    task.verified ? { kind: "held", evidence: "it holds" } : { kind: "broken", evidence: "no better" },
});
const { runId } = task;
const result =
  task.todo === "apply"
    ? await engine.apply(asking(task.plan, { runId }))
    : await engine[task.todo](takingOver(runId));
await store.close();
process.stdout.write(JSON.stringify(result));
