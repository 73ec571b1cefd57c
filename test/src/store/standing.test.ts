import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StandingStore } from "../../../services/gate/standing-store.ts";
import { createPostgresJournal } from "../../../src/store/postgres-journal.ts";
import { createPostgresStanding } from "../../../src/store/postgres-standing.ts";
import { openSqliteJournal } from "../../../src/store/sqlite-journal.ts";
import { openSqliteStanding } from "../../../src/store/sqlite-standing.ts";
import { useDependency } from "../../support/environment.ts";

const postgres = await useDependency("postgres");
const folder = mkdtempSync(join(tmpdir(), "greenlight-standing-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tls = { mode: "off" } as const;
const inPostgres = (environment: string, url = postgres.server.adminUrl()): StandingStore =>
  createPostgresStanding({ url, tls, statementMs: 1000 }, environment);
const inSqlite = (environment: string, file = "standing.db"): Promise<StandingStore> =>
  openSqliteStanding(join(folder, file), environment);
const kinds: Record<string, (environment: string) => Promise<StandingStore>> = {
  sqlite: (environment) => inSqlite(environment),
  postgres: (environment) => Promise.resolve(inPostgres(environment)),
};

let count = 0;
const NOW = 1_800_000_000_000;
const hold = { suite: "e2e", reason: "it's deploying", by: "user:ann@example.com", until: NOW + 1000 };
const proposed = (id: string, suite = "e2e") => ({
  suite,
  id,
  fence: NOW,
  holder: `ci ${id}`,
  expiresAt: NOW + 1000,
});

describe.each(Object.keys(kinds))("holds and leases in %s", (kind) => {
  const open = kinds[kind] as (typeof kinds)[string];
  let environment: string;
  let store: StandingStore;
  let other: StandingStore;

  beforeEach(async () => {
    environment = `${kind} ${(count += 1)}`;
    [store, other] = await Promise.all([open(environment), open(environment)]);
  });
  afterEach(() => Promise.all([store.close(), other.close()]));

  it("are found by another process, and by none of another environment", async () => {
    await store.putHold(hold);
    await store.putHold({ ...hold, reason: "still", until: NOW + 2000 });
    const { lease } = (await store.acquire(proposed("a"), NOW)) as { lease: unknown };
    expect(await other.load(NOW)).toEqual({
      holds: [{ ...hold, reason: "still", until: NOW + 2000 }],
      leases: [lease],
    });
    const elsewhere = await open(`${environment} elsewhere`);
    expect(await elsewhere.load(NOW)).toEqual({ holds: [], leases: [] });
    await elsewhere.close();
  });

  it("are removed when they are over, and never come back with a clock that is set back", async () => {
    await store.putHold(hold);
    await store.acquire(proposed("a"), NOW);
    expect(await store.load(NOW + 999)).toMatchObject({ holds: [{}], leases: [{}] });
    expect(await store.load(NOW + 1000)).toEqual({ holds: [], leases: [] });
    expect(await other.load(NOW)).toEqual({ holds: [], leases: [] });
  });

  it("forgets the one that ended, and not the one that took its place", async () => {
    await store.putHold({ ...hold, until: NOW + 5000 });
    await other.forgetHold(hold);
    expect((await store.load(NOW)).holds).toHaveLength(1);
    await other.forgetHold({ ...hold, until: NOW + 5000 });
    await store.acquire(proposed("a"), NOW);
    await store.renew({ suite: "e2e", id: "a", expiresAt: NOW + 5000, now: NOW });
    await other.forgetLease(proposed("a"));
    expect(await store.load(NOW)).toMatchObject({ holds: [], leases: [{ expiresAt: NOW + 5000 }] });
    await other.forgetLease({ ...proposed("a"), expiresAt: NOW + 5000 });
    await store.putHold(hold);
    await other.removeHold("e2e");
    expect(await store.load(NOW)).toEqual({ holds: [], leases: [] });
  });

  it("gives a suite to one of many that ask at once", async () => {
    const asked = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? store : other).acquire(proposed(`id-${index}`), NOW),
    );
    const answers = await Promise.all(asked);
    const given = answers.filter((answer) => answer.ok);
    expect(given).toHaveLength(1);
    const { lease } = given[0] as { lease: unknown };
    for (const answer of answers) if (!answer.ok) expect(answer.current).toEqual(lease);
  });

  it("gives fences that grow whatever the clocks say, also after the last lease was given up", async () => {
    let before = 0;
    for (const [index, fence] of [NOW, NOW - 5000, NOW - 5000, NOW + 9, 1].entries()) {
      const taken = await [store, other][index % 2]?.acquire({ ...proposed(`f${index}`), fence }, NOW);
      const given = (taken as { lease: { fence: number } }).lease.fence;
      expect(given).toBeGreaterThan(before);
      before = given;
      expect(await store.giveUp("e2e", `f${index}`)).toBe(true);
    }
  });

  it("renews and ends a lease for its holder alone, while it lasts", async () => {
    await store.acquire(proposed("a"), NOW);
    const renewal = { suite: "e2e", id: "a", expiresAt: NOW + 3000, now: NOW + 999 };
    expect(await other.renew({ ...renewal, id: "b" })).toBeUndefined();
    expect(await other.giveUp("e2e", "b")).toBe(false);
    expect(await other.renew(renewal)).toMatchObject({ id: "a", holder: "ci a", expiresAt: NOW + 3000 });
    expect(await store.acquire(proposed("b"), NOW + 2999)).toMatchObject({ ok: false, current: { id: "a" } });
    expect(await store.renew({ ...renewal, now: NOW + 3000 })).toBeUndefined();
    expect(await store.acquire(proposed("b"), NOW + 3000)).toMatchObject({ ok: true, lease: { id: "b" } });
    expect(await store.giveUp("e2e", "a")).toBe(false);
    expect(await store.giveUp("e2e", "b")).toBe(true);
  });
});

describe("a store of version 2, which kept neither", () => {
  it("goes on in SQLite", async () => {
    const path = join(folder, "version-2.db");
    const journal = await openSqliteJournal(path);
    await journal.savePlan("old", {}, "d");
    await journal.close();
    const database = new DatabaseSync(path);
    database.exec("DROP TABLE standing; DROP TABLE lease_fences; PRAGMA user_version = 2");
    database.close();
    const store = await inSqlite("e", "version-2.db");
    await store.putHold(hold);
    expect((await store.load(NOW)).holds).toEqual([hold]);
    await store.close();
    const again = await openSqliteJournal(path);
    expect(await again.loadPlan("old")).toBeDefined();
    await again.close();
  });

  it("goes on in Postgres", async () => {
    const admin = new Client({ connectionString: postgres.server.adminUrl() });
    await admin.connect();
    await admin.query("CREATE DATABASE standing_version_2");
    await admin.end();
    const url = postgres.server.adminUrl({ database: "standing_version_2" });
    const journal = createPostgresJournal({ url, tls });
    await journal.savePlan("old", {}, "d");
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      "DROP TABLE greenlight_standing, greenlight_lease_fences; UPDATE greenlight_store SET version = 2",
    );
    await client.end();
    const store = inPostgres("e", url);
    await store.putHold(hold);
    expect((await store.load(NOW)).holds).toEqual([hold]);
    expect(await journal.loadPlan("old")).toBeDefined();
    await Promise.all([store.close(), journal.close()]);
  });
});
