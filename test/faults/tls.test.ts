import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { CauseCode } from "../../services/causes.ts";
import type { TlsOptions } from "../../services/dependencies/options.ts";
import { startClickHouse } from "../../src/sandbox/clickhouse/clickhouse.ts";
import { startPostgres } from "../../src/sandbox/postgres/postgres.ts";
import { startRedis } from "../../src/sandbox/redis.ts";
import type { SandboxServer } from "../../src/sandbox/server.ts";
import { type Certificate, makeCertificates } from "../support/certificates.ts";
import { diagnose, type Diagnosis, expectCause } from "../support/diagnose.ts";
import { eventually } from "../support/wait.ts";

type Kind = "postgres" | "clickhouse" | "redis";
const kinds: readonly Kind[] = ["postgres", "clickhouse", "redis"];

const password = "canary-tls-2e7a";
const certificates = await makeCertificates();
const { ca, valid, expired, selfSigned, wrongHost } = certificates;
const directory = mkdtempSync(join(tmpdir(), "greenlight-tls-"));
/** What the ClickHouse server reads when it starts. */
const shown = { certFile: join(directory, "shown.crt"), keyFile: join(directory, "shown.key") };
copyInto(shown, valid);

const [postgres, clickhouse, redis, plainPostgres, plainClickhouse, plainRedis] = await Promise.all([
  startPostgres({ password, tls: valid, hba: ["hostnossl all app 127.0.0.1/32 reject"] }),
  startClickHouse({ password, tls: shown }),
  startRedis({ password, tls: valid }),
  startPostgres({ password }),
  startClickHouse({ password }),
  startRedis({ password }),
]);
const servers: Record<Kind, SandboxServer> = { postgres, clickhouse, redis };
const plain: Record<Kind, SandboxServer> = {
  postgres: plainPostgres,
  clickhouse: plainClickhouse,
  redis: plainRedis,
};
afterAll(async () => {
  await Promise.all([...Object.values(servers), ...Object.values(plain)].map((server) => server.close()));
  certificates.remove();
  rmSync(directory, { recursive: true });
});

function copyInto(files: { certFile: string; keyFile: string }, certificate: Certificate): void {
  // Writing leaves the owner of a file as it is; copying does not.
  writeFileSync(files.certFile, certificate.cert);
  writeFileSync(files.keyFile, certificate.key, { mode: 0o600 });
}

/** Lets all three servers show this certificate from now on. */
async function present(certificate: Certificate): Promise<void> {
  await Promise.all([
    presentByPostgres(certificate),
    presentByClickhouse(certificate),
    presentByRedis(certificate),
  ]);
}

async function presentByPostgres(certificate: Certificate): Promise<void> {
  const client = new Client({ connectionString: postgres.adminUrl(), ssl: { rejectUnauthorized: false } });
  await client.connect();
  const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
  const data = rows[0]?.data_directory ?? "";
  copyInto({ certFile: join(data, "ssl_cert_file"), keyFile: join(data, "ssl_key_file") }, certificate);
  const loaded = "SELECT pg_conf_load_time()::text AS at";
  const before = await client.query<{ at: string }>(loaded);
  await client.query("SELECT pg_reload_conf()");
  await client.end();
  // A new connection belongs to a process that the server has started with the configuration of that moment.
  await eventually(async () => {
    const later = new Client({
      connectionString: postgres.adminUrl(),
      ssl: { rejectUnauthorized: false },
    });
    await later.connect();
    const now = await later.query<{ at: string }>(loaded);
    await later.end();
    return now.rows[0]?.at !== before.rows[0]?.at;
  });
}

async function presentByClickhouse(certificate: Certificate): Promise<void> {
  copyInto(shown, certificate);
  await clickhouse.restart();
}

async function presentByRedis({ certFile, keyFile }: Certificate): Promise<void> {
  const client = new Redis(redis.adminUrl(), { tls: { rejectUnauthorized: false } });
  await client.config("SET", "tls-cert-file", certFile, "tls-key-file", keyFile);
  client.disconnect();
}

const ask = (kind: Kind, tls: TlsOptions | undefined, url = servers[kind].url()): Promise<Diagnosis> =>
  diagnose(kind, { url, ...(tls === undefined ? {} : { tls }) });

const full = (more: Partial<TlsOptions> = {}): TlsOptions => ({ mode: "verify-full", ca: ca.cert, ...more });

async function passes(kind: Kind, tls: TlsOptions, url?: string): Promise<void> {
  const { ladder, observed } = await ask(kind, tls, url);
  expect(ladder.cause).toBeUndefined();
  expect(ladder.rungs.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => "pass"));
  expect(ladder.rungs[2]).toMatchObject({ note: expect.stringMatching(/^TLSv1/) });
  expect(observed).toBeUndefined();
}

