import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { assert, array, asyncProperty, boolean, constantFrom, integer, record } from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Action, Outcome } from "../../../services/remediation/action.ts";
import type { EngineOptions, RunNotice } from "../../../services/remediation/engine.ts";
import type { Step } from "../../../services/remediation/plan.ts";
import type { Verified } from "../../../services/remediation/verifier.ts";
import { createRedact } from "../../../services/redact.ts";
import { openSqliteJournal } from "../../../src/store/sqlite-journal.ts";
import { asking, digestOf, engineOver, takingOver, watchedStore } from "../../support/remediation/engine.ts";
import { plan, step } from "../../support/remediation/plan.ts";
import { type Memory, inTurn, setAction } from "../../support/remediation/scripted.ts";

const folder = mkdtempSync(join(tmpdir(), "greenlight-engine-"));
const store = await openSqliteJournal(join(folder, "journal.db"));
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

let memory: Memory;
let log: string[];
let environment = "";
let count = 0;

beforeEach(() => {
  memory = new Map([["b", "old"]]);
  log = [];
  environment = `env-${(count += 1)}`;
});

const set = (key: string, more: Partial<Step> = {}): Step =>
  step(key, { kind: "set", params: { key, value: "new" } }, more);

const planOf = (...steps: readonly Step[]) => plan(steps, { environment });

const engineWith = (given: Partial<EngineOptions> = {}, action: Partial<Action<never>> = {}) =>
  engineOver({ store, actions: [setAction(memory, { log, ...(action as object) })], ...given });

const probe = (more: object): Step => set("a", { verify: [{ kind: "probe", dependency: "d", ...more }] });

const STEP_EVENTS = ["step-assessed", "step-applying", "step-applied", "step-verified", "step-ended"];

const throwing = (): never => {
  throw new Error("a bug");
};

const failed = (because: string): Outcome => ({ kind: "failed", because });
const kinds = (steps: readonly { result?: { kind: string } }[]) => steps.map(({ result }) => result?.kind);

/** Calls the action's own `what`, unless `instead` answers for the key. */
function instead(
  what: "apply" | "rollback",
  answer: (key: string) => Outcome | Promise<Outcome> | undefined,
): Partial<Action<never>> {
  const own = setAction(memory, { log });
  const replaced: Action<{ key: string; value: string }>["apply"] = async (params, prior, can, signal) =>
    (await answer(params.key)) ?? own[what](params, prior, can, signal);
  return { [what]: replaced };
}

