import { anything, assert, integer, oneof, property, record, string } from "fast-check";
import { Client } from "pg";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../../services/clock.ts";
import type { Capabilities, Json } from "../../../../services/remediation/action.ts";
import { endIdleSessions } from "../../../../services/remediation/actions/end-idle-sessions.ts";
import { createSqlCapability } from "../../../../src/remediation/sql-capability.ts";
import { useDependency } from "../../../support/environment.ts";
import { eventually } from "../../../support/wait.ts";

// Of thirteen connections three are kept for superusers and one is the administrator's: nine are left for the role app.
const postgres = await useDependency("postgres", {
  postgres: { settings: { max_connections: 13, superuser_reserved_connections: 3 } },
});
const action = endIdleSessions();
const { signal } = new AbortController();

const dependencyAt = (url: string) => ({
  kind: "postgres" as const,
  name: "postgres",
  url,
  required: true,
  intervalMs: 1000,
  deadlines: { resolveMs: 500, connectMs: 1000, queryMs: 500, totalMs: 3000 },
  assert: [],
});

const capabilities = (url = postgres.server.url()): Capabilities => ({
  clock: systemClock,
  sql: createSqlCapability([dependencyAt(url)]),
});

const params = (limit = 4) => ({ dependency: "postgres", olderThanMs: 150, limit });

interface Session {
  readonly client: Client;
  readonly pid: number;
  /** Of its end, where the server ended it. */
  readonly ended: () => string | undefined;
}

const opened: Client[] = [];

async function open(name: string, url = postgres.server.url()): Promise<Session> {
  const client = new Client({ connectionString: url, application_name: name });
  opened.push(client);
  let code: string | undefined;
  client.on("error", (error: Error & { code?: string }) => (code ??= error.code ?? "lost"));
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return { client, pid: rows[0]?.pid ?? 0, ended: () => code };
}

const openAll = (names: readonly string[]): Promise<Session[]> =>
  Promise.all(names.map((name) => open(name)));

const admin = new Client({ connectionString: postgres.server.adminUrl() });
beforeAll(async () => {
  admin.on("error", () => undefined);
  await admin.connect();
  return () => admin.end();
});

async function pids(): Promise<readonly number[]> {
  const { rows } = await admin.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
  );
  return rows.map(({ pid }) => pid);
}

afterEach(async () => {
  opened.splice(0);
  await admin.query("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS s(pid)", [await pids()]);
  await eventually(async () => (await pids()).length === 0);
});

/** Idle for longer than `params` say. */
const grownOld = async (sessions: readonly Session[]): Promise<unknown> =>
  eventually(async () => {
    const { rows } = await admin.query<{ count: number }>(
      "SELECT count(*)::int FROM pg_stat_activity WHERE pid = ANY($1) AND state = 'idle' AND state_change < clock_timestamp() - interval '200 ms'",
      [sessions.map(({ pid }) => pid)],
    );
    return rows[0]?.count === sessions.length;
  });

async function needed(given = params(), can = capabilities()) {
  const found = await action.assess(given, can, signal);
  if (found.kind !== "needed") throw new Error(`it is ${JSON.stringify(found)}`);
  return found;
}

/** Until what was begun is in force. */
const settled = (prior: Json) =>
  eventually(async () => {
    const outcome = await action.settle(params(), prior, capabilities(), signal);
    return outcome.kind === "pending" ? false : outcome;
  });

