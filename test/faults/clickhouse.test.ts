import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { buffer } from "node:stream/consumers";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createClient } from "@clickhouse/client";
import { afterAll, afterEach, describe, expect, onTestFinished, test } from "vitest";
import type { CauseCode } from "../../services/causes.ts";
import { withDeadline } from "../../services/net/deadline.ts";
import { startClickHouse } from "../../src/sandbox/clickhouse/clickhouse.ts";
import { startFaultProxy } from "../../src/sandbox/fault-proxy.ts";
import { dependencyFor, diagnose, expectCause, type Given, patient } from "../support/diagnose.ts";
import { useDependency } from "../support/environment.ts";
import { eventually, isPendingAfter } from "../support/wait.ts";

const { server, proxy, url } = await useDependency("clickhouse", {
  clickhouse: {
    password: "canary-ch-5d2b",
    users: [
      {
        name: "viewer",
        password: "canary-viewer-8e",
        grants: ["SELECT ON app.*"],
        settings: { readonly: "1" },
      },
      {
        name: "tuner",
        password: "canary-tuner-3c",
        grants: ["SELECT ON app.*"],
        settings: { readonly: "2" },
      },
    ],
  },
});
const viewer = { user: "viewer", password: "canary-viewer-8e" };
const admin = createClient({ url: server.adminUrl(), log: { level: 127 } });
afterAll(() => admin.close());

async function asAdmin(...statements: string[]): Promise<void> {
  for (const query of statements) await admin.command({ query });
}

const count = async (table: string): Promise<number> => {
  const rows = await admin.query({
    query: `SELECT toUInt32(count()) FROM ${table}`,
    format: "JSONCompactEachRow",
  });
  return Number((await rows.json<[number]>())[0]?.[0]);
};

/** Both the ladder and one observation name `code`. */
const seen = async (code: CauseCode, given: Partial<Given<"clickhouse">> = {}): Promise<string> => {
  const diagnosis = await diagnose("clickhouse", { url: url(), ...given });
  expectCause(diagnosis, code);
  expect(diagnosis.observed).toBe(code);
  return diagnosis.ladder.cause?.message ?? "";
};

const { signal: never } = new AbortController();
const queryOf = (connection: { query(signal: AbortSignal): Promise<unknown> }): Promise<unknown> =>
  withDeadline({ ms: 300, waitedFor: "the query", signal: never }, (inner) => connection.query(inner)).catch(
    (reason: unknown) => reason,
  );

/** The URL of an HTTP server that is not ClickHouse. */
async function answering(listener: RequestListener): Promise<string> {
  const other = createHttpServer(listener).listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => {
    other.close();
    other.closeAllConnections();
  });
  return url({ port: (other.address() as AddressInfo).port });
}

interface Relay {
  port: number;
  closeAll(): void;
  /** From now on it resets what it accepts, as a process that is being killed. */
  die(): void;
  opened(): number;
}

/** Passes bytes on to the server, and closes the clients' sockets on request, as an idle time-out does. */
async function startRelay(): Promise<Relay> {
  const sockets = new Set<Socket>();
  let opened = 0;
  let dying = false;
  const relay = createServer((client) => {
    opened += 1;
    if (dying) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(server.port, "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    client.pipe(upstream).pipe(client);
    sockets.add(client);
  }).listen(0, "127.0.0.1");
  await once(relay, "listening");
  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    relay.close();
    closeAll();
  });
  return {
    port: (relay.address() as AddressInfo).port,
    closeAll,
    die() {
      dying = true;
      closeAll();
    },
    opened: () => opened,
  };
}

afterEach(() => proxy.setMode("none"));