describe("an apply", () => {
  it("runs steps in order, journals ahead of each change, and says who did what", async () => {
    const told: RunNotice[] = [];
    const engine = engineWith();
    const given = planOf(set("b", { needs: ["a"] }), set("a"));
    const result = await engine.apply(asking(given, { onEvent: (notice) => told.push(notice) }));
    expect(result).toMatchObject({ kind: "ended", outcome: "succeeded", dryRun: false });
    expect(log).toEqual(["apply a", "apply b"]);
    if (result.kind !== "ended") throw new Error("not ended");
    expect(kinds(result.steps)).toEqual(["done", "done"]);
    const events = await store.read(result.runId);
    expect(events.map(({ type }) => type)).toEqual([
      "run-started",
      ...STEP_EVENTS,
      ...STEP_EVENTS,
      "run-ended",
    ]);
    expect(events[0]).toMatchObject({ by: "ann", environment, digest: digestOf(given) });
    expect(events[6]).toMatchObject({ step: "b", prior: "old", change: { before: "old", after: "new" } });
    expect(told.map((notice) => notice.kind === "journalled" && notice.event)).toEqual(events);
    expect(await engine.status(result.runId)).toMatchObject({
      kind: "known",
      run: { outcome: "succeeded", by: "ann" },
      steps: result.steps,
    });
  });

  it("is refused before anything is touched, for each reason", async () => {
    const engine = engineWith();
    const refused = async (code: string, asked: Parameters<typeof engine.apply>[0], other = engine) => {
      expect(await other.apply(asked)).toMatchObject({ kind: "refused", code });
    };
    await refused("DIGEST_MISMATCH", asking(planOf(set("a")), { digest: digestOf(planOf(set("b"))) }));
    await refused("PLAN_INVALID", asking(planOf(step("a", { kind: "unheard-of", params: {} }))));
    await refused("PLAN_INVALID", asking(planOf(set("a", { needs: ["a"] }))));
    await refused("PLAN_INVALID", asking(planOf(set("a"), set("a"))));
    await refused("NOT_APPROVED", asking(planOf(set("a", { approval: true }))));
    await refused("NOT_APPROVED", asking(planOf(set("a"))), engineWith({}, { destructive: true }));
    const change = { symbol: "~", target: "b", before: "older", after: "new" } as const;
    await refused("WORLD_MOVED", asking(planOf(set("a"), set("b", { change }))));
    memory.set("c", "new");
    await refused("WORLD_MOVED", asking(planOf(set("c", { change: { ...change, target: "c" } }))));
    const wrong = engineWith({}, { assess: async () => ({ kind: "refused", because: "the wrong remedy" }) });
    await refused("STEP_REFUSED", asking(planOf(set("a"))), wrong);
    const blind = engineWith({}, { assess: () => Promise.reject(new Error("403")) });
    await refused("WORLD_UNKNOWN", asking(planOf(set("a"))), blind);
    const permissions = [{ permission: "set.a", resource: "projects/p" }];
    const missing = engineWith({ preflight: async () => ({ kind: "missing", permissions }) });
    await refused("PERMISSION_MISSING", asking(planOf(set("a"))), missing);
    const unasked = engineWith({ preflight: async () => ({ kind: "unknown", because: "503" }) });
    await refused("WORLD_UNKNOWN", asking(planOf(set("a"))), unasked);
    const failing = engineWith({ preflight: () => Promise.reject(new Error("a bug")) });
    await refused("WORLD_UNKNOWN", asking(planOf(set("a"))), failing);
    await refused("PLAN_INVALID", asking(planOf(set("a"))), engineWith({}, { parse: throwing }));
    await refused("WORLD_UNKNOWN", asking(planOf(set("a"))), engineWith({}, { permissions: throwing }));
    await refused("ABORTED", asking(planOf(set("a")), { signal: AbortSignal.abort() }));
    expect(log).toEqual([]);
    expect(await store.runs({ environment, limit: 10 })).toEqual([]);
    // None of them has kept the environment.
    expect(await engine.apply(asking(planOf(set("a"))))).toMatchObject({ outcome: "succeeded" });
  });

  it("asks for the permissions of what is to be done, and of nothing else", async () => {
    const asked: string[] = [];
    const engine = engineWith({
      async preflight(permissions) {
        asked.push(...permissions.map(({ permission }) => permission));
        return { kind: "held" };
      },
    });
    memory.set("c", "new");
    await engine.apply(asking(planOf(set("a"), set("c"))));
    expect(asked).toEqual(["set.a"]);
  });

  it("runs a step that can be told only once an earlier one is done", async () => {
    const own = setAction(memory);
    const assess: Action<{ key: string; value: string }>["assess"] = async (params, can, signal) =>
      params.key === "b" && !memory.has("a")
        ? { kind: "unknown", because: "the API is off" }
        : own.assess(params, can, signal);
    const engine = engineWith({}, { assess });
    expect(await engine.apply(asking(planOf(set("a"), set("b", { needs: ["a"] }))))).toMatchObject({
      outcome: "succeeded",
    });
    memory.delete("a");
    memory.set("b", "old");
    expect(await engine.apply(asking(planOf(set("a"), set("b"))))).toMatchObject({ code: "WORLD_UNKNOWN" });
  });

  it("does not touch what is so already, and does not take it back", async () => {
    memory.set("a", "new");
    const engine = engineWith();
    const result = await engine.apply(asking(planOf(set("a"), set("b"))));
    expect(result).toMatchObject({ outcome: "succeeded", steps: [{ begun: false }, { begun: true }] });
    if (result.kind !== "ended") throw new Error("not ended");
    expect(await engine.rollback(takingOver(result.runId))).toMatchObject({ outcome: "rolled-back" });
    expect([...memory]).toEqual([
      ["b", "old"],
      ["a", "new"],
    ]);
  });

  it("says what it did not take back, since others have changed it", async () => {
    const applied = await engineWith().apply(asking(planOf(set("a"), set("b"))));
    const { runId } = applied as { runId: string };
    memory.set("b", "theirs");
    expect(await engineWith().rollback(takingOver(runId))).toMatchObject({
      outcome: "rolled-back",
      summary:
        "bob rolled the run back; one change was taken back; what others have changed since was kept: b",
      steps: [
        { id: "a", result: { kind: "rolled-back", because: "bob rolled the run back" } },
        { id: "b", result: { because: expect.stringContaining("others have changed it since") as string } },
      ],
    });
    expect(memory.get("b")).toBe("theirs");
    expect(memory.has("a")).toBe(false);
  });

  it("leaves the environment to one of two at once", async () => {
    const entered = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const slow = instead("apply", () => {
      entered.resolve();
      return leave.promise.then(() => undefined) as never;
    });
    const first = engineWith({ limits: { leaseMs: 150 } }, slow).apply(asking(planOf(set("a"))));
    await entered.promise;
    const other = engineWith();
    // Longer than the lease: it is renewed.
    for (let asked = 0; asked < 20; asked += 1) {
      expect(await other.apply(asking(planOf(set("b"))))).toMatchObject({
        code: "LOCKED",
        because: expect.stringContaining("by ann"),
      });
      await sleep(15);
    }
    leave.resolve();
    expect(await first).toMatchObject({ outcome: "succeeded" });
    expect(await other.apply(asking(planOf(set("b"))))).toMatchObject({ outcome: "succeeded" });
  });

  it("shows everything in a dry run, beside a run, and changes nothing", async () => {
    const lock = await store.lock(environment, { holder: "x", ttlMs: 60_000, now: Date.now() });
    const engine = engineWith();
    memory.set("c", "new");
    const given = planOf(set("a", { approval: true }), set("c"));
    const result = await engine.apply(asking(given, { dryRun: true }));
    expect(result).toMatchObject({
      kind: "ended",
      dryRun: true,
      steps: [{ assessment: { kind: "needed" } }, { assessment: { kind: "satisfied" } }],
    });
    expect(log).toEqual([]);
    if (result.kind !== "ended") throw new Error("not ended");
    expect(await engine.status(result.runId)).toMatchObject({ kind: "known", dryRun: true });
    for (const next of ["resume", "rollback"] as const)
      expect(await engine[next](takingOver(result.runId))).toMatchObject({ code: "RUN_ENDED" });
    if (lock) await store.unlock(lock);
  });

  it("does not wait for a dry run that was stopped in the middle", async () => {
    const dying = watchedStore(store, (name) => {
      if (name === "append run-ended") throw new Error("gone");
    });
    await engineWith({ store: dying }).apply(asking(planOf(set("a")), { dryRun: true }));
    expect((await store.runs({ environment, limit: 1 }))[0]).not.toHaveProperty("outcome");
    expect(await engineWith().apply(asking(planOf(set("a"))))).toMatchObject({ outcome: "succeeded" });
  });

  it("leaves it to a person after so many tries, who approves the step by name", async () => {
    const engine = engineWith(
      { attempts: 2 },
      instead("apply", () => failed("no")),
    );
    const given = planOf(set("a"));
    for (const _ of [1, 2])
      expect(await engine.apply(asking(given))).toMatchObject({ outcome: "rolled-back" });
    expect(await engine.apply(asking(given))).toMatchObject({ code: "ATTEMPTS_EXHAUSTED" });
    const approved = asking(given, { approvals: ["a"] });
    expect(await engineWith({ attempts: 2 }).apply(approved)).toMatchObject({ outcome: "succeeded" });
    memory.delete("a");
    expect(await engine.apply(asking(given))).toMatchObject({ outcome: "rolled-back" });
  });
});

