import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { Client, type ClientConfig } from "pg";
import { afterAll, expect, test } from "vitest";
import { startPostgres } from "../../src/sandbox/postgres/postgres.ts";
import { makeCertificates } from "../support/certificates.ts";
import { useDependency } from "../support/environment.ts";
import { isPendingAfter } from "../support/wait.ts";

const certificates = await makeCertificates();
afterAll(() => certificates.remove());
const postgres = await useDependency("postgres", {
  postgres: { settings: { max_connections: 8 }, tls: certificates.valid },
});

async function connect(config: ClientConfig): Promise<Client> {
  const client = new Client({ connectionTimeoutMillis: 2000, ...config });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function ask(connectionString: string, sql: string): Promise<object[]> {
  const client = await connect({ connectionString });
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("the application finds its database with schema and rows", async () => {
  expect(await ask(postgres.url(), "SELECT count(*)::int AS users FROM users")).toEqual([{ users: 3 }]);
  expect(await ask(postgres.url(), "SELECT version FROM schema_migrations")).toHaveLength(1);
  expect(await ask(postgres.url(), "SHOW server_version")).toEqual([
    { server_version: expect.stringMatching(/^18/) },
  ]);
});

test("a wrong password, database or table is refused with the codes of Postgres", async () => {
  await expect(ask(postgres.url({ password: "wrong" }), "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
  await expect(ask(postgres.url({ database: "nope" }), "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
  await expect(ask(postgres.url(), "SELECT * FROM nope")).rejects.toMatchObject({ code: "42P01" });
});

test("settings apply: a small max_connections can be exhausted", async () => {
  const clients: Client[] = [];
  const exhaust = async (): Promise<void> => {
    for (;;) {
      clients.push(await connect({ connectionString: postgres.url() }));
    }
  };
  await expect(exhaust()).rejects.toMatchObject({ code: "53300" });
  await Promise.all(clients.map((client) => client.end()));
});

test("TLS works with the authority's certificate", async () => {
  const client = await connect({ connectionString: postgres.url(), ssl: { ca: certificates.ca.cert } });
  const { rows } = await client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  expect(rows).toEqual([{ ssl: true }]);
  await client.end();
});

test("SIGSTOP silences existing backends too, and SIGCONT wakes them", async () => {
  const client = await connect({ connectionString: postgres.url() });
  postgres.server.signal("SIGSTOP");
  const answer = client.query("SELECT 1");
  expect(await isPendingAfter(answer, 150)).toBe(true);
  postgres.server.signal("SIGCONT");
  await answer;
  await client.end();
});

test("after SIGKILL clients are refused at once, and a restart has the data on the same ports", async () => {
  const client = await connect({ connectionString: postgres.url() });
  const ended = new Promise<void>((resolve) => client.once("end", resolve));
  const { pid } = postgres.server;
  postgres.server.signal("SIGKILL");
  await ended;
  await expect(ask(postgres.url(), "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(postgres.server.pid).toBeUndefined();
  await postgres.restart();
  expect(postgres.server.pid).not.toBe(pid);
  expect(await ask(postgres.url(), "SELECT count(*)::int AS users FROM users")).toEqual([{ users: 3 }]);
});

test("after an orderly stop clients are refused, and a signal is an error", async () => {
  await postgres.server.stop();
  await expect(ask(postgres.url(), "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(() => postgres.server.signal("SIGSTOP")).toThrow(expect.objectContaining({ code: "NOT_RUNNING" }));
  await postgres.restart();
  await ask(postgres.url(), "SELECT 1");
});

test("hba lines come first, a closed server has gone with its directory", async () => {
  const server = await startPostgres({ hba: ["host app app 127.0.0.1/32 reject"] });
  await expect(ask(server.url(), "SELECT 1")).rejects.toMatchObject({ code: "28000" });
  const [row] = await ask(server.adminUrl(), "SHOW data_directory");
  const directory = String(Object.values(row ?? {})[0]);
  expect(existsSync(directory)).toBe(true);
  await server.close();
  expect(existsSync(directory)).toBe(false);
  expect(server.pid).toBeUndefined();
});

test("a setting that Postgres does not know stops the start, with what Postgres said", async () => {
  const start = startPostgres({ settings: { nonsense: "1" } });
  await expect(start).rejects.toMatchObject({
    code: "START_FAILED",
    message: expect.stringContaining('unrecognized configuration parameter "nonsense"'),
  });
});

test("an aborted start says so and leaves nothing", async () => {
  const start = startPostgres({ signal: AbortSignal.abort() });
  await expect(start).rejects.toMatchObject({ code: "ABORTED" });
  const ours = readdirSync(tmpdir()).filter((name) =>
    name.startsWith(`greenlight-sandbox-${process.pid}-postgres`),
  );
  expect(ours).toHaveLength(1);
});
