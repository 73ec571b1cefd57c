import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JournalStore } from "../../../services/remediation/journal.ts";
import { useDependency } from "../../support/environment.ts";
import type { ChildTask } from "../../support/remediation/child.ts";
import { asking, engineOver, takingOver } from "../../support/remediation/engine.ts";
import { plan, step } from "../../support/remediation/plan.ts";
import { type StorePlace, openPlace } from "../../support/remediation/store.ts";
import { addAction, worldIn, writeAction } from "../../support/remediation/world.ts";

const postgres = await useDependency("postgres");
const root = mkdtempSync(join(tmpdir(), "greenlight-kill-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const BEFORE = { changed: "old", members: JSON.stringify(["theirs"]) };
const AFTER = { changed: "new", made: "text", members: JSON.stringify(["theirs", "ours"]) };
/** What somebody else does while nobody of us runs: a member beside ours, and a file. */
const ADDED = "added meanwhile";

const planFor = (environment: string) =>
  plan(
    [
      step("make", { kind: "write", params: { name: "made", text: "text" } }),
      step("add", { kind: "add", params: { name: "members", member: "ours" } }),
      step(
        "change",
        { kind: "write", params: { name: "changed", text: "new" } },
        { needs: ["make"], verify: [{ kind: "probe", dependency: "postgres" }] },
      ),
    ],
    { environment },
  );

const AT_ONCE = 4;
let count = 0;

interface Case {
  readonly task: Omit<ChildTask, "killAt">;
  readonly store: JournalStore;
}

const places: Record<string, (name: string) => StorePlace> = {
  sqlite: (name) => ({ path: join(root, `${name}.db`) }),
  postgres: () => ({ url: postgres.server.adminUrl() }),
};

async function newCase(kind: string, todo: ChildTask["todo"], verified = true): Promise<Case> {
  const name = `${kind}-${(count += 1)}`;
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(BEFORE)) writeFileSync(join(folder, file), text);
  const place = (places[kind] as (name: string) => StorePlace)(name);
  return {
    task: { place, folder, plan: planFor(name), runId: name, todo, verified },
    store: await openPlace(place),
  };
}

/** Whether it was killed; otherwise it came to its end. */
async function runChild(task: ChildTask): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [resolve("test/support/remediation/child.ts"), JSON.stringify(task)],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, "cache") },
    },
  );
  let errors = "";
  child.stderr.on("data", (bytes: Buffer) => (errors += String(bytes)));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (signal === "SIGKILL") return true;
  if (code !== 0) throw new Error(`the child failed: ${errors}`);
  return false;
}

const engineFor = ({ task, store }: Case) =>
  engineOver({
    store,
    actions: [writeAction(task.folder, () => undefined), addAction(task.folder, () => undefined)],
  });

/** As `worldIn`, with what others added meanwhile asserted and taken out. */
function ourWorld({ task: { folder } }: Case, meanwhile: boolean): Record<string, string | null> {
  const { [ADDED]: added, ...world } = worldIn(folder);
  if (!meanwhile) return world;
  expect(added).toBe("theirs");
  const members = JSON.parse(world["members"] ?? "[]") as string[];
  expect(members).toContain(ADDED);
  return { ...world, members: JSON.stringify(members.filter((member) => member !== ADDED)) };
}

function addMeanwhile({ task: { folder } }: Case): void {
  writeFileSync(join(folder, ADDED), "theirs");
  const path = join(folder, "members");
  writeFileSync(path, JSON.stringify([...(JSON.parse(readFileSync(path, "utf8")) as string[]), ADDED]));
}

/** What the journal says must be what the world is. */
async function expectTold(given: Case, expected: "succeeded" | "rolled-back" | "nothing"): Promise<void> {
  const status = await engineFor(given).status(given.task.runId);
  if (expected === "nothing") {
    expect(status.kind).toBe("not-found");
    return;
  }
  if (status.kind !== "known") throw new Error(`the journal says ${status.kind}`);
  expect(status.run.outcome).toBe(expected);
  for (const { begun, result } of status.steps) {
    if (expected === "succeeded") expect(result?.kind).toBe("done");
    // What was never begun may be said to be not run, or so already, or to have failed before it was begun.
    else if (begun) expect(result?.kind).toBe("rolled-back");
  }
}

