import { expect, onTestFinished, test } from "vitest";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runProgram } from "../../src/commands/run-program.ts";
import { fakeProcess } from "./process.ts";

const env = {
  DATABASE_URL: "postgres://app:secret-canary@db/app?application_name=secret-canary",
  CLICKHOUSE_URL: "http://c:8123",
  REDIS_URL: "redis://r",
};

async function check(...flags: readonly string[]) {
  const args = ["config", "check", "--config", resolve("examples/greenlight.yaml"), ...flags];
  const { process, written } = fakeProcess(args, { env });
  const outcome = await runProgram({ process, serve: () => Promise.reject(new Error("served")) });
  expect({ outcome, stderr: written.stderr }).toEqual({ outcome: { kind: "done", exitCode: 0 }, stderr: "" });
  expect(written.stdout).not.toContain("secret-canary");
  return written.stdout;
}

test("config check shows the suites, by default and as configured", async () => {
  const words = (await check()).replaceAll(/\s+/g, " ");
  expect(words).toContain("all postgres, clickhouse, redis (optional); fit for 3s");
  expect(words).toContain("smoke postgres, redis; fit for 3s");
  expect(words).toContain(
    "e2e postgres (with expectations of its own), clickhouse, redis (optional); fit for 5s, takes 20m, token in E2E_TOKEN",
  );
});

test("config check --json has them whole, and masks what a suite observes for itself", async () => {
  expect(JSON.parse(await check("--json"))).toMatchObject({
    config: {
      suites: [{ name: "database" }, { name: "cache" }, { name: "all" }, { name: "smoke" }, { name: "e2e" }],
      suiteDependencies: [
        { name: "postgres@e2e", url: "postgres://app:redacted@db/app?redacted", table: "orders" },
      ],
    },
  });
});

test("config check --json shows which resource of Google Cloud each dependency is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "greenlight-config-check-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "greenlight.yaml");
  await writeFile(file, "gcp: { dependencies: { redis: { memorystore: cache } } }\n");
  const { process, written } = fakeProcess(["config", "check", "--config", file, "--json"]);
  await runProgram({ process, serve: () => Promise.reject(new Error("served")) });
  expect(JSON.parse(written.stdout)).toMatchObject({
    config: { gcp: { dependencies: { redis: { kind: "memorystore", instance: "cache" } } } },
  });
});