describe("a step that fails", () => {
  it("is taken back with all before it, newest first", async () => {
    const engine = engineWith(
      {},
      instead("apply", (key) => (key === "c" ? failed("403") : undefined)),
    );
    const result = await engine.apply(asking(planOf(set("a"), set("b"), set("c"), set("d"))));
    expect(result).toMatchObject({ outcome: "rolled-back", summary: expect.stringContaining("403") });
    if (result.kind !== "ended") throw new Error("not ended");
    expect(kinds(result.steps)).toEqual(["rolled-back", "rolled-back", "rolled-back", "not-run"]);
    expect(log).toEqual(["apply a", "apply b", "rollback c", "rollback b", "rollback a"]);
    expect([...memory]).toEqual([["b", "old"]]);
  });

  it("keeps what somebody else wrote when the etag was another", async () => {
    const conflict = instead("apply", (key) => {
      if (key !== "b") return undefined;
      memory.set("b", "theirs");
      return failed("409: the etag is another");
    });
    const result = await engineWith({}, conflict).apply(asking(planOf(set("a"), set("b"))));
    expect(result).toMatchObject({ outcome: "rolled-back" });
    expect([...memory]).toEqual([["b", "theirs"]]);
  });

  it("is noticed when the world moves between the look at all and its turn", async () => {
    const change = { symbol: "~", target: "b", before: "old", after: "new" } as const;
    const meddling = instead("apply", (key) => {
      if (key === "a") memory.set("b", "theirs");
      return undefined;
    });
    const result = await engineWith({}, meddling).apply(asking(planOf(set("a"), set("b", { change }))));
    expect(result).toMatchObject({ outcome: "rolled-back", summary: expect.stringContaining("moved") });
    expect([...memory]).toEqual([["b", "theirs"]]);
  });

  it("may throw, and throw when it is taken back", async () => {
    const throwing = instead("apply", () => Promise.reject(new TypeError("a bug")));
    expect(await engineWith({}, throwing).apply(asking(planOf(set("a"))))).toMatchObject({
      outcome: "rolled-back",
      summary: expect.stringContaining("a bug"),
    });
    let tries = 0;
    const stubborn = instead("rollback", () => {
      tries += 1;
      return failed("503");
    });
    const verify = inTurn<Verified>([{ kind: "broken", evidence: "no better" }]);
    const given = planOf(set("a"), set("b", { verify: [{ kind: "probe", dependency: "d" }] }));
    const result = await engineWith({ verify }, stubborn).apply(asking(given));
    expect(result).toMatchObject({ outcome: "failed", summary: expect.stringContaining("503") });
    if (result.kind !== "ended") throw new Error("not ended");
    expect(tries).toBe(3);
    // What is older stays, and the journal says so.
    expect(kinds(result.steps)).toEqual(["done", "failed"]);
    expect(memory.get("a")).toBe("new");
    expect(await engineWith().resume(takingOver(result.runId))).toMatchObject({ outcome: "rolled-back" });
    expect([...memory]).toEqual([["b", "old"]]);
  });

  it("stops where a person has to take something back, and goes on once that is done", async () => {
    const manual = { kind: "manual", instructions: "set b to old" } as const;
    const failing = instead("apply", (key) => (key === "c" ? failed("no") : undefined));
    const engine = engineWith({}, failing);
    const given = planOf(set("a"), set("b", { rollback: manual }), set("c"));
    const result = await engine.apply(asking(given));
    expect(result).toMatchObject({ outcome: "failed", summary: expect.stringContaining("set b to old") });
    if (result.kind !== "ended") throw new Error("not ended");
    expect(kinds(result.steps)).toEqual(["done", "done", "rolled-back"]);
    memory.set("b", "old");
    expect(await engine.rollback(takingOver(result.runId))).toMatchObject({ outcome: "rolled-back" });
    expect([...memory]).toEqual([["b", "old"]]);
  });

  it("is one that the plan has no time for", async () => {
    const slow = instead("apply", async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return undefined as never;
    });
    const given = { ...planOf(set("a"), set("b")), deadlineMs: 30 };
    const result = await engineWith({}, slow).apply(asking(given));
    expect(result).toMatchObject({ outcome: "rolled-back" });
    expect([...memory]).toEqual([["b", "old"]]);
  });
});

