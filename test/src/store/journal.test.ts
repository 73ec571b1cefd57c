import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JournalEvent, JournalStore, RunLock } from "../../../services/remediation/journal.ts";
import { fingerprintOf } from "../../../services/remediation/canonical.ts";
import { StoreError } from "../../../services/remediation/store-error.ts";
import { createPostgresJournal } from "../../../src/store/postgres-journal.ts";
import { openSqliteJournal } from "../../../src/store/sqlite-journal.ts";
import { useDependency } from "../../support/environment.ts";
import { plan, step } from "../../support/remediation/plan.ts";
import { type StorePlace, openPlace } from "../../support/remediation/store.ts";
import { eventually } from "../../support/wait.ts";

const postgres = await useDependency("postgres");
const folder = mkdtempSync(join(tmpdir(), "greenlight-journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (url: string) => createPostgresJournal({ url, tls: { mode: "off" }, statementMs: 300 });

let count = 0;
const unique = (): string => `n${(count += 1)}`;

const action = { kind: "write", params: { name: "a", text: "b" } };
const PLAN = plan([step("a", action)]);

const started = (runId: string, lock: RunLock, more: object = {}): JournalEvent => ({
  type: "run-started",
  at: 1000,
  runId,
  planId: "plan-1",
  digest: "d",
  plan: JSON.parse(JSON.stringify(PLAN)),
  environment: lock.environment,
  by: "ann",
  fence: lock.fence,
  mode: "apply",
  ...more,
});
const applying: JournalEvent = { type: "step-applying", at: 1001, step: "a" };
const ended = (kind: "done" | "failed"): JournalEvent =>
  kind === "done"
    ? { type: "step-ended", at: 1002, step: "a", result: { kind, evidence: "e" } }
    : { type: "step-ended", at: 1002, step: "a", result: { kind, because: "b" } };
const over: JournalEvent = { type: "run-ended", at: 1003, outcome: "succeeded", summary: "s" };

const places: Record<string, () => StorePlace> = {
  sqlite: () => ({ path: join(folder, unique(), "deep", "journal.db") }),
  postgres: () => ({ url: postgres.server.adminUrl() }),
};

describe.each(Object.keys(places))("a journal in %s", (kind) => {
  let place: StorePlace;
  let store: JournalStore;
  let environment: string;

  beforeEach(async () => {
    place = (places[kind] as () => StorePlace)();
    store = await openPlace(place);
    environment = `env-${unique()}`;
  });
  afterEach(() => store.close());

  const take = async (now = 0): Promise<RunLock> => {
    const lock = await store.lock(environment, { holder: unique(), ttlMs: 100, now });
    if (lock === undefined) throw new Error("the lock is held");
    return lock;
  };

  it("reads what was appended, in order, also from another process's connection", async () => {
    const lock = await take();
    const runId = unique();
    const events = [started(runId, lock), applying, ended("done"), over];
    for (const event of events)
      expect(await store.append(runId, lock.fence, event)).toEqual({ kind: "written" });
    expect(await store.read(runId)).toEqual(events);
    const other = await openPlace(place);
    expect(await other.read(runId)).toEqual(events);
    await other.close();
    expect(await store.read("none")).toEqual([]);
  });

  it("lists runs newest first, with their outcome while they have one", async () => {
    const lock = await take();
    const [first, second] = [unique(), unique()];
    for (const runId of [first, second]) await store.append(runId, lock.fence, started(runId, lock));
    await store.append(first, lock.fence, over);
    const summary = { planId: "plan-1", environment, startedAt: 1000, by: "ann", dryRun: false };
    expect(await store.runs({ environment, limit: 10 })).toEqual([
      { ...summary, runId: second },
      { ...summary, runId: first, outcome: "succeeded" },
    ]);
    expect(await store.runs({ environment, limit: 1 })).toHaveLength(1);
    expect((await store.runs({ limit: 1 }))[0]?.runId).toBe(second);
    await store.append(first, lock.fence, { type: "run-resumed", at: 1, by: "b", fence: 1, to: "roll-back" });
    expect((await store.runs({ environment, limit: 2 }))[1]).not.toHaveProperty("outcome");
  });

  it("lists runs page by page, and those that were cut off whatever lies upon them", async () => {
    const lock = await take();
    const ids = Array.from({ length: 5 }, unique);
    for (const [index, runId] of ids.entries()) {
      const mode = index === 0 ? "apply" : "dry-run";
      await store.append(runId, lock.fence, started(runId, lock, { mode }));
    }
    const [cut = "", second, third] = ids;
    const page = (await store.runs({ environment, limit: 2 })).map(({ runId }) => runId);
    expect(page).toEqual(ids.toReversed().slice(0, 2));
    const next = (await store.runs({ environment, limit: 2, before: page[1] })).map(({ runId }) => runId);
    expect(next).toEqual([third, second]);
    expect(await store.runs({ environment, limit: 2, before: cut })).toEqual([]);
    expect(await store.runs({ environment, limit: 2, before: "none" })).toEqual([]);
    expect(await store.runs({ environment, limit: 9, unfinished: true })).toMatchObject([{ runId: cut }]);
    await store.append(cut, lock.fence, over);
    expect(await store.runs({ environment, limit: 9, unfinished: true })).toEqual([]);
  });

  it("lists plans page by page, those saved last first", async () => {
    const [a, b, c] = [unique(), unique(), unique()];
    for (const id of [a, b, c, a]) await store.savePlan(id, { id }, `digest-${id}`);
    const first = await store.plans({ limit: 2 });
    expect(first).toEqual([a, c].map((id) => ({ id, plan: { id }, digest: `digest-${id}` })));
    expect((await store.plans({ limit: 1, before: c })).map(({ id }) => id)).toEqual([b]);
    expect(await store.plans({ limit: 2, before: "none" })).toEqual([]);
  });

  it("tells whether an environment is held, until the lease is over or given back", async () => {
    expect(await store.isLocked(environment, 0)).toBe(false);
    const lock = await take(0);
    expect(await store.isLocked(environment, 99)).toBe(true);
    expect(await store.isLocked(environment, 100)).toBe(false);
    await store.unlock(lock);
    expect(await store.isLocked(environment, 50)).toBe(false);
  });

  it("gives an environment to one at a time, and to the next when the lease is over or given back", async () => {
    const first = await take(0);
    expect(await store.lock(environment, { holder: "x", ttlMs: 100, now: 99 })).toBeUndefined();
    const second = await take(100);
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(await store.renew(first, { ttlMs: 100, now: 100 })).toBeUndefined();
    expect(await store.renew(second, { ttlMs: 100, now: 150 })).toEqual({ ...second, expiresAt: 250 });
    await store.unlock(first);
    expect(await store.lock(environment, { holder: "x", ttlMs: 100, now: 249 })).toBeUndefined();
    await store.unlock(second);
    expect(await store.renew(second, { ttlMs: 100, now: 150 })).toBeUndefined();
    expect((await take(160)).fence).toBeGreaterThan(second.fence);
  });

  it("gives it to one of many that ask at the same moment", async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => openPlace(place)));
    const locks = await Promise.all(
      [store, ...others].map((each) => each.lock(environment, { holder: unique(), ttlMs: 100, now: 0 })),
    );
    expect(locks.filter((lock) => lock !== undefined)).toHaveLength(1);
    await Promise.all(others.map((each) => each.close()));
  });

  it("refuses who has been overtaken, and writes nothing of it", async () => {
    const first = await take(0);
    const runId = unique();
    await store.append(runId, first.fence, started(runId, first));
    const second = await take(100);
    expect(await store.append(runId, first.fence, applying)).toEqual({ kind: "fenced-off" });
    expect(await store.append(unique(), first.fence, started("x", first))).toEqual({ kind: "fenced-off" });
    expect(await store.read(runId)).toHaveLength(1);
    expect(await store.attempts(fingerprintOf({ environment, ...action }))).toBe(0);
    expect(await store.append(runId, second.fence, applying)).toEqual({ kind: "written" });
    await store.append(runId, second.fence, ended("done"));
  });

  it("takes a dry run without a lock, beside a run that has it", async () => {
    const lock = await take();
    const runId = unique();
    const event = started(runId, lock, { mode: "dry-run", fence: 0 });
    expect(await store.append(runId, 0, event)).toEqual({ kind: "written" });
    expect(await store.append(runId, 0, over)).toEqual({ kind: "written" });
  });

  it("counts what was begun since it last succeeded, whichever run it was", async () => {
    const lock = await take();
    const fingerprint = fingerprintOf({ environment, ...action });
    for (const expected of [1, 2]) {
      const runId = unique();
      await store.append(runId, lock.fence, started(runId, lock));
      await store.append(runId, lock.fence, applying);
      await store.append(runId, lock.fence, ended("failed"));
      expect(await store.attempts(fingerprint)).toBe(expected);
    }
    const runId = unique();
    await store.append(runId, lock.fence, started(runId, lock));
    await store.append(runId, lock.fence, applying);
    await store.append(runId, lock.fence, ended("done"));
    expect(await store.attempts(fingerprint)).toBe(0);
  });

  it("keeps plans with their digest, the last of one name", async () => {
    const id = unique();
    expect(await store.loadPlan(id)).toBeUndefined();
    await store.savePlan(id, { a: [1, null, "é"] }, "one");
    await store.savePlan(id, { a: 2 }, "two");
    expect(await store.loadPlan(id)).toEqual({ id, plan: { a: 2 }, digest: "two" });
  });

  it("refuses an event of no run, and a run that begins twice", async () => {
    const lock = await take();
    const runId = unique();
    await expect(store.append(runId, lock.fence, applying)).rejects.toMatchObject({ code: "STORE_MISUSED" });
    await store.append(runId, lock.fence, started(runId, lock));
    await expect(store.append(runId, lock.fence, started(runId, lock))).rejects.toBeInstanceOf(StoreError);
  });

  it("appends of several runs at once are all there", async () => {
    const lock = await take();
    const other = await openPlace(place);
    const runId = unique();
    await store.append(runId, lock.fence, started(runId, lock));
    const appends = Array.from({ length: 40 }, (_, at) =>
      (at % 2 === 0 ? store : other).append(runId, lock.fence, { ...ended("failed"), at }),
    );
    await Promise.all(appends);
    expect(await store.read(runId)).toHaveLength(41);
    await other.close();
  });

  it("rejects with a StoreError once it is closed, and closes twice", async () => {
    await store.close();
    await store.close();
    await expect(store.read("x")).rejects.toBeInstanceOf(StoreError);
    await expect(store.lock("e", { holder: "h", ttlMs: 1, now: 0 })).rejects.toBeInstanceOf(StoreError);
  });
});

