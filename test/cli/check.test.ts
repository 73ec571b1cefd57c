import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { useEnvironment } from "../support/environment.ts";
import type { Report } from "../../src/views/report.ts";
import { runCli, spawnCli } from "./run-cli.ts";

const environment = await useEnvironment();
const servers = {
  postgres: environment.dependencies.get("postgres")!,
  clickhouse: environment.dependencies.get("clickhouse")!,
  redis: environment.dependencies.get("redis")!,
};
const canary = "canary-5f2b%40x";
const urls = () => [servers.postgres.url(), servers.clickhouse.url(), servers.redis.url()];

/** In a test's folder, so that no file of this machine is read. */
const folder = mkdtempSync(join(tmpdir(), "greenlight-check-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a fit environment", () => {
  test("ends with 0 and the verdict first", async () => {
    const { code, stdout, stderr } = await runCli(["check", ...urls()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")[0]).toBe("Fit: all 3 dependencies pass.");
    expect(stdout).toMatch(/^postgres {4}pass {4}assert +[\d.]+ ms$/m);
    expect(stdout).not.toContain("Next steps");
  });

  test("takes the configuration, a file and a selection", async () => {
    writeFileSync(
      join(folder, "greenlight.yaml"),
      "dependencies:\n  postgres:\n    table: users\n  redis:\n    url: ${REDIS_URL}\n",
    );
    const env = { DATABASE_URL: servers.postgres.url(), REDIS_URL: servers.redis.url() };
    const all = await runCli(["check", "--json"], { env, cwd: folder });
    expect(all.code).toBe(0);
    expect((JSON.parse(all.stdout) as Report).dependencies.map(({ dependency }) => dependency)).toEqual([
      "postgres",
      "redis",
    ]);
    const one = await runCli(["check", "--only", "redis", "--json"], { env, cwd: folder });
    expect((JSON.parse(one.stdout) as Report).summary).toBe("Fit: redis passes.");
    const none = await runCli(["check", "--only", "redi"], { env, cwd: folder });
    expect(none.code).toBe(64);
    expect(none.stderr).toContain(
      'there is no dependency "redi". Did you mean redis?\nKnown: postgres, redis.',
    );
  });

  test("names two of one kind by what tells them apart", async () => {
    const { postgres, redis } = servers;
    const { code, stdout } = await runCli([
      "check",
      "--json",
      postgres.url(),
      postgres.url({ database: "postgres" }),
      redis.url(),
    ]);
    expect(code).toBe(0);
    const at = `postgres@127.0.0.1:${postgres.proxy.port}`;
    expect((JSON.parse(stdout) as Report).dependencies.map(({ dependency }) => dependency)).toEqual([
      `${at}/app`,
      `${at}/postgres`,
      "redis",
    ]);
  });

  test("an optional dependency that is broken does not make it unfit", async () => {
    const env = {
      DATABASE_URL: servers.postgres.url(),
      REDIS_URL: "redis://127.0.0.1:1",
      GREENLIGHT_REDIS_REQUIRED: "false",
    };
    const { code, stdout } = await runCli(["check"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Fit: what is required passes\. Not passing: redis \(CONNECT_REFUSED, optional\)\./,
    );
  });

  test("slower than warnAbove is a warning and passes", async () => {
    const env = { DATABASE_URL: servers.postgres.url(), GREENLIGHT_POSTGRES_WARN_ABOVE: "30ms" };
    await servers.postgres.proxy.setMode("latency", { ms: 60 });
    try {
      const { code, stdout } = await runCli(["check"], { env });
      expect(code).toBe(0);
      expect(stdout).toContain("Not passing: postgres (SLOW, a warning).");
      expect(stdout).toMatch(/! query +\d+ ms {2}SLOW: took \d+ ms, allowed are 30 ms/);
    } finally {
      await servers.postgres.proxy.setMode("none");
    }
  });
});

describe("an unfit environment", () => {
  afterEach(() => (servers.postgres.server.pid === undefined ? servers.postgres.restart() : undefined));

  test("a killed server: 75, the broken rung, numbered next steps", async () => {
    servers.postgres.server.signal("SIGKILL");
    const { code, stdout, stderr } = await runCli(["check", ...urls()]);
    expect({ code, stderr }).toEqual({ code: 75, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("Unfit: postgres (CONNECT_REFUSED) is broken. It may recover by itself.");
    expect(lines[1]).toBe("");
    expect(lines[2]).toMatch(/^dependency {2}status {2}rung/);
    expect(stdout).toMatch(/^ {2}✓ resolve +[\d.]+ ms {2}127\.0\.0\.1$/m);
    expect(stdout).toMatch(/^ {2}✗ connect +[\d.]+ ms {2}CONNECT_REFUSED: /m);
    expect(stdout).toMatch(/^ {2}· query +not evaluated$/m);
    const steps = lines.slice(lines.indexOf("Next steps") + 1, -3);
    expect(steps.map((line) => line.slice(0, 5))).toEqual(["  1. ", "  2. "]);
  });

  test("a wrong password: 69, and it is nowhere to be seen", async () => {
    for (const args of [[], ["--json"]]) {
      const { code, stdout, stderr } = await runCli([
        "check",
        ...args,
        servers.postgres.url({ password: canary }),
      ]);
      expect(code).toBe(69);
      expect(stdout).toContain("AUTH_FAILED");
      expect(stdout + stderr).not.toContain("canary-5f2b");
    }
  });

  test("a missing database: 69, also when another may recover", async () => {
    const { code, stdout } = await runCli([
      "check",
      servers.postgres.url({ database: "nowhere" }),
      "redis://127.0.0.1:1",
    ]);
    expect(code).toBe(69);
    expect(stdout).toMatch(/^Unfit: 2 of 2 .*Waiting will not help with DATABASE_MISSING\.$/m);
  });

  test("an unknown host: the exit code fits what the resolver says", async () => {
    const { code, stdout } = await runCli([
      "check",
      "--json",
      "postgres://nobody@does-not-exist.invalid/app",
    ]);
    const [dependency] = (JSON.parse(stdout) as Report).dependencies;
    expect({ code, cause: dependency?.cause?.code }).toBeOneOf([
      { code: 69, cause: "DNS_NOT_FOUND" },
      { code: 75, cause: "DNS_UNAVAILABLE" },
    ]);
  });

  test("a silent server ends at --timeout", async () => {
    await servers.postgres.proxy.setMode("blackhole");
    try {
      const started = performance.now();
      const { code, stdout } = await runCli(["check", "--timeout", "300ms", servers.postgres.url()]);
      expect(code).toBe(75);
      expect(stdout).toContain("within");
      expect(performance.now() - started).toBeLessThan(5000);
    } finally {
      await servers.postgres.proxy.setMode("none");
    }
  });
});

test("Ctrl-C ends it with 130, quickly and without a report", async () => {
  await servers.postgres.proxy.setMode("blackhole");
  try {
    const child = spawnCli(["check"], {
      env: {
        DATABASE_URL: servers.postgres.url(),
        GREENLIGHT_PROBE_DEADLINES_TOTAL: "20s",
        GREENLIGHT_PROBE_DEADLINES_CONNECT: "20s",
      },
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, output }).toEqual({ code: 130, output: "" });
  } finally {
    await servers.postgres.proxy.setMode("none");
  }
});

test("a reader that stops early is no error", async () => {
  const child = spawnCli(["check", ...urls(), "redis://127.0.0.1:1"]);
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  expect({ code, stderr }).toEqual({ code: 75, stderr: "" });
});
