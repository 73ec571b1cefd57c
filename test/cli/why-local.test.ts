import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, expect, onTestFinished, test } from "vitest";
import type { Report } from "../../src/views/report.ts";
import { useDependency } from "../support/environment.ts";
import { runCli } from "./run-cli.ts";

const postgres = await useDependency("postgres");
const folder = await mkdtemp(join(tmpdir(), "greenlight-why-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const variables = {
  DATABASE_URL: postgres.url(),
  GREENLIGHT_BASELINE_KEY: "a-key-of-forty-characters-for-this-test-x",
};

async function chainsOf(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await runCli(["why", ...args, "--json"], {
    env: { ...variables, ...env },
    cwd: folder,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const report = JSON.parse(stdout) as Report;
  return { ...report, chains: report.chains ?? [] };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: postgres.server.adminUrl({ database: "app" }) });
  await client.connect();
  await client.query(statement);
  await client.end();
}

test("a suite whose dependencies pass and about which nothing is found: nothing stands in its way", async () => {
  const report = await chainsOf(["database"]);
  expect(report).toMatchObject({ chains: [], verdict: "go", nextSteps: [] });
  expect(report.summary).toBe("Suite database is go: nothing stands in its way.");
});

test("when the server takes no more sessions, the idle ones are what a plan ends", async () => {
  await asAdmin("ALTER ROLE app CONNECTION LIMIT 0");
  onTestFinished(() => asAdmin("ALTER ROLE app CONNECTION LIMIT -1"));
  const { chains, nextSteps } = await chainsOf(["postgres"]);
  expect(chains).toMatchObject([
    {
      root: {
        code: "SESSIONS_EXHAUSTED",
        actions: [{ kind: "end-idle-sessions", params: { dependency: "postgres" } }],
      },
      confidence: "certain",
    },
  ]);
  expect(nextSteps[0]?.text).toBe("See what a plan would do about it: greenlight plan postgres");
});

test("a variable that switches a check off is the root, and its waiver takes it away", async () => {
  const env = { BYPASS_STARTUP_VALIDATION: "canary-of-a-value" };
  const { chains, summary } = await chainsOf(["database"], env);
  expect(chains).toMatchObject([{ root: { code: "PERMISSIVE_OVERRIDE", owner: "security" } }]);
  expect(summary).toContain("PERMISSIVE_OVERRIDE");
  expect(JSON.stringify(chains)).not.toContain("canary");
  const strict = await chainsOf(["database"], { ...env, ENABLE_STRICT_VALIDATION: "true" });
  expect(strict).toMatchObject({ verdict: "stop" });
  expect(strict.chains.map(({ root }) => root.code)).toContain("PERMISSIVE_OVERRIDE");
  const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const waived = join(folder, "waived.yaml");
  const waiver = {
    finding: "FLAG_BYPASS:BYPASS_STARTUP_VALIDATION",
    reason: "a test",
    owner: "qa",
    expires: day,
  };
  await writeFile(waived, JSON.stringify({ waivers: [waiver] }));
  expect((await chainsOf(["database", "--config", waived], env)).chains).toEqual([]);
});

test("what differs from the baseline is one chain, however many keys it is", async () => {
  const own = join(folder, "drift");
  await mkdir(own);
  const config = join(own, "greenlight.yaml");
  await writeFile(config, "drift:\n  sources:\n    - { env: app.env }\n");
  await writeFile(join(own, "app.env"), "POOL_SIZE=5\nMODE=safe\n");
  const made = await runCli(["config", "baseline", "--config", config], { env: variables, cwd: own });
  expect(made).toMatchObject({ code: 0 });
  await writeFile(join(own, "app.env"), "POOL_SIZE=50\nMODE=canary-drift\n");
  const { chains } = await chainsOf(["database", "--config", config]);
  expect(chains.map(({ root }) => root.code)).toEqual(["CONFIG_DRIFTED"]);
  expect(chains[0]?.links.at(-1)?.evidence).toHaveLength(2);
  expect(JSON.stringify(chains)).not.toContain("canary-drift");
});

test("with --tests, markers that are not registered are chained with what registers them", async () => {
  const tests = join(folder, "suite");
  await mkdir(tests);
  await writeFile(join(tests, "pytest.ini"), "[pytest]\nmarkers =\n    slow: takes long\n");
  await writeFile(
    join(tests, "test_x.py"),
    "import pytest\n\n\n@pytest.mark.flakey\ndef test_a():\n    pass\n",
  );
  const { chains } = await chainsOf(["database", "--tests", "suite"]);
  expect(chains).toMatchObject([
    {
      root: {
        code: "MARKERS_UNREGISTERED",
        actions: [{ kind: "register-markers", params: { folder: "suite" } }],
      },
    },
  ]);
});

test("a name that neither a dependency nor a suite has is refused with the nearest", async () => {
  const { code, stderr } = await runCli(["why", "databse"], { env: variables });
  expect(code).toBe(64);
  expect(stderr).toContain("Did you mean database?");
});