describe("a healthy ClickHouse", () => {
  test("passes all rungs, with its expectations", async () => {
    const { ladder, observed } = await diagnose("clickhouse", {
      url: url(),
      table: "app.events",
      migration: { table: "schema_migrations", column: "version", version: "20260101000000" },
      assert: [
        {
          query: "SELECT count() FROM events WHERE id > {p1:UInt32} AND name != {p2:String}",
          params: [0, "it's\t%"],
          equals: 3,
        },
        { query: "SELECT true", equals: true },
        { query: "SELECT NULL", equals: null },
        { query: "SELECT toUInt64(18446744073709551615)", equals: "18446744073709551615" },
      ],
    });
    expect(ladder.cause).toBeUndefined();
    expect(ladder.rungs.map((rung) => rung.status)).toEqual(Array.from({ length: 7 }, () => "pass"));
    expect(observed).toBeUndefined();
  });

  test.each([
    "INSERT INTO events (id, name) SELECT 99, 'x'",
    "SELECT 1; INSERT INTO events (id, name) SELECT 99, 'x'",
    "SELECT 1; TRUNCATE TABLE events; SELECT 1",
    "SELECT 1 SETTINGS readonly = 0",
    "SET readonly = 0",
    "INSERT INTO events SETTINGS readonly = 0 (id, name) SELECT 99, 'x'",
  ])("an assertion is one statement that cannot write: %s", async (query) => {
    const before = await count("app.events");
    await seen("ASSERTION_INVALID", { assert: [{ query, equals: 1 }] });
    expect(await count("app.events")).toBe(before);
  });

  test("an assertion is answered by the server each time, not by its query cache", async () => {
    const options = {
      url: url(),
      assert: [
        { query: "SELECT changed, value FROM system.settings WHERE name = 'use_query_cache'", equals: 1 },
      ],
    };
    expect((await diagnose("clickhouse", options)).ladder.status).toBe("pass");
    await asAdmin(
      "CREATE TABLE app.flag (value UInt8) ENGINE = MergeTree ORDER BY value",
      "INSERT INTO app.flag VALUES (1)",
    );
    onTestFinished(() => asAdmin("DROP TABLE app.flag"));
    const dependency = await dependencyFor("clickhouse", {
      url: url(),
      assert: [{ query: "SELECT sum(value) FROM flag", equals: 1 }],
    });
    const connection = await dependency.open(never);
    onTestFinished(() => connection.destroy());
    await connection.assert(never);
    await asAdmin("INSERT INTO app.flag VALUES (1)");
    await expect(connection.assert(never)).rejects.toThrow("expected 1, found 2");
  });
});

describe("the network", () => {
  test("a refused port is CONNECT_REFUSED", async () => {
    await proxy.setMode("refuse");
    await seen("CONNECT_REFUSED");
  });

  test("silence after the connection was accepted is LOGIN_TIMEOUT", async () => {
    await proxy.setMode("blackhole");
    await seen("LOGIN_TIMEOUT");
  });

  test("one byte per second is LOGIN_TIMEOUT", async () => {
    await proxy.setMode("drip");
    await seen("LOGIN_TIMEOUT");
  });

  test("a reset after the request is CONNECT_RESET", async () => {
    await proxy.setMode("reset");
    await seen("CONNECT_RESET");
  });

  test("garbage is PROTOCOL_MISMATCH, whatever its bytes are, and the process lives", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const mad = await startFaultProxy({ upstream: server, seed });
      onTestFinished(() => mad.close());
      await mad.setMode("garbage");
      await seen("PROTOCOL_MISMATCH", { url: url({ port: mad.port }) });
    }
  });
});