describe("a journal in sqlite, as a file", () => {
  const isStoreError = { name: "StoreError" };

  it("is made with its folder, and is its owner's alone", async () => {
    const path = join(folder, unique(), "deep", "journal.db");
    const store = await openSqliteJournal(path);
    await store.savePlan("p", {}, "d");
    for (const suffix of ["", "-wal", "-shm"]) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    await store.close();
  });

  it("keeps itself out of what is committed, in a project's own folder", async () => {
    const own = join(folder, unique(), ".greenlight");
    await (await openSqliteJournal(join(own, "journal.db"))).close();
    expect(readFileSync(join(own, ".gitignore"), "utf8")).toBe("*\n");
  });

  it("waits for another process that writes", async () => {
    const path = join(folder, unique(), "journal.db");
    const store = await openSqliteJournal(path);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const saved = store.savePlan("p", {}, "d");
    setTimeout(() => other.exec("COMMIT"), 100);
    await saved;
    expect(await store.loadPlan("p")).toEqual({ id: "p", plan: {}, digest: "d" });
    other.close();
    await store.close();
  });

  it("goes on with a file of version 1, whose plans had no order", async () => {
    const path = join(folder, unique() + ".db");
    const before = new DatabaseSync(path);
    before.exec(`CREATE TABLE runs (ordinal INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE plans (plan_id TEXT PRIMARY KEY, plan TEXT NOT NULL, digest TEXT NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO plans VALUES ('old', '{"a":1}', 'd');
      PRAGMA user_version = 1;`);
    before.close();
    for (const id of ["new", "newer"]) {
      const store = await openSqliteJournal(path);
      await store.savePlan(id, {}, "e");
      await store.close();
    }
    const store = await openSqliteJournal(path);
    expect((await store.plans({ limit: 9 })).map(({ id }) => id)).toEqual(["newer", "new", "old"]);
    expect(await store.loadPlan("old")).toEqual({ id: "old", plan: { a: 1 }, digest: "d" });
    await store.close();
  });

  it("is lost when the file is removed or replaced, and says which", async () => {
    const path = join(folder, unique(), "journal.db");
    const store = await openSqliteJournal(path);
    rmSync(path);
    await expect(store.savePlan("p", {}, "d")).rejects.toMatchObject({
      ...isStoreError,
      message: expect.stringContaining("it was removed"),
    });
    await expect(store.read("r")).rejects.toMatchObject(isStoreError);
    writeFileSync(path, "");
    await expect(store.savePlan("p", {}, "d")).rejects.toMatchObject({
      ...isStoreError,
      message: expect.stringContaining("another file"),
    });
    await store.close();
  });

  it("is not opened when the file is something else, of a later version, or cannot be there", async () => {
    const garbage = join(folder, "garbage.db");
    writeFileSync(garbage, "no database".repeat(1000));
    const foreign = join(folder, "foreign.db");
    new DatabaseSync(foreign).exec("CREATE TABLE theirs (a)");
    const later = join(folder, "later.db");
    new DatabaseSync(later).exec("PRAGMA user_version = 99");
    for (const path of [garbage, foreign, later])
      await expect(openSqliteJournal(path)).rejects.toMatchObject({
        ...isStoreError,
        code: "STORE_UNREADABLE",
      });
    await expect(openSqliteJournal(join(garbage, "below.db"))).rejects.toMatchObject({
      ...isStoreError,
      code: "STORE_UNAVAILABLE",
    });
  });
});

