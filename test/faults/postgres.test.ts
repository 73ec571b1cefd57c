import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, type QueryResult } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { CauseCode } from "../../services/causes.ts";
import { systemClock } from "../../services/clock.ts";
import { causeIn } from "../../services/probe/observation.ts";
import { createObserver, RENEW_MS } from "../../services/probe/observer.ts";
import { useDependency } from "../support/environment.ts";
import { startPostgres } from "../../src/sandbox/postgres/postgres.ts";
import { dependencyFor, diagnose, expectCause, type Given, patient } from "../support/diagnose.ts";
import { eventually } from "../support/wait.ts";

const { server, proxy, url } = await useDependency("postgres", { postgres: { password: "canary-pg-7f3a" } });

async function asAdmin(...statements: string[]): Promise<QueryResult | undefined> {
  const client = new Client({ connectionString: server.adminUrl({ database: "app" }) });
  await client.connect();
  let last: QueryResult | undefined;
  for (const statement of statements) last = await client.query(statement);
  await client.end();
  return last;
}

const seen = async (code: CauseCode, given: Partial<Given<"postgres">> = {}): Promise<void> => {
  expectCause(await diagnose("postgres", { url: url(), ...given }), code);
};

const { signal: never } = new AbortController();

afterEach(() => proxy.setMode("none"));

describe("a healthy Postgres", () => {
  test("passes all rungs, with its expectations", async () => {
    const { ladder, observed } = await diagnose("postgres", {
      url: url(),
      table: "public.users",
      migration: { table: "schema_migrations", column: "version", version: "20260101000000" },
      assert: [
        { query: "select count(*) from users where id > $1", params: [0], equals: 3 },
        { query: "select true", equals: true },
        { query: "select null", equals: null },
      ],
    });
    expect(ladder.cause).toBeUndefined();
    expect(ladder.rungs.map((rung) => rung.status)).toEqual(Array.from({ length: 7 }, () => "pass"));
    expect(observed).toBeUndefined();
  });

  test("an assertion that writes is refused as ASSERTION_INVALID", async () => {
    await seen("ASSERTION_INVALID", {
      assert: [{ query: "insert into users(name) values ('x') returning id", equals: 1 }],
    });
  });

  test.each([
    "SELECT 1; COMMIT; DELETE FROM kept",
    "SELECT 1; ROLLBACK; DELETE FROM kept; SELECT 1",
    "COMMIT; DELETE FROM kept",
    "SELECT 1; DELETE FROM kept",
  ])(
    "an assertion is one statement: %s is refused with what to write, and nothing is changed",
    async (query) => {
      await asAdmin(
        "DROP TABLE IF EXISTS kept",
        "CREATE TABLE kept AS SELECT 1 AS id",
        "GRANT ALL ON kept TO app",
      );
      const diagnosis = await diagnose("postgres", { url: url(), assert: [{ query, equals: 1 }] });
      expectCause(diagnosis, "ASSERTION_INVALID");
      expect(diagnosis.text).toContain("expected one statement, found several");
      const left = await asAdmin("SELECT count(*)::int AS left FROM kept");
      expect(left?.rows).toEqual([{ left: 1 }]);
    },
  );

  test("what ends the transaction by itself answers no row, and nothing after it is asked", async () => {
    await asAdmin(
      "DROP TABLE IF EXISTS kept",
      "CREATE TABLE kept AS SELECT 1 AS id",
      "GRANT ALL ON kept TO app",
    );
    for (const query of ["COMMIT", "SET TRANSACTION READ WRITE"]) {
      const assert = [
        { query, equals: null },
        { query: "DELETE FROM kept RETURNING id", equals: 1 },
      ];
      await seen("ASSERTION_FAILED", { assert });
    }
    const left = await asAdmin("SELECT count(*)::int AS left FROM kept");
    expect(left?.rows).toEqual([{ left: 1 }]);
  });

  test("what is read for the context is one statement too", async () => {
    await asAdmin(
      "DROP TABLE IF EXISTS kept",
      "CREATE TABLE kept AS SELECT 1 AS id",
      "GRANT ALL ON kept TO app",
    );
    const dependency = await dependencyFor("postgres", { url: url() });
    const { signal } = new AbortController();
    const connection = await dependency.open(signal);
    const reading = connection.read?.("SELECT 1; COMMIT; DELETE FROM kept", signal);
    await expect(reading).rejects.toThrow("expected one statement, found several");
    connection.destroy();
    const left = await asAdmin("SELECT count(*)::int AS left FROM kept");
    expect(left?.rows).toEqual([{ left: 1 }]);
  });
});

