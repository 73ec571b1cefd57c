import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EnvLintReport } from "../../src/views/env-lint-report.ts";
import { runCli } from "../cli/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "greenlight-env-example-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = resolve("examples/env");
const HOME = { HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };

beforeAll(() => {
  cpSync(sample, folder, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: folder, env: { ...process.env, ...HOME } });
  git("init", "-q");
  git("add", "-A");
});

/** `| \`.env\` | 10 | \`ENV_KEY_CASE\` | … |` → `.env:10 ENV_KEY_CASE`. */
const planted = readFileSync(join(sample, "README.md"), "utf8")
  .split("\n")
  .flatMap((row) => {
    const [, file, line, code] = /^\| `([^`]+)` +\| +(\d*) +\| `(\w+)` +\|/.exec(row) ?? [];
    return code === undefined ? [] : [`${file}${line === "" ? "" : `:${line}`} ${code}`];
  });

test("config lint finds each planted fault once, at its place, and nothing else", async () => {
  const { code, stdout } = await runCli(["config", "lint", "--json"], { cwd: folder, env: HOME });
  const report = JSON.parse(stdout) as EnvLintReport;
  const found = report.findings.map(({ code, place }) => {
    if (place?.kind !== "file") return `${place?.name} ${code}`;
    return `${place.file}${place.line === undefined ? "" : `:${place.line}`} ${code}`;
  });
  expect(planted.length).toBeGreaterThan(20);
  expect(found.toSorted()).toEqual(planted.toSorted());
  expect(code).toBe(65);
  expect(report).toMatchObject({ ok: false, notLookedAt: [], waived: [] });
});

test("the corrected copy is silent", async () => {
  const { code, stdout } = await runCli(["config", "lint"], { cwd: join(folder, "corrected"), env: HOME });
  expect(stdout).toBe("Nothing found in 2 env files.\n");
  expect(code).toBe(0);
});

test("no value of the sample is in any output", async () => {
  const outputs = await Promise.all(
    [[], ["--json"], ["--sarif"]].map((options) =>
      runCli(["config", "lint", ...options], { cwd: folder, env: HOME }),
    ),
  );
  const secrets = ["hunter2", "your-api-key-here", "008080", "morning"];
  for (const { stdout, stderr } of outputs)
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
});