describe("an HTTP server that is not ClickHouse", () => {
  const page = `<!doctype html><title>Bad gateway</title>${"<p>upstream is away</p>".repeat(2000)}`;
  const answers: [string, number, string, string][] = [
    ["an HTML page with status 200", 200, "text/html", page],
    ["a proxy's HTML page with status 502", 502, "text/html", page],
    ["a JSON object with status 200", 200, "application/json", '{"status":"ok"}'],
    ["a JSON array with status 200", 200, "application/json", '["ok"]'],
    ["a JSON null with status 200", 200, "application/json", "null"],
    ["an empty answer with status 200", 200, "text/plain", ""],
    ["an empty answer with status 204", 204, "text/plain", ""],
    ["an empty answer with status 401", 401, "text/plain", ""],
    ["a redirect to a login page", 302, "text/html", ""],
  ];
  test.each(answers)("%s is PROTOCOL_MISMATCH, shortened", async (_what, status, type, body) => {
    const given = await answering((_request, response) => {
      response
        .writeHead(status, { "content-type": type, location: "/login" })
        .end(status === 204 ? undefined : body);
    });
    expect((await seen("PROTOCOL_MISMATCH", { url: given })).length).toBeLessThanOrEqual(300);
    await seen("PROTOCOL_MISMATCH", { url: given, writable: false });
  });

  test("a proxy that keeps answers does not hide that the server is gone", async () => {
    const kept = new Map<string, { status: number; body: Buffer }>();
    let gone = false;
    const given = await answering((request, response) => {
      void (async () => {
        const body = await buffer(request);
        const key = body.toString();
        if (!kept.has(key) && !gone) {
          const { authorization = "" } = request.headers;
          const upstream = new URL(request.url ?? "/", url({ database: "" })).href.replace(/\/\/.*@/, "//");
          const answer = await fetch(upstream, { method: "POST", headers: { authorization }, body });
          kept.set(key, { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) });
        }
        const { status, body: told } = kept.get(key) ?? { status: 502, body: "no upstream" };
        response.writeHead(status).end(told);
      })();
    });
    const through = new URL(url());
    through.port = new URL(given).port;
    const { ladder } = await diagnose("clickhouse", { url: through.href, writable: false });
    expect(ladder.cause).toBeUndefined();
    gone = true;
    await seen("PROTOCOL_MISMATCH", { url: through.href, writable: false });
  });

  test("an answer that was made for another query is PROTOCOL_MISMATCH", async () => {
    const given = await answering((_request, response) => void response.end('[0,"26.1",7]\n'));
    expect(await seen("PROTOCOL_MISMATCH", { url: given })).toContain("something keeps answers");
  });

  test("a page that repeats the request's headers does not give the credentials away", async () => {
    const given = await answering(
      (request, response) => void response.writeHead(500).end(JSON.stringify(request.headers)),
    );
    expect(await seen("PROTOCOL_MISMATCH", { url: given })).not.toContain(
      Buffer.from("app:canary-ch-5d2b").toString("base64"),
    );
  });

  test("an HTTPS port that explains itself to a plain request is TLS_REQUIRED", async () => {
    for (const body of [
      "The plain HTTP request was sent to HTTPS port",
      "Client sent an HTTP request to an HTTPS server.\n",
    ]) {
      await seen("TLS_REQUIRED", {
        url: await answering((_request, response) => void response.writeHead(400).end(body)),
      });
    }
  });
});

describe("the login", () => {
  test("a wrong password is AUTH_FAILED", async () => {
    await seen("AUTH_FAILED", { url: url({ password: "canary-wrong-1c9e" }) });
  });

  test("an unknown user is AUTH_FAILED", async () => {
    await seen("AUTH_FAILED", { url: url({ user: "nobody-here" }) });
  });

  test("a user without a password is PASSWORD_MISSING", async () => {
    await seen("PASSWORD_MISSING", { url: url().replace(":canary-ch-5d2b", "") });
  });

  test("neither user nor password is PASSWORD_MISSING", async () => {
    await seen("PASSWORD_MISSING", { url: url().replace("app:canary-ch-5d2b@", "") });
  });

  test("a missing database is DATABASE_MISSING", async () => {
    await seen("DATABASE_MISSING", { url: url({ database: "nowhere" }) });
  });
});