describe("the network", () => {
  test("a refused port is CONNECT_REFUSED", async () => {
    await proxy.setMode("refuse");
    await seen("CONNECT_REFUSED");
  });

  test("a server on 127.0.0.1 asked for at ::1 is ADDRESS_FAMILY_MISMATCH", async () => {
    await seen("ADDRESS_FAMILY_MISMATCH", { url: url().replace("127.0.0.1", "[::1]") });
  });

  test("localhost works whichever family answers", async () => {
    const { ladder } = await diagnose("postgres", { url: url().replace("127.0.0.1", "localhost") });
    expect(ladder.status).toBe("pass");
  });

  test("silence after the connection was accepted is LOGIN_TIMEOUT", async () => {
    await proxy.setMode("blackhole");
    await seen("LOGIN_TIMEOUT");
  });

  test("one byte per second is LOGIN_TIMEOUT", async () => {
    await proxy.setMode("drip");
    await seen("LOGIN_TIMEOUT");
  });

  test("a reset in mid-answer is CONNECT_RESET", async () => {
    await proxy.setMode("reset");
    await seen("CONNECT_RESET");
  });

  test("garbage is PROTOCOL_MISMATCH, and the process lives", async () => {
    await proxy.setMode("garbage");
    for (let round = 0; round < 5; round++) await seen("PROTOCOL_MISMATCH");
  });

  test("garbage in the middle of a session destroys the connection and nothing else", async () => {
    const dependency = await dependencyFor("postgres", { url: url() });
    const { signal } = new AbortController();
    const connection = await dependency.open(signal);
    await proxy.setMode("garbage");
    const error = await connection.query(AbortSignal.timeout(300)).catch((reason: unknown) => reason);
    expect(["PROTOCOL_MISMATCH", "CONNECTION_CLOSED"]).toContain(dependency.classify(error, "query").code);
    connection.destroy();
  });

  test("a missing socket file is SOCKET_MISSING", async () => {
    await seen("SOCKET_MISSING", { url: "postgres://app:canary-pg-7f3a@localhost/app?host=/cloudsql/p:r:i" });
  });
});

describe("the login", () => {
  test("a wrong password is AUTH_FAILED", async () => {
    await seen("AUTH_FAILED", { url: url({ password: "canary-wrong-1c9e" }) });
  });

  test("an unknown user is AUTH_FAILED", async () => {
    await seen("AUTH_FAILED", { url: url({ user: "nobody-here" }) });
  });

  test("no password is PASSWORD_MISSING, whatever PGPASSWORD says", async () => {
    process.env["PGPASSWORD"] = "canary-pg-7f3a";
    onTestFinished(() => void delete process.env["PGPASSWORD"]);
    await seen("PASSWORD_MISSING", { url: url().replace(":canary-pg-7f3a", "") });
  });

  test("a missing database is DATABASE_MISSING", async () => {
    await seen("DATABASE_MISSING", { url: url({ database: "nowhere" }) });
  });

  test("a revoked right to connect is PERMISSION_DENIED at authorize", async () => {
    await asAdmin("REVOKE CONNECT ON DATABASE app FROM PUBLIC", "REVOKE CONNECT ON DATABASE app FROM app");
    onTestFinished(async () => void (await asAdmin("GRANT CONNECT ON DATABASE app TO PUBLIC, app")));
    const diagnosis = await diagnose("postgres", { url: url() });
    expectCause(diagnosis, "PERMISSION_DENIED");
    expect(diagnosis.ladder.cause?.rung).toBe("authorize");
  });
});

