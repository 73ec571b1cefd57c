import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { startClickHouse } from "../../src/sandbox/clickhouse/clickhouse.ts";
import { startFaultProxy } from "../../src/sandbox/fault-proxy.ts";
import { makeCertificates } from "../support/certificates.ts";
import { isPendingAfter } from "../support/wait.ts";

const clients: ClickHouseClient[] = [];
const server = await startClickHouse({
  users: [
    { name: "viewer", password: "viewer-password", grants: ["SELECT ON app.*"], settings: { readonly: "1" } },
  ],
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.close();
});

function clientFor(url: string, settings: Record<string, string | number> = {}): ClickHouseClient {
  const client = createClient({
    url,
    request_timeout: 5000,
    log: { level: 127 },
    clickhouse_settings: settings,
  });
  clients.push(client);
  return client;
}

const app = clientFor(server.url());
const admin = clientFor(server.adminUrl());

async function rows(query: string, client = app, params: Record<string, unknown> = {}): Promise<unknown[]> {
  const result = await client.query({ query, query_params: params, format: "JSONEachRow" });
  return result.json();
}

test("it answers both kinds of ping", async () => {
  expect(await app.ping()).toEqual({ success: true });
  expect(await app.ping({ select: true })).toEqual({ success: true });
});

test("the application finds its tables with rows in them", async () => {
  expect(await rows("SELECT id, name FROM events ORDER BY id")).toHaveLength(3);
  expect(await rows("SELECT version FROM schema_migrations")).toEqual([{ version: "20260101000000" }]);
  expect(await rows("SELECT currentDatabase() AS name")).toEqual([{ name: "app" }]);
});

test("values of query parameters arrive as they are, in the URL and in a form", async () => {
  const params = { number: 41, words: ["it's", "a\\b", "c\td"], text: "x\ny" };
  const query = "SELECT {number:UInt8} + 1 AS n, {words:Array(String)} AS w, {text:String} AS t";
  const expected = [{ n: 42, w: params.words, t: params.text }];
  expect(await rows(query, app, params)).toEqual(expected);
  const form = await app.query({
    query,
    query_params: params,
    format: "JSONEachRow",
    use_multipart_params: true,
  });
  expect(await form.json()).toEqual(expected);
});

test("the usual mistakes get the codes of ClickHouse", async () => {
  const wrongPassword = clientFor(server.url({ password: "wrong" }));
  const wrongUser = clientFor(server.url({ user: "nobody" }));
  const wrongDatabase = clientFor(server.url({ database: "nope" }));
  await expect(rows("SELECT 1", wrongPassword)).rejects.toMatchObject({
    code: "516",
    type: "AUTHENTICATION_FAILED",
    message: expect.stringContaining("app: Authentication failed: password is incorrect"),
  });
  await expect(rows("SELECT 1", wrongUser)).rejects.toMatchObject({ code: "516" });
  await expect(rows("SELECT 1", wrongDatabase)).rejects.toMatchObject({
    code: "81",
    type: "UNKNOWN_DATABASE",
  });
  await expect(rows("SELECT * FROM nope")).rejects.toMatchObject({ code: "60", type: "UNKNOWN_TABLE" });
  await expect(rows("SELEC 1")).rejects.toMatchObject({ code: "62", type: "SYNTAX_ERROR" });
  await expect(rows("SELECT 1", clientFor(server.url(), { nonsense: 1 }))).rejects.toMatchObject({
    code: "115",
  });
});

test("settings apply: max_execution_time, max_result_rows, readonly", async () => {
  const hurried = clientFor(server.url(), { max_execution_time: 0.2 });
  const endless = "SELECT sum(number) FROM numbers(1000000000000)";
  await expect(rows(endless, hurried)).rejects.toMatchObject({ code: "159", type: "TIMEOUT_EXCEEDED" });
  const short = clientFor(server.url(), { max_result_rows: "2" });
  await expect(rows("SELECT id FROM events", short)).rejects.toMatchObject({ code: "396" });
  const readonly = clientFor(server.url(), { readonly: "1" });
  const insert = { table: "events", values: [{ id: 9, name: "x" }], format: "JSONEachRow" } as const;
  await expect(readonly.insert(insert)).rejects.toMatchObject({
    code: "164",
    message: expect.stringContaining("app: Cannot execute query in readonly mode"),
  });
  const viewer = clientFor(server.url({ user: "viewer", password: "viewer-password" }));
  expect(await rows("SELECT id FROM events", viewer)).toHaveLength(3);
  await expect(viewer.insert(insert)).rejects.toMatchObject({ code: "497" });
});

test("an insert is stored, and an insert through GET is refused", async () => {
  const columns: [string, ...string[]] = ["id", "name"];
  await app.insert({ table: "events", columns, values: [{ id: 7, name: "late" }], format: "JSONEachRow" });
  expect(await rows("SELECT name FROM events WHERE id = 7")).toEqual([{ name: "late" }]);
  await admin.command({ query: "ALTER TABLE app.events DELETE WHERE id = 7 SETTINGS mutations_sync = 1" });
  const query = new URLSearchParams({ query: "INSERT INTO app.events VALUES (8, 'x', now())" });
  const response = await fetch(`http://127.0.0.1:${server.port}/?${query}&user=app&password=app-password`);
  expect(response.headers.get("x-clickhouse-exception-code")).toBe("164");
});

