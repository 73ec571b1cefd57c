import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";

const VARIABLES = { postgres: "DATABASE_URL", clickhouse: "CLICKHOUSE_URL", redis: "REDIS_URL" } as const;

async function load(kind: keyof typeof VARIABLES, url: string, env: Record<string, string> = {}) {
  return loadConfig({ env: { [VARIABLES[kind]]: url, ...env } });
}

describe("connection URLs", () => {
  test.each([
    [
      "postgres",
      "postgresql://u:p%40@h:5433/db?application_name=x",
      "postgres://u:p%40@h:5433/db?application_name=x",
      "off",
    ],
    ["postgres", "postgres://[::1]/db", "postgres://[::1]/db", "off"],
    ["postgres", " postgres://h/db\n", "postgres://h/db", "off"],
    ["postgres", "postgres://h/db?sslmode=disable", "postgres://h/db", "off"],
    ["postgres", "postgres://h/db?sslmode=require", "postgres://h/db", "no-verify"],
    ["postgres", "postgres://h/db?sslmode=no-verify", "postgres://h/db", "no-verify"],
    ["postgres", "postgres://h/db?sslmode=verify-ca&a=1", "postgres://h/db?a=1", "verify-ca"],
    ["postgres", "postgres://h/db?sslmode=verify-full&sslrootcert=system", "postgres://h/db", "verify-full"],
    ["postgres", "postgres://h/db?ssl=true", "postgres://h/db", "verify-full"],
    [
      "postgres",
      "postgres://u:p@localhost/db?host=/cloudsql/p:r:i",
      "postgres://u:p@localhost/db?host=/cloudsql/p:r:i",
      "off",
    ],
    ["clickhouse", "clickhouse://u:p@h/db", "http://u:p@h:8123/db", "off"],
    ["clickhouse", "clickhouses://h", "https://h:8443", "verify-full"],
    ["clickhouse", "clickhouse://h:81", "http://h:81", "off"],
    ["clickhouse", "http://h", "http://h", "off"],
    ["clickhouse", "http://h:80", "http://h:80", "off"],
    ["clickhouse", "https://h", "https://h", "verify-full"],
    ["redis", "redis://h", "redis://h", "off"],
    ["redis", "rediss://:p@h:6380/2", "rediss://:p@h:6380/2", "verify-full"],
    ["redis", "valkey://h/", "redis://h/", "off"],
    ["redis", "valkeys://h", "rediss://h", "verify-full"],
  ] as const)("%s %s → %s, TLS %s", async (kind, given, url, mode) => {
    const result = await load(kind, given);
    expect(result).toMatchObject({ ok: true, config: { dependencies: [{ kind, tls: { mode } }] } });
    if (!result.ok) throw new Error("no config");
    const [dependency] = result.config.dependencies;
    if (dependency?.kind !== kind) throw new Error("another dependency");
    expect(new URL(dependency.url).href).toBe(new URL(url).href);
    expect(result.warnings).toEqual([]);
  });

  test.each([
    ["postgres", "postgress://h/db", "starts with", "did you mean `postgres://`?"],
    ["postgres", "mysql://u:canary@h/db", "starts with", undefined],
    ["postgres", "host=h password=canary", "starts with", undefined],
    ["postgres", "postgres:///db", "a host", undefined],
    ["postgres", "postgres://u:canary@/db?host=/cloudsql/x", "parses", undefined],
    ["postgres", "postgres://h/db?host=other", "before the path", undefined],
    ["postgres", "postgres://h1,h2/db", "one host", undefined],
    ["postgres", "postgres://h:0/db", "a port from 1", undefined],
    ["postgres", "postgres://h:65536/db", "parses", undefined],
    ["postgres", "postgres://u:can/ary@h/db", "parses", "percent-encode"],
    ["postgres", "postgres://u:12/canary@h/db", "only `@`", "percent-encode"],
    ["postgres", "postgres://u:12#canary@h/db", "only `@`", "percent-encode"],
    ["postgres", "postgres://u:can%zz@h/db", "percent-encoded", "percent-encode"],
    ["postgres", "postgres://u:can ary@h/db", "without spaces", undefined],
    ["postgres", "postgres://h/db?sslmode=prefer", "sslmode", "`disable` or `require`"],
    ["postgres", "postgres://h/db?sslmode=canary", "sslmode", undefined],
    ["postgres", "postgres://h/db?sslcert=a", "client certificates", undefined],
    ["redis", "redis://h/name", "a database number", undefined],
    ["clickhouse", "tcp://h:9000", "starts with", undefined],
  ] as const)("%s %s is refused", async (kind, url, expected, suggestion) => {
    const result = await load(kind, url);
    expect(result).toMatchObject({
      ok: false,
      faults: [
        { code: "CONFIG_INVALID_URL", where: VARIABLES[kind], expected: expect.stringContaining(expected) },
      ],
    });
    if (result.ok) throw new Error("no faults");
    const [fault] = result.faults;
    if (suggestion) expect(fault?.suggestion).toContain(suggestion);
    expect(JSON.stringify(fault)).not.toMatch(/canary|ary@/);
  });

  test("tls.mode wins over the URL, and the scheme follows it", async () => {
    const upgraded = await load("redis", "redis://h", { GREENLIGHT_REDIS_TLS_MODE: "no-verify" });
    expect(upgraded).toMatchObject({
      config: { dependencies: [{ url: "rediss://h", tls: { mode: "no-verify" } }] },
      warnings: [],
    });
    const downgraded = await load("redis", "rediss://h", { GREENLIGHT_REDIS_TLS_MODE: "off" });
    expect(downgraded).toMatchObject({
      config: { dependencies: [{ url: "redis://h", tls: { mode: "off" } }] },
      warnings: [{ where: "GREENLIGHT_REDIS_TLS_MODE" }],
    });
  });

  test("a name to expect in the certificate asks for TLS", async () => {
    const result = await load("postgres", "postgres://h/d", { GREENLIGHT_POSTGRES_TLS_SERVERNAME: "p:i" });
    expect(result).toMatchObject({
      config: { dependencies: [{ tls: { mode: "verify-full", servername: "p:i" } }] },
    });
  });

  test("the native port of ClickHouse gives a warning", async () => {
    expect(await load("clickhouse", "clickhouse://h:9000")).toMatchObject({
      warnings: [{ where: "CLICKHOUSE_URL" }],
    });
  });
});