describe("the content", () => {
  test("a missing table is TABLE_MISSING", () => seen("TABLE_MISSING", { table: "public.nothing" }));

  test("a missing table in an assertion is TABLE_MISSING", () =>
    seen("TABLE_MISSING", { assert: [{ query: "select 1 from nothing", equals: 1 }] }));

  test("a revoked privilege on a table is PERMISSION_DENIED at assert", async () => {
    await asAdmin("CREATE TABLE secret_table()", "REVOKE ALL ON secret_table FROM PUBLIC, app");
    onTestFinished(async () => void (await asAdmin("DROP TABLE secret_table")));
    await seen("PERMISSION_DENIED", { table: "secret_table" });
  });

  test("another value is ASSERTION_FAILED and names both", async () => {
    const diagnosis = await diagnose("postgres", {
      url: url(),
      assert: [{ query: "select count(*) from users", equals: 4 }],
    });
    expectCause(diagnosis, "ASSERTION_FAILED");
    expect(diagnosis.ladder.cause?.message).toContain("expected 4, found 3");
  });

  test("no row is ASSERTION_FAILED", () =>
    seen("ASSERTION_FAILED", { assert: [{ query: "select id from users where false", equals: null }] }));

  test("a syntax error is ASSERTION_INVALID", () =>
    seen("ASSERTION_INVALID", { assert: [{ query: "selekt 1", equals: 1 }] }));

  test("a server error without a finer cause is QUERY_FAILED with its code", async () => {
    await asAdmin(
      "CREATE FUNCTION boom() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'boom'; END $$",
    );
    onTestFinished(async () => void (await asAdmin("DROP FUNCTION boom()")));
    const diagnosis = await diagnose("postgres", {
      url: url(),
      assert: [{ query: "select boom()", equals: 1 }],
    });
    expectCause(diagnosis, "QUERY_FAILED");
    expect(diagnosis.ladder.cause?.evidence).toBe("P0001");
  });

  test("a slow assertion is cancelled by the server: STATEMENT_TIMEOUT", () =>
    seen("STATEMENT_TIMEOUT", { deadlines: patient, assert: [{ query: "select pg_sleep(2)", equals: "" }] }));

  test("a migrations table that is not there is MIGRATION_MISSING", () =>
    seen("MIGRATION_MISSING", { migration: { table: "no_migrations", column: "version", version: "1" } }));

  test("an older schema is MIGRATION_BEHIND, a newer one the warning MIGRATION_AHEAD", async () => {
    await seen("MIGRATION_BEHIND", {
      migration: { table: "schema_migrations", column: "version", version: "20991231000000" },
    });
    await asAdmin("INSERT INTO schema_migrations VALUES ('20270101000000')");
    onTestFinished(
      async () => void (await asAdmin("DELETE FROM schema_migrations WHERE version = '20270101000000'")),
    );
    const diagnosis = await diagnose("postgres", {
      url: url(),
      migration: { table: "schema_migrations", column: "version", version: "20260101000000" },
    });
    expectCause(diagnosis, "MIGRATION_AHEAD");
    expect(diagnosis.ladder.status).toBe("warn");
  });
});