/** Goes on by `next` after the child was killed, and holds the world and the journal against each other. */
async function goOn(given: Case, next: "resume" | "rollback", forward: boolean): Promise<void> {
  addMeanwhile(given);
  const result = await engineFor(given)[next](takingOver(given.task.runId));
  if (result.kind === "refused" && result.code === "RUN_NOT_FOUND") {
    expect(ourWorld(given, true)).toEqual(BEFORE);
    await expectTold(given, "nothing");
    return;
  }
  const status = await engineFor(given).status(given.task.runId);
  // Killed when all was said and done, nothing is left to do.
  if (result.kind === "refused") expect(result.code).toBe("RUN_ENDED");
  else expect(result.kind).toBe("ended");
  const ahead = forward && next === "resume";
  expect(ourWorld(given, true)).toEqual(ahead ? AFTER : BEFORE);
  await expectTold(given, ahead ? "succeeded" : "rolled-back");
  expect(status.kind).toBe("known");
}

async function cases(
  make: (killAt: number) => Promise<{ killed: boolean; check: () => Promise<void> }>,
): Promise<number> {
  // Some at a time: most of each is a process that starts, and a lease that runs out.
  for (let killAt = 1; ; killAt += AT_ONCE) {
    const some = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => make(killAt + index)));
    await Promise.all(some.map(({ check }) => check()));
    const survived = some.findIndex(({ killed }) => !killed);
    if (survived >= 0) return killAt + survived - 1;
  }
}

describe.each(Object.keys(places))("with the journal in %s", (kind) => {
  beforeAll(async () => {
    // One that comes to its end: those that are killed leave nothing compiled to the next.
    const given = await newCase(kind, "apply");
    expect(await runChild({ ...given.task, killAt: Number.MAX_SAFE_INTEGER })).toBe(false);
    await given.store.close();
  });

  for (const next of ["resume", "rollback"] as const)
    it(`an apply that is killed at any point is brought to an end by ${next}`, async () => {
      const points = await cases(async (killAt) => {
        const given = await newCase(kind, "apply");
        const killed = await runChild({ ...given.task, killAt });
        return {
          killed,
          async check() {
            await goOn(given, next, true);
            await given.store.close();
          },
        };
      });
      // A lock, the start and the end, and for each step five events and one to three operations.
      expect(points).toBeGreaterThanOrEqual(25);
    }, 180_000);

  it("an apply whose verification fails, killed at any point, is taken back or never was", async () => {
    const points = await cases(async (killAt) => {
      const given = await newCase(kind, "apply", false);
      const killed = await runChild({ ...given.task, killAt });
      return {
        killed,
        async check() {
          await goOn(given, "rollback", false);
          await given.store.close();
        },
      };
    });
    expect(points).toBeGreaterThanOrEqual(35);
  }, 180_000);

  for (const next of ["rollback", "resume"] as const)
    it(`a rollback that is killed at any point is finished by ${next}`, async () => {
      const points = await cases(async (killAt) => {
        const given = await newCase(kind, "apply");
        const { plan, runId } = given.task;
        expect(await engineFor(given).apply(asking(plan, { runId }))).toMatchObject({ outcome: "succeeded" });
        const killed = await runChild({ ...given.task, todo: "rollback", killAt });
        return {
          killed,
          async check() {
            const begun = (await given.store.read(runId)).some(({ type }) => type === "run-resumed");
            // Before its first word, a rollback is not known to anybody; only the next one takes the run back.
            await goOn(given, next, !begun);
            await given.store.close();
          },
        };
      });
      expect(points).toBeGreaterThanOrEqual(15);
    }, 180_000);

  it("a resume that is killed at any point is finished by the next", async () => {
    const points = await cases(async (killAt) => {
      const given = await newCase(kind, "apply");
      // In the middle of the first step, between its operations on the world.
      expect(await runChild({ ...given.task, killAt: 7 })).toBe(true);
      const killed = await runChild({ ...given.task, todo: "resume", killAt });
      return {
        killed,
        async check() {
          await goOn(given, "resume", true);
          await given.store.close();
        },
      };
    });
    expect(points).toBeGreaterThanOrEqual(20);
  }, 180_000);
});