describe("an operation", () => {
  const begun = instead.bind(undefined, "apply");
  const starting = () =>
    begun((key) => {
      memory.set(key, "new");
      return { kind: "pending", because: "the operation runs" };
    });

  it("is waited for until it is in force", async () => {
    const settle = inTurn<Outcome>([
      { kind: "pending", because: "60 %" },
      { kind: "pending", because: "90 %" },
      { kind: "done", evidence: "100 %" },
    ]);
    const told: string[] = [];
    const result = await engineWith({}, { ...starting(), settle }).apply(
      asking(planOf(set("a")), {
        onEvent: (notice) => {
          if (notice.kind === "waiting") told.push(notice.because);
        },
      }),
    );
    expect(result).toMatchObject({ outcome: "succeeded", steps: [{ result: { evidence: "100 %" } }] });
    expect(told).toEqual(["60 %", "90 %"]);
  });

  it("that ends in an error, or is lost, is taken back", async () => {
    for (const because of ["the range is taken", "404: there is no such operation"]) {
      const settle = inTurn<Outcome>([{ kind: "pending", because: "it runs" }, failed(because)]);
      const result = await engineWith({}, { ...starting(), settle }).apply(asking(planOf(set("a"))));
      expect(result).toMatchObject({ outcome: "rolled-back", summary: expect.stringContaining(because) });
      expect(memory.has("a")).toBe(false);
    }
  });

  it("that never ends leaves the run pending; it is finished or taken back later", async () => {
    const settle = inTurn<Outcome>([{ kind: "pending", because: "it runs" }]);
    for (const next of ["resume", "rollback"] as const) {
      memory.delete("a");
      memory.set("b", "old");
      const engine = engineWith({ limits: { settleMs: 20 } }, { ...starting(), settle });
      const result = await engine.apply(asking(planOf(set("a"), set("b"))));
      expect(result).toMatchObject({ outcome: "pending" });
      if (result.kind !== "ended") throw new Error("not ended");
      expect(kinds(result.steps)).toEqual(["pending", "not-run"]);
      const outcome = next === "resume" ? "succeeded" : "rolled-back";
      expect(await engineWith()[next](takingOver(result.runId))).toMatchObject({ outcome });
      expect(memory.get("b")).toBe(next === "resume" ? "new" : "old");
      expect(memory.has("a")).toBe(next === "resume");
    }
  });

  it("that answers nothing is told to end, and what does not listen stops the run", async () => {
    const limits = { applyMs: 20, graceMs: 20 };
    const listening: Partial<Action<never>> = {
      apply: (_params, _prior, _can, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    };
    expect(await engineWith({ limits }, listening).apply(asking(planOf(set("a"))))).toMatchObject({
      outcome: "rolled-back",
      summary: expect.stringContaining("within 20 ms"),
    });
    const deaf = instead("apply", () => new Promise<never>(() => undefined));
    const result = await engineWith({ limits }, deaf).apply(asking(planOf(set("a"))));
    expect(result).toMatchObject({ kind: "stopped", code: "UNRESPONSIVE", steps: [{ begun: true }] });
    if (result.kind !== "stopped") throw new Error("not stopped");
    expect(await engineWith().rollback(takingOver(result.runId))).toMatchObject({ outcome: "rolled-back" });
  });
});

describe("a verification", () => {
  const held: Verified = { kind: "held", evidence: "it passes" };
  const broken: Verified = { kind: "broken", evidence: "it fails" };
  const pending: Verified = { kind: "pending", because: "not yet" };
  it("that flaps does not hold", async () => {
    let asked = 0;
    const verify = async () => ((asked += 1) % 3 === 0 ? broken : held);
    const result = await engineWith({ verify }).apply(asking(planOf(probe({ times: 3, withinMs: 60 }))));
    expect(result).toMatchObject({ outcome: "rolled-back" });
    expect(asked).toBeGreaterThan(3);
    expect(memory.has("a")).toBe(false);
  });

  it("that flaps and then holds as often in a row as it has to, holds", async () => {
    let asked = 0;
    const answers = inTurn([held, broken, held, pending, held, held, held]);
    const verify = () => {
      asked += 1;
      return answers();
    };
    const given = planOf(probe({ times: 3, withinMs: 5000 }));
    expect(await engineWith({ verify }).apply(asking(given))).toMatchObject({ outcome: "succeeded" });
    expect(asked).toBe(7);
  });

  it("that is broken is final without a time of its own; what is pending or unknown is asked again", async () => {
    for (const [answers, outcome] of [
      [[broken, held], "rolled-back"],
      [[pending, held], "succeeded"],
      [[{ kind: "unknown", because: "503" }, held], "succeeded"],
    ] as [Verified[], string][]) {
      const engine = engineWith({ verify: inTurn(answers) });
      expect(await engine.apply(asking(planOf(probe({}))))).toMatchObject({ outcome });
    }
  });

  it("that is never known counts as one that does not hold, also when it never answers", async () => {
    for (const verify of [
      async (): Promise<Verified> => ({ kind: "unknown", because: "403" }),
      () => Promise.reject(new Error("a bug")),
    ])
      expect(await engineWith({ verify }).apply(asking(planOf(probe({ withinMs: 20 }))))).toMatchObject({
        outcome: "rolled-back",
      });
  });

  it("is the first of several that does not hold, and is journalled", async () => {
    const verify = inTurn([held, broken]);
    const calls = [{ kind: "lint", what: "markers", folder: "t" }] as const;
    const given = planOf(set("a", { verify: [...calls, ...calls, ...calls] }));
    const result = await engineWith({ verify }).apply(asking(given));
    if (result.kind !== "ended") throw new Error("not ended");
    const events = await store.read(result.runId);
    expect(events.find(({ type }) => type === "step-verified")).toMatchObject({ results: [held, broken] });
  });
});

describe("a run that loses what it stands on", () => {
  it("stops before the next change when the store is lost, and says what is unknown", async () => {
    const path = join(folder, `lost-${environment}.db`);
    const lost = await openSqliteJournal(path);
    const losing = instead("apply", (key) => {
      if (key === "b") for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
      return undefined;
    });
    const engine = engineWith({ store: lost }, losing);
    const result = await engine.apply(asking(planOf(set("a"), set("b"), set("c"))));
    expect(result).toMatchObject({ kind: "stopped", code: "STORE_LOST" });
    if (result.kind !== "stopped") throw new Error("not stopped");
    expect(kinds(result.steps)).toEqual(["done", undefined, undefined]);
    expect(result.steps.map(({ begun }) => begun)).toEqual([true, true, false]);
    expect(log).toEqual(["apply a", "apply b"]);
    await lost.close();
  });

  it("begins nothing when the store is lost before", async () => {
    const closed = await openSqliteJournal(join(folder, `closed-${environment}.db`));
    await closed.close();
    const engine = engineWith({ store: closed });
    expect(await engine.apply(asking(planOf(set("a"))))).toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(await engine.resume(takingOver("r"))).toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(await engine.status("r")).toMatchObject({ kind: "unavailable" });
    // What only looks, looks.
    const dry = await engine.apply(asking(planOf(set("a")), { dryRun: true }));
    expect(dry).toMatchObject({ kind: "ended", summary: expect.stringContaining("not in the journal") });
    expect(log).toEqual([]);
  });

  it("stops before the next change when another has taken the environment", async () => {
    const robbing = instead("apply", async (key) => {
      if (key === "a") await store.lock(environment, { holder: "x", ttlMs: 100, now: Date.now() + 3.6e6 });
      return undefined as never;
    });
    const result = await engineWith({}, robbing).apply(asking(planOf(set("a"), set("b"))));
    expect(result).toMatchObject({ kind: "stopped", code: "LEASE_LOST" });
    expect(log).toEqual(["apply a"]);
  });

  it("notices by itself, in the middle of a long call, that another has taken the environment", async () => {
    const waiting: Partial<Action<never>> = {
      async apply(_params, _prior, _can, signal) {
        await store.lock(environment, { holder: "x", ttlMs: 100, now: Date.now() + 3.6e6 });
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      },
    };
    const engine = engineWith({ limits: { leaseMs: 60, applyMs: 60_000 } }, waiting);
    expect(await engine.apply(asking(planOf(set("a"))))).toMatchObject({ code: "LEASE_LOST" });
  });

  it("stops when it is told to, and is finished or taken back", async () => {
    for (const next of ["resume", "rollback"] as const) {
      memory = new Map([["b", "old"]]);
      const stop = new AbortController();
      const stopping = instead("apply", (key) => {
        if (key === "a") stop.abort();
        return undefined;
      });
      const asked = asking(planOf(set("a"), set("b")), { signal: stop.signal });
      const result = await engineWith({}, stopping).apply(asked);
      expect(result).toMatchObject({ kind: "stopped", code: "ABORTED" });
      if (result.kind !== "stopped") throw new Error("not stopped");
      expect(memory.get("b")).toBe("old");
      // Nothing is built on a world that was left half-way, however many have looked at it since.
      for (let look = 0; look < 25; look++)
        await engineWith().apply(asking(planOf(set("z")), { dryRun: true }));
      expect(await engineWith().apply(asking(planOf(set("z"))))).toMatchObject({
        code: "RUN_UNFINISHED",
        because: expect.stringContaining(result.runId),
      });
      const outcome = next === "resume" ? "succeeded" : "rolled-back";
      expect(await engineWith()[next](takingOver(result.runId))).toMatchObject({ outcome });
      expect(memory.get("b")).toBe(next === "resume" ? "new" : "old");
      expect(await store.read(result.runId)).toContainEqual(
        expect.objectContaining({ type: "run-resumed", by: "bob" }),
      );
    }
  });

  it("is not gone on with while nobody can tell where it is", async () => {
    const stop = new AbortController();
    const given = asking(planOf(set("a"), set("b")), { signal: stop.signal });
    const dying = watchedStore(store, (name) => {
      if (name === "append step-applied") throw new Error("gone");
    });
    const result = await engineWith({ store: dying }).apply(given);
    if (result.kind !== "stopped") throw new Error("not stopped");
    const blind = { locate: () => Promise.reject(new Error("403")) };
    log.length = 0;
    expect(await engineWith({}, blind).resume(takingOver(result.runId))).toMatchObject({
      code: "POSITION_UNKNOWN",
    });
    expect(log).toEqual([]);
    memory.set("a", "theirs");
    expect(await engineWith().resume(takingOver(result.runId))).toMatchObject({
      outcome: "rolled-back",
      summary: expect.stringContaining("somebody else"),
    });
    expect(memory.get("a")).toBe("theirs");
  });

  it("is refused to be gone on with when it is over, or unknown, or another's", async () => {
    const engine = engineWith();
    expect(await engine.resume(takingOver("none"))).toMatchObject({ code: "RUN_NOT_FOUND" });
    expect(await engine.status("none")).toEqual({ kind: "not-found" });
    const result = await engine.apply(asking(planOf(set("a"))));
    if (result.kind !== "ended") throw new Error("not ended");
    expect(await engine.resume(takingOver(result.runId))).toMatchObject({ code: "RUN_ENDED" });
    const lock = await store.lock(environment, { holder: "x", ttlMs: 60_000, now: Date.now() });
    const busy = engineWith({ limits: { leaseMs: 30 } });
    expect(await busy.rollback(takingOver(result.runId))).toMatchObject({ code: "LOCKED" });
    if (lock) await store.unlock(lock);
    expect(await engine.rollback(takingOver(result.runId))).toMatchObject({ outcome: "rolled-back" });
    expect(await engine.rollback(takingOver(result.runId))).toMatchObject({ code: "RUN_ENDED" });
  });
});

it("neither journals nor tells a secret, whoever says it", async () => {
  const canary = "canary-3b1f";
  const told: RunNotice[] = [];
  const redact = createRedact([canary]);
  const saying = instead("apply", (key) =>
    key === "b" ? failed(`Authorization: Bearer ${canary}`) : { kind: "done", evidence: canary },
  );
  const verify = async (): Promise<Verified> => ({ kind: "held", evidence: `password=${canary}` });
  const asked = asking(planOf(probe({}), set("b")), {
    by: `ann ${canary}`,
    onEvent: (notice) => told.push(notice),
  });
  const result = await engineWith({ redact, verify }, saying).apply(asked);
  if (result.kind !== "ended") throw new Error("not ended");
  const all = JSON.stringify([result, told, await store.read(result.runId)]);
  expect(all).not.toContain(canary);
  expect(all).toContain("[redacted]");
  const assess = async () => ({ kind: "refused", because: `no: ${canary}` }) as const;
  const refused = await engineWith({ redact }, { assess }).apply(asking(planOf(set("z"))));
  expect(JSON.stringify(refused)).not.toContain(canary);
});

it("goes on when what listens to it throws", async () => {
  let told = 0;
  const asked = asking(planOf(set("a")), {
    onEvent() {
      told += 1;
      throw new Error("a listener's bug");
    },
  });
  expect(await engineWith().apply(asked)).toMatchObject({ outcome: "succeeded" });
  expect(told).toBe(1);
});

it("whatever fails wherever, leaves the world as planned or as it was, and what others did", async () => {
  const keys = ["a", "b", "c", "d", "e"] as const;
  const faults = record({
    at: integer({ min: 0, max: keys.length }),
    how: constantFrom("apply-fails", "apply-fails-after", "verify-breaks", "settle-fails"),
    present: array(constantFrom(...keys), { maxLength: 3 }),
    meddles: boolean(),
  });
  let round = 0;
  await assert(
    asyncProperty(faults, async ({ at, how, present, meddles }) => {
      environment = `property-${(round += 1)}`;
      log = [];
      memory = new Map(present.map((key) => [key, "old"]));
      const before = new Map(memory);
      const faulty = keys[at];
      const own = setAction(memory, { log });
      const isFaulty = (key: string, kind: typeof how) => key === faulty && how === kind;
      const action: Action<{ key: string; value: string }> = {
        ...own,
        async apply(params, prior, can, signal) {
          if (meddles && params.key === "b") memory.set("theirs", "1");
          if (isFaulty(params.key, "apply-fails")) return failed("before");
          const outcome = await own.apply(params, prior, can, signal);
          if (isFaulty(params.key, "apply-fails-after")) return failed("after");
          return isFaulty(params.key, "settle-fails") ? { kind: "pending", because: "soon" } : outcome;
        },
        settle: async () => failed("the operation failed"),
      };
      const verify = async (call: { kind: string; dependency?: string }): Promise<Verified> =>
        isFaulty(call.dependency ?? "", "verify-breaks")
          ? { kind: "broken", evidence: "no better" }
          : { kind: "held", evidence: "it passes" };
      const steps = keys.map((key) => set(key, { verify: [{ kind: "probe", dependency: key }] }));
      const engine = engineOver({ store, actions: [action], verify, attempts: 1000 });
      const result = await engine.apply(asking(planOf(...steps)));
      const reached = at >= 1 || faulty === undefined;
      const theirs = meddles && (memory.has("theirs") || reached) ? [["theirs", "1"] as const] : [];
      const after = keys.map((key) => [key, "new"] as const);
      const expected = faulty === undefined ? [...after, ...theirs] : [...before, ...theirs];
      expect(new Map(memory)).toEqual(new Map(expected));
      expect(result).toMatchObject({ outcome: faulty === undefined ? "succeeded" : "rolled-back" });
      const applied = log.filter((line) => line.startsWith("apply")).map((line) => line.slice(6));
      const back = log.filter((line) => line.startsWith("rollback")).map((line) => line.slice(9));
      const undone = faulty === undefined ? [] : [...new Set([...applied, faulty])].toReversed();
      expect(back).toEqual(undone);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it("gives the environment back at the end of every run", async () => {
  const engine = engineWith();
  await engine.apply(asking(planOf(set("a"))));
  expect(await store.lock(environment, { holder: "x", ttlMs: 10, now: Date.now() })).toBeDefined();
});