/** Both the ladder and one observation name `code`, at the rung of TLS. */
async function breaks(kind: Kind, code: CauseCode, tls: TlsOptions | undefined, url?: string): Promise<void> {
  const diagnosis = await ask(kind, tls, url);
  expectCause(diagnosis, code);
  expect(diagnosis.ladder.cause?.rung).toBe("secure");
  expect(diagnosis.observed).toBe(code);
}

describe.each(kinds)("%s with a valid certificate", (kind) => {
  test("passes by address, by name and by the name given as servername", async () => {
    await passes(kind, full());
    await passes(kind, full(), servers[kind].url({ host: "localhost" }));
    await passes(kind, full({ servername: "localhost" }));
    await passes(kind, { mode: "verify-ca", ca: ca.cert });
    await passes(kind, { mode: "no-verify" });
  });

  test("is TLS_CERT_UNTRUSTED when its authority is not given", async () => {
    await breaks(kind, "TLS_CERT_UNTRUSTED", { mode: "verify-full" });
    await breaks(kind, "TLS_CERT_UNTRUSTED", { mode: "verify-ca" });
  });

  test("is TLS_HOST_MISMATCH when another name is expected", async () => {
    await breaks(kind, "TLS_HOST_MISMATCH", full({ servername: "project:instance" }));
  });

  test("is TLS_REQUIRED to a connection without TLS", async () => {
    await breaks(
      kind,
      "TLS_REQUIRED",
      { mode: "off" },
      servers[kind].url().replace(/^rediss|^https/, (scheme) => scheme.slice(0, -1)),
    );
  });

  test("is TLS_FAILED at secure when it freezes before the handshake", async () => {
    servers[kind].signal("SIGSTOP");
    onTestFinished(() => servers[kind].signal("SIGCONT"));
    const diagnosis = await ask(kind, full());
    expectCause(diagnosis, "TLS_FAILED");
    expect(diagnosis.ladder.cause?.rung).toBe("secure");
  });

  test("names the login, not TLS, when only the password is wrong", async () => {
    expectCause(await ask(kind, full(), servers[kind].url({ password: "canary-wrong-1c9e" })), "AUTH_FAILED");
  });
});

describe("the scheme of the URL", () => {
  test("https and rediss ask for TLS with verification by themselves", async () => {
    await breaks("clickhouse", "TLS_CERT_UNTRUSTED", undefined);
    await breaks("redis", "TLS_CERT_UNTRUSTED", undefined);
  });
});

describe("an expired certificate", () => {
  beforeAll(() => present(expired));

  test.each(kinds)("of %s is TLS_CERT_EXPIRED, unless nothing is verified", async (kind) => {
    await breaks(kind, "TLS_CERT_EXPIRED", full());
    await breaks(kind, "TLS_CERT_EXPIRED", { mode: "verify-ca", ca: ca.cert });
    await passes(kind, { mode: "no-verify" });
  });
});

describe("a self-signed certificate", () => {
  beforeAll(() => present(selfSigned));

  test.each(kinds)("of %s is TLS_CERT_UNTRUSTED, unless it is given or nothing is verified", async (kind) => {
    await breaks(kind, "TLS_CERT_UNTRUSTED", full());
    await passes(kind, { mode: "verify-full", ca: selfSigned.cert });
    await passes(kind, { mode: "no-verify" });
  });
});

describe("a certificate for another host", () => {
  beforeAll(() => present(wrongHost));

  test.each(kinds)("of %s is TLS_HOST_MISMATCH, unless the name is given or not verified", async (kind) => {
    await breaks(kind, "TLS_HOST_MISMATCH", full());
    await passes(kind, full({ servername: "elsewhere.example" }));
    await passes(kind, { mode: "verify-ca", ca: ca.cert });
    await passes(kind, { mode: "no-verify" });
  });
});

describe("a server without TLS", () => {
  test.each(["postgres", "clickhouse"] as const)(
    "%s is TLS_NOT_SUPPORTED where TLS is asked for",
    async (kind) => {
      await breaks(kind, "TLS_NOT_SUPPORTED", full(), plain[kind].url());
    },
  );

  // Redis takes the greeting for the beginning of a line and waits for its end.
  test("redis is TLS_FAILED at secure where TLS is asked for, because it says nothing", async () => {
    const diagnosis = await ask("redis", full(), plain.redis.url());
    expectCause(diagnosis, "TLS_FAILED");
    expect(diagnosis.ladder.cause?.message).toContain("no answer to the TLS handshake");
    expect(diagnosis.observed).toBe("LOGIN_TIMEOUT");
  });
});