describe("the content", () => {
  test("a missing table is TABLE_MISSING", async () => {
    await seen("TABLE_MISSING", { table: "app.nothing" });
    await seen("TABLE_MISSING", { assert: [{ query: "SELECT 1 FROM nothing", equals: 1 }] });
  });

  test("a table in a missing database is DATABASE_MISSING", async () => {
    const diagnosis = await diagnose("clickhouse", { url: url(), table: "nowhere.nothing" });
    expectCause(diagnosis, "DATABASE_MISSING");
  });

  test("a revoked privilege is PERMISSION_DENIED at assert, and names the grant", async () => {
    await asAdmin("REVOKE SELECT ON app.events FROM app");
    onTestFinished(() => asAdmin("GRANT SELECT ON app.events TO app"));
    expect(
      await seen("PERMISSION_DENIED", { assert: [{ query: "SELECT max(id) FROM events", equals: 3 }] }),
    ).toContain("SELECT(id) ON app.events");
    await seen("PERMISSION_DENIED", { table: "events" });
  });

  test("another value is ASSERTION_FAILED and names both", async () => {
    const message = await seen("ASSERTION_FAILED", {
      assert: [{ query: "SELECT count() FROM events", equals: 4 }],
    });
    expect(message).toContain("expected 4, found 3");
  });

  test("no row is ASSERTION_FAILED", async () => {
    await seen("ASSERTION_FAILED", {
      assert: [{ query: "SELECT id FROM events WHERE false", equals: null }],
    });
  });

  test.each([
    ["a syntax error", "SELEKT 1"],
    ["an unknown identifier", "SELECT nothing FROM events"],
    ["an unknown function", "SELECT no_such_function(1)"],
    ["an unknown type", "SELECT CAST(1 AS Nothing2)"],
    ["a text that is no date", "SELECT toDate('x')"],
    ["a text that is no number", "SELECT toUInt8('x')"],
    ["a column that is not aggregated", "SELECT id, count() FROM events"],
    ["an aggregate in an aggregate", "SELECT count(count()) FROM events"],
    ["a scalar subquery with several rows", "SELECT (SELECT id FROM events)"],
    ["a parameter without a value", "SELECT {p1:UInt32}"],
    ["a comparison of types that do not fit", "SELECT count() FROM events WHERE id = 'x'"],
    ["a wrong number of arguments", "SELECT length()"],
    ["a setting that does not exist", "SELECT 1 SETTINGS nothing = 1"],
    ["a division by zero", "SELECT intDiv(1, 0)"],
  ])("%s in an assertion is ASSERTION_INVALID", async (_what, query) => {
    await seen("ASSERTION_INVALID", { assert: [{ query, equals: 1 }] });
  });

  test("a parameter that is not of its type is ASSERTION_INVALID", async () => {
    await seen("ASSERTION_INVALID", { assert: [{ query: "SELECT {p1:UInt32}", params: ["x"], equals: 1 }] });
  });

  test("a server error without a finer cause is QUERY_FAILED with its number", async () => {
    const diagnosis = await diagnose("clickhouse", {
      url: url(),
      assert: [{ query: "SELECT throwIf(1, 'boom')", equals: 1 }],
    });
    expectCause(diagnosis, "QUERY_FAILED");
    expect(diagnosis.ladder.cause).toMatchObject({
      evidence: "395",
      message: expect.stringContaining("boom"),
    });
  });

  test("a migrations table that is not there, or empty, is MIGRATION_MISSING", async () => {
    await seen("MIGRATION_MISSING", {
      migration: { table: "no_migrations", column: "version", version: "1" },
    });
    await asAdmin("CREATE TABLE app.empty_migrations (version String) ENGINE = MergeTree ORDER BY version");
    onTestFinished(() => asAdmin("DROP TABLE app.empty_migrations"));
    await seen("MIGRATION_MISSING", {
      migration: { table: "empty_migrations", column: "version", version: "1" },
    });
  });

  test("an older schema is MIGRATION_BEHIND, a newer one the warning MIGRATION_AHEAD", async () => {
    const migration = { table: "app.schema_migrations", column: "version" };
    await seen("MIGRATION_BEHIND", { migration: { ...migration, version: "20991231000000" } });
    await asAdmin("INSERT INTO app.schema_migrations VALUES ('20270101000000')");
    onTestFinished(() =>
      asAdmin(
        "ALTER TABLE app.schema_migrations DELETE WHERE version = '20270101000000' SETTINGS mutations_sync = 1",
      ),
    );
    const diagnosis = await diagnose("clickhouse", {
      url: url(),
      migration: { ...migration, version: "20260101000000" },
    });
    expectCause(diagnosis, "MIGRATION_AHEAD");
    expect(diagnosis.ladder.status).toBe("warn");
  });
});