test("a revoked privilege is refused until it is granted again", async () => {
  await admin.command({ query: "REVOKE SELECT ON app.events FROM app" });
  await expect(rows("SELECT e.name FROM events AS e")).rejects.toMatchObject({
    code: "497",
    type: "ACCESS_DENIED",
    message: expect.stringContaining("it's necessary to have the grant SELECT(name) ON app.events"),
  });
  await expect(rows("SELECT 1 WHERE 1 IN (SELECT id FROM app.events)")).rejects.toMatchObject({
    code: "497",
  });
  expect(await rows("SELECT version FROM schema_migrations")).toHaveLength(1);
  expect(await rows("SHOW GRANTS")).toContainEqual({ GRANTS: "REVOKE SELECT ON app.events FROM app" });
  await admin.command({ query: "GRANT SELECT ON app.events TO app" });
  expect(await rows("SELECT name FROM events")).toHaveLength(3);
});

test("the application may neither define nor grant", async () => {
  for (const query of [
    "DROP TABLE events",
    "CREATE TABLE t (a Int8) ENGINE = Memory",
    "SYSTEM RELOAD CONFIG",
  ]) {
    await expect(app.command({ query })).rejects.toMatchObject({ code: "497" });
  }
  await expect(app.command({ query: "GRANT ALL ON *.* TO app" })).rejects.toMatchObject({ code: "497" });
});

test("no state of one request reaches another, unless they share a session", async () => {
  await app.command({ query: "USE system" });
  expect(await rows("SELECT currentDatabase() AS name")).toEqual([{ name: "app" }]);
  const session = { session_id: "s1" };
  await app.command({ query: "CREATE TEMPORARY TABLE kept (a Int8)", ...session }).catch(() => undefined);
  await app.command({ query: "SET max_block_size = 17", ...session });
  const kept = await app.query({
    query: "SELECT getSetting('max_block_size') AS size",
    format: "JSONEachRow",
    ...session,
  });
  expect(await kept.json()).toEqual([{ size: 17 }]);
});

test("two queries run at the same time", async () => {
  const start = performance.now();
  await Promise.all([rows("SELECT sleep(0.5)"), rows("SELECT sleep(0.5)")]);
  expect(performance.now() - start).toBeLessThan(900);
});

test("the HTTP interface looks like the server's", async () => {
  const base = `http://127.0.0.1:${server.port}`;
  const ping = await fetch(`${base}/ping`);
  expect(await ping.text()).toBe("Ok.\n");
  expect(ping.headers.get("keep-alive")).toBe("timeout=10");
  expect((await fetch(`${base}/nope`)).status).toBe(404);

  const anonymous = await fetch(`${base}/?query=SELECT%201`);
  expect(anonymous.status).toBe(401);
  expect(anonymous.headers.get("www-authenticate")).toMatch(/^Basic /);
  expect(await anonymous.text()).toMatch(
    /^Code: 194\. DB::Exception: .* \(REQUIRED_PASSWORD\) \(version 26\./,
  );

  const headers = { "X-ClickHouse-User": "app", "X-ClickHouse-Key": "app-password" };
  const ask = (query: string): Promise<Response> =>
    fetch(`${base}/?database=app&query_id=q1`, { method: "POST", headers, body: query });
  const good = await ask("SELECT 1 AS one FORMAT JSONEachRow");
  expect(await good.text()).toBe('{"one":1}\n');
  expect(Object.fromEntries(good.headers)).toMatchObject({
    "x-clickhouse-query-id": "q1",
    "x-clickhouse-format": "JSONEachRow",
    "x-clickhouse-summary": expect.stringContaining('"read_rows":"1"'),
    "content-type": "application/x-ndjson; charset=UTF-8",
  });
  const statuses = await Promise.all(
    ["SELEC 1", "SELECT * FROM nope", "SELECT throwIf(1)"].map(async (query) => (await ask(query)).status),
  );
  expect(statuses).toEqual([400, 404, 500]);
});

test("it counts the queries of its clients, itself and in system.events", async () => {
  const before = server.queries();
  await app.ping();
  await rows("SELECT 1");
  expect(server.queries()).toBe(before + 1);
  const [event] = await rows("SELECT value > 0 AS counted FROM system.events WHERE event = 'Query'");
  expect(event).toEqual({ counted: 1 });
});

test("it falls silent on SIGSTOP, dies on SIGKILL, and comes back with its data", async () => {
  const proxy = await startFaultProxy({
    upstream: server,
    onUpstreamExit: (listener) => server.onExit(listener),
  });
  onTestFinished(() => proxy.close());
  const client = clientFor(server.url({ port: proxy.port }));
  await rows("SELECT 1", client);
  server.signal("SIGSTOP");
  const answer = rows("SELECT 1", client);
  expect(await isPendingAfter(answer, 100)).toBe(true);
  server.signal("SIGCONT");
  await answer;
  server.signal("SIGKILL");
  await expect(rows("SELECT 1", client)).rejects.toMatchObject({ code: expect.stringMatching(/^ECONN/) });
  await expect(rows("SELECT 1", client)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await server.restart();
  expect(await rows("SELECT id FROM events")).toHaveLength(3);
});

test("it serves HTTPS when asked", async () => {
  const certificates = await makeCertificates();
  const secure = await startClickHouse({ tls: certificates.valid });
  onTestFinished(async () => {
    await secure.close();
    certificates.remove();
  });
  const trusting = createClient({ url: secure.url(), tls: { ca_cert: Buffer.from(certificates.ca.cert) } });
  clients.push(trusting);
  expect(await rows("SELECT 1 AS one", trusting)).toEqual([{ one: 1 }]);
  const { error } = await clientFor(secure.url())
    .ping()
    .then((result) => (result.success ? { error: undefined } : result));
  expect(error).toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
});