describe("the server's state", () => {
  test("a session that the server ended is CONNECTION_CLOSED, and the loss is told", async () => {
    const dependency = await dependencyFor("postgres", { url: url() });
    const connection = await dependency.open(new AbortController().signal);
    await asAdmin(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'greenlight'",
    );
    await connection.lost;
    const error = await connection.query(AbortSignal.timeout(300)).catch((reason: unknown) => reason);
    expect(dependency.classify(error, "query").code).toBe("CONNECTION_CLOSED");
  });

  test("a slow answer above the limit is the warning SLOW", async () => {
    await proxy.setMode("latency", { ms: 60 });
    expect((await diagnose("postgres", { url: url(), warnAboveMs: 50 })).observed).toBe("SLOW");
  });

  test("no free connection is TOO_MANY_CONNECTIONS", async () => {
    await asAdmin("ALTER ROLE app CONNECTION LIMIT 0");
    onTestFinished(async () => void (await asAdmin("ALTER ROLE app CONNECTION LIMIT -1")));
    await seen("TOO_MANY_CONNECTIONS");
  });

  test("a frozen server is LOGIN_TIMEOUT on a new connection and QUERY_TIMEOUT on an open one", async () => {
    const dependency = await dependencyFor("postgres", { url: url() });
    const connection = await dependency.open(new AbortController().signal);
    server.signal("SIGSTOP");
    onTestFinished(() => server.signal("SIGCONT"));
    await seen("LOGIN_TIMEOUT");
    const { withDeadline } = await import("../../services/net/deadline.ts");
    const { signal } = new AbortController();
    const error = await withDeadline({ ms: 200, waitedFor: "the query", signal }, (inner) =>
      connection.query(inner),
    ).catch((reason: unknown) => reason);
    expect(dependency.classify(error, "query").code).toBe("QUERY_TIMEOUT");
  });

  test.each([
    [
      "a new password",
      "AUTH_FAILED",
      "ALTER ROLE kept PASSWORD 'canary-new-2b'",
      "ALTER ROLE kept PASSWORD 'canary-kept-7'",
    ],
    [
      "no more connections",
      "TOO_MANY_CONNECTIONS",
      "ALTER ROLE kept CONNECTION LIMIT 0",
      "ALTER ROLE kept CONNECTION LIMIT -1",
    ],
    [
      "read-only from now on",
      "READ_ONLY",
      "ALTER ROLE kept SET default_transaction_read_only = on",
      "ALTER ROLE kept RESET default_transaction_read_only",
    ],
    ["no login any more", "AUTH_FAILED", "ALTER ROLE kept NOLOGIN", "ALTER ROLE kept LOGIN"],
  ] as const)(
    "%s: a connection that was open before does not hide it for long, nor its end",
    async (_what, code, change, undo) => {
      await asAdmin("DROP ROLE IF EXISTS kept", "CREATE ROLE kept LOGIN PASSWORD 'canary-kept-7'");
      const dependency = await dependencyFor("postgres", {
        url: url({ user: "kept", password: "canary-kept-7" }),
      });
      let later = 0;
      const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later };
      const observer = createObserver({ dependency, clock, onLost: () => undefined });
      onTestFinished(() => observer.close());
      const observe = async (): Promise<CauseCode | undefined> =>
        causeIn(await observer.observe(never))?.code;
      expect(await observe()).toBeUndefined();
      await asAdmin(change);
      later += RENEW_MS;
      expect(await observe()).toBe(code);
      await asAdmin(undo);
      later += RENEW_MS;
      await observe();
      expect(await observe()).toBeUndefined();
    },
  );

  test("a user that is set to read-only is READ_ONLY, unless writing is not needed", async () => {
    await asAdmin("ALTER ROLE app SET default_transaction_read_only = on");
    onTestFinished(async () => void (await asAdmin("ALTER ROLE app RESET default_transaction_read_only")));
    await seen("READ_ONLY");
    expect((await diagnose("postgres", { url: url(), writable: false })).ladder.status).toBe("pass");
  });
});

describe("a server of its own", () => {
  const started: { close(): Promise<void> }[] = [];
  let own: Awaited<ReturnType<typeof startPostgres>>;
  let data: string;

  beforeAll(async () => {
    own = await startPostgres({ hba: ["hostnossl all outsider 127.0.0.1/32 reject"] });
    started.push(own);
    const client = new Client({ connectionString: own.adminUrl() });
    await client.connect();
    data =
      (await client.query<{ data_directory: string }>("SHOW data_directory")).rows[0]?.data_directory ?? "";
    await client.end();
  });
  afterAll(async () => void (await Promise.all(started.map((server) => server.close()))));

  test("a rule that rejects the client is HOST_NOT_ALLOWED where TLS is not to be had", async () => {
    expectCause(
      await diagnose("postgres", { url: own.url({ user: "outsider", password: "canary-out-55" }) }),
      "HOST_NOT_ALLOWED",
    );
  });

  test("a server that shuts down while somebody is still connected is SHUTTING_DOWN", async () => {
    const guest = new Client({ connectionString: own.adminUrl() });
    guest.on("error", () => undefined);
    await guest.connect();
    process.kill(own.pid as number, "SIGTERM");
    await eventually(async () =>
      expectCause(await diagnose("postgres", { url: own.url() }), "SHUTTING_DOWN"),
    );
    await guest.end();
    await eventually(() => own.pid === undefined);
  });

  test("a standby is READ_ONLY, and one that does not serve yet is STARTING_UP", async () => {
    const marker = join(data, "standby.signal");
    const stop = new AbortController();
    // Neither ever says that it is ready for writing, which is what the restart waits for.
    const restart = (): Promise<void> => own.restart({ signal: stop.signal }).catch(() => undefined);
    writeFileSync(marker, "");
    const first = restart();
    await eventually(async () => expectCause(await diagnose("postgres", { url: own.url() }), "READ_ONLY"));
    writeFileSync(join(data, "postgresql.auto.conf"), "hot_standby = off\n");
    // Not ready means no pid at the handle yet; the server's own file has it.
    process.kill(Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]), "SIGINT");
    await first;
    const second = restart();
    await eventually(async () => expectCause(await diagnose("postgres", { url: own.url() }), "STARTING_UP"));
    stop.abort();
    await second;
    rmSync(marker);
  });
});