describe("the server's state", () => {
  const endless = "SELECT sum(number) FROM numbers(1000000000000)";

  test("a slow assertion is ended by the server: STATEMENT_TIMEOUT", async () => {
    await seen("STATEMENT_TIMEOUT", { deadlines: patient, assert: [{ query: endless, equals: 1 }] });
  });

  test("a time limit of the assertion's own is STATEMENT_TIMEOUT", async () => {
    await seen("STATEMENT_TIMEOUT", {
      assert: [{ query: `${endless} SETTINGS max_execution_time = 0.1`, equals: 1 }],
    });
  });

  test("a memory limit is OUT_OF_MEMORY", async () => {
    const query =
      "SELECT length(groupArray(number)) FROM numbers(10000000) SETTINGS max_memory_usage = 1000000";
    await seen("OUT_OF_MEMORY", { assert: [{ query, equals: 1 }] });
  });

  test("a user that is set to read-only is READ_ONLY, unless writing is not needed", async () => {
    const assert = [{ query: "SELECT count() FROM events", equals: 3 }];
    for (const as of [viewer, { user: "tuner", password: "canary-tuner-3c" }]) {
      await seen("READ_ONLY", { url: url(as) });
      const diagnosis = await diagnose("clickhouse", {
        url: url(as),
        writable: false,
        table: "events",
        assert,
      });
      expect(diagnosis.ladder.cause).toBeUndefined();
      expect(diagnosis.observed).toBeUndefined();
    }
  });

  test("a slow answer above the limit is the warning SLOW", async () => {
    await proxy.setMode("latency", { ms: 60 });
    expect((await diagnose("clickhouse", { url: url(), warnAboveMs: 50 })).observed).toBe("SLOW");
  });

  test("a frozen server is LOGIN_TIMEOUT on a new connection and QUERY_TIMEOUT on an open one", async () => {
    const dependency = await dependencyFor("clickhouse", { url: url() });
    const connection = await dependency.open(never);
    onTestFinished(() => connection.destroy());
    server.signal("SIGSTOP");
    onTestFinished(() => server.signal("SIGCONT"));
    await seen("LOGIN_TIMEOUT");
    expect(dependency.classify(await queryOf(connection), "query").code).toBe("QUERY_TIMEOUT");
  });
});

describe("the held connection", () => {
  test("is not lost when only an idle socket is closed, and goes on with the next query", async () => {
    const relay = await startRelay();
    const dependency = await dependencyFor("clickhouse", { url: url({ port: relay.port }) });
    const connection = await dependency.open(never);
    onTestFinished(() => connection.destroy());
    for (let round = 0; round < 3; round++) {
      relay.closeAll();
      expect(await isPendingAfter(connection.lost, 200)).toBe(true);
      await connection.query(never);
    }
    expect(relay.opened()).toBeGreaterThanOrEqual(4);
  });

  test("uses one socket for all its queries", async () => {
    const relay = await startRelay();
    const dependency = await dependencyFor("clickhouse", { url: url({ port: relay.port }) });
    const connection = await dependency.open(never);
    onTestFinished(() => connection.destroy());
    for (let round = 0; round < 3; round++) await connection.query(never);
    expect(relay.opened()).toBe(1);
  });

  test("is lost at once when the server is killed, also in the middle of a query", async () => {
    const own = await startClickHouse({ password: "canary-own-77" });
    onTestFinished(() => own.close());
    const dependency = await dependencyFor("clickhouse", { url: own.url() });
    const connection = await dependency.open(never);
    const busy = await dependency.open(never);
    const query = withDeadline({ ms: 3000, waitedFor: "the query", signal: never }, (inner) =>
      busy.query(inner),
    ).catch((reason: unknown) => reason);
    own.signal("SIGKILL");
    const killed = performance.now();
    await connection.lost;
    await busy.lost;
    expect(performance.now() - killed).toBeLessThan(1000);
    expect(["CONNECT_RESET", "CONNECTION_CLOSED"]).toContain(dependency.classify(await query, "query").code);
    expect(dependency.classify(await queryOf(connection), "query").code).toBe("CONNECT_REFUSED");
    await eventually(() => expect(own.pid).toBeUndefined());
  });

  test("is lost when the dying server accepts one more connection and resets it", async () => {
    const relay = await startRelay();
    const dependency = await dependencyFor("clickhouse", { url: url({ port: relay.port }) });
    const connection = await dependency.open(never);
    onTestFinished(() => connection.destroy());
    relay.die();
    expect(await isPendingAfter(connection.lost, 500)).toBe(false);
  });

  test("is not reported as lost by the one who ends it", async () => {
    const dependency = await dependencyFor("clickhouse", { url: url() });
    const connection = await dependency.open(never);
    connection.destroy();
    expect(await isPendingAfter(connection.lost, 60)).toBe(true);
  });
});