describe("where Postgres has no room", () => {
  test("it tells how many and whose, ends the longest idle first, at most so many, and room is there again", async () => {
    const [first, second] = [await open("leaky"), await open("leaky")];
    const others = await openAll(["worker", "worker", "worker", "worker"]);
    const busy = await open("reports");
    await grownOld([first, second, ...others]);
    const working = busy.client.query("SELECT pg_sleep(20)").catch(() => undefined);
    const { change, prior } = await needed(params(4));
    expect(change).toEqual({
      symbol: "-",
      target: "idle sessions of app in app (postgres)",
      before: { sessions: 4, of: { leaky: 2, worker: 2 } },
      after: { sessions: 0 },
    });
    expect(await action.locate(params(), prior, capabilities(), signal)).toBe("before");
    expect((await action.apply(params(), prior, capabilities(), signal)).kind).not.toBe("failed");
    expect(await settled(prior)).toMatchObject({ kind: "done" });
    await eventually(() => first.ended() === "57P01" && second.ended() === "57P01");
    const gone = () => others.filter(({ ended }) => ended() !== undefined);
    await eventually(() => gone().length > 1);
    expect(gone()).toHaveLength(2);
    expect(busy.ended()).toBeUndefined();
    expect(await action.locate(params(), prior, capabilities(), signal)).toBe("after");
    // Begun again after a crash it ends nobody else.
    await action.apply(params(), prior, capabilities(), signal);
    // What it looked through may take a moment to be gone.
    await eventually(async () => (await pids()).length === 3);
    expect(await action.assess(params(), capabilities(), signal)).toMatchObject({
      kind: "satisfied",
      evidence: "6 of 10 sessions are free for app",
    });
    expect(await action.rollback(params(), prior, capabilities(), signal)).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("4 of 4 are gone: ended sessions cannot be taken back") as string,
    });
    await admin.query("SELECT pg_cancel_backend($1)", [busy.pid]);
    await working;
  });

  test("a session that has been used since is left alone, and so is one that took its process id", async () => {
    const idle = await openAll(["a", "b", "c", "d", "e", "f", "g"]);
    await grownOld(idle);
    const { prior } = await needed(params(7));
    const [used, ...unused] = idle;
    await used?.client.query("SELECT 1");
    const { sessions } = prior as { sessions: { pid: number; started: string }[] };
    const [, other] = unused;
    const reused = sessions.map((each) =>
      each.pid === other?.pid ? Object.assign(each, { started: "1" }) : each,
    );
    await action.apply(params(), { sessions: reused }, capabilities(), signal);
    await eventually(() => unused.filter(({ ended }) => ended() !== undefined).length === 5);
    expect(used?.ended()).toBeUndefined();
    expect(other?.ended()).toBeUndefined();
  });

  test("sessions of others, of Greenlight, in a transaction and young ones are nobody's to be ended", async () => {
    await admin.query("CREATE ROLE other LOGIN PASSWORD 'other-password'");
    try {
      const theirs = await open("x", postgres.server.url({ user: "other", password: "other-password" }));
      const own = await open("greenlight");
      const inTransaction = await open("tx");
      await inTransaction.client.query("BEGIN");
      const rest = await Promise.all(
        ["s1", "s2"].map((name) => open(name, postgres.server.adminUrl({ database: "app" }))),
      );
      const elsewhere = await open("y", postgres.server.url({ database: "postgres" }));
      await grownOld([theirs, own, elsewhere, ...rest]);
      const young = await open("young");
      await young.client.query("SELECT pg_sleep(0)");
      const found = await action.assess({ ...params(100), olderThanMs: 10_000 }, capabilities(), signal);
      expect(found).toMatchObject({ kind: "refused" });
      expect("because" in found && found.because).toMatch(/none of app in app has been idle for 10000 ms/);
      const recorded = await needed({ ...params(100), olderThanMs: 0 });
      expect((recorded.change.before as { of: object }).of).toEqual({ young: 1 });
    } finally {
      await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'other'");
      await admin.query("DROP ROLE other");
    }
  });

  test("with no slot left it says that nobody can, and what would let somebody; nothing is claimed", async () => {
    await openAll(Array.from({ length: 9 }, () => "leaky"));
    const found = await action.assess(params(), capabilities(), signal);
    expect(found).toMatchObject({ kind: "unknown" });
    expect("because" in found && found.because).toMatch(
      /has no slot left.*pg_use_reserved_connections.*superuser_reserved_connections/,
    );
    const prior = { sessions: [] };
    expect(await action.apply(params(), prior, capabilities(), signal)).toMatchObject({ kind: "failed" });
    expect(await action.settle(params(), prior, capabilities(), signal)).toMatchObject({ kind: "pending" });
    await expect(action.locate(params(), prior, capabilities(), signal)).rejects.toMatchObject({
      code: "POSITION_UNKNOWN",
    });
    await eventually(async () => (await pids()).length === 9);
  });

  test("a limit of the role alone is seen too", async () => {
    await admin.query("ALTER ROLE app CONNECTION LIMIT 4");
    try {
      const idle = await openAll(["a", "b"]);
      await grownOld(idle);
      expect((await needed(params(1))).change.before).toMatchObject({ sessions: 1 });
    } finally {
      await admin.query("ALTER ROLE app CONNECTION LIMIT -1");
    }
  });
});

test("where there is room nothing is to be done, and a superuser's sessions are never ended", async () => {
  expect(await action.assess(params(), capabilities(), signal)).toEqual({
    kind: "satisfied",
    evidence: "9 of 10 sessions are free for app",
  });
  const asAdmin = capabilities(postgres.server.adminUrl({ database: "app" }));
  expect(await action.assess(params(), asAdmin, signal)).toMatchObject({
    kind: "refused",
    because: expect.stringContaining("which is a superuser") as string,
  });
});

test("without a database, with another name and with a server that is gone it says so and throws nothing", async () => {
  expect(await action.assess(params(), { clock: systemClock }, signal)).toMatchObject({ kind: "refused" });
  const unknown = { ...params(), dependency: "nothing" };
  expect(await action.assess(unknown, capabilities(), signal)).toEqual({
    kind: "unknown",
    because: "expected a configured Postgres called nothing, found nothing of that name",
  });
  const gone = capabilities("postgres://app:hunter2-canary@127.0.0.1:1/app");
  const found = await action.assess(params(), gone, signal);
  expect(found).toMatchObject({
    kind: "unknown",
    because: expect.stringContaining("CONNECT_REFUSED") as string,
  });
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

describe("its parameters", () => {
  test("each fault is named with its place", () => {
    const parsed = action.parse({ dependency: "a; rm -rf /", olderThanMs: 5, limit: "3", extra: 1 });
    expect(parsed).toMatchObject({
      ok: false,
      faults: [
        { path: "params.dependency" },
        { path: "params.olderThanMs", found: "`5`" },
        { path: "params.limit", expected: "the most sessions that are ended: a whole number from 1 to 1000" },
        { path: "params.extra" },
      ],
    });
  });

  test("whatever is parsed is accepted as it is or refused with faults, and never throws", () => {
    assert(
      property(
        oneof(anything(), record({ dependency: string(), olderThanMs: integer(), limit: integer() })),
        (given) => {
          const parsed = action.parse(given);
          if (!parsed.ok) return parsed.faults.length > 0;
          // Nothing in it that a shell obeys.
          return /^psql "\$DATABASE_URL" -c '[^']*(?:'\\''[^']*)*'$/.test(action.command(parsed.params));
        },
      ),
    );
  });
});