describe("a journal in postgres, as a server", () => {
  it("makes its tables once, however many ask first", async () => {
    const admin = new Client({ connectionString: postgres.server.adminUrl() });
    await admin.connect();
    await admin.query("CREATE DATABASE journal_first_use");
    await admin.end();
    const url = postgres.server.adminUrl({ database: "journal_first_use" });
    const stores = Array.from({ length: 5 }, () => open(url));
    await Promise.all(stores.map((store, index) => store.savePlan(`p${index}`, {}, "d")));
    expect(await stores[0]?.loadPlan("p4")).toBeDefined();
    await Promise.all(stores.map((store) => store.close()));
  });

  it("goes on with tables of version 1, whose plans had no order", async () => {
    const admin = new Client({ connectionString: postgres.server.adminUrl() });
    await admin.connect();
    await admin.query("CREATE DATABASE journal_version_1");
    await admin.end();
    const url = postgres.server.adminUrl({ database: "journal_version_1" });
    const first = open(url);
    await first.savePlan("old", { a: 1 }, "d");
    await first.close();
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      "ALTER TABLE greenlight_plans DROP COLUMN ordinal; UPDATE greenlight_store SET version = 1",
    );
    await client.end();
    const stores = [open(url), open(url)];
    for (const [index, store] of stores.entries()) await store.savePlan(`new-${index}`, {}, "e");
    expect((await stores[0]?.plans({ limit: 9 }))?.map(({ id }) => id)).toEqual(["new-1", "new-0", "old"]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("rejects in time with a StoreError that holds no password, and works again afterwards", async () => {
    const { host, port } = postgres.proxy;
    const url = postgres.server.adminUrl({ host, port });
    const { password } = new URL(url);
    expect(password).not.toBe("");
    const store = open(url);
    expect(await store.attempts("x")).toBe(0);
    for (const mode of ["blackhole", "refuse"]) {
      await postgres.setMode(mode);
      const error = await store.attempts("x").catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoreError);
      expect(String(error)).not.toContain(password);
    }
    await postgres.setMode("none");
    expect(await eventually(() => store.attempts("x").then((count) => count === 0))).toBe(true);
    await store.close();
  });

  it("says who is not let in, and by whom", async () => {
    const store = open(postgres.server.url({ user: "nobody", password: "canary-password" }));
    const error = await store.attempts("x").catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/the store at 127\.0\.0\.1:\d+ cannot be used: .*nobody/);
    expect(String(error)).not.toContain("canary-password");
    await store.close();
  });
});
