import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { runCli, server } from "../cli/run-cli.ts";
import { useEnvironment } from "../support/environment.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "clickhouse", "redis"] });
const urlOf = (name: "postgres" | "clickhouse" | "redis"): string =>
  environment.dependencies.get(name)?.server.url() ?? "";
const env = {
  DATABASE_URL: urlOf("postgres"),
  CLICKHOUSE_URL: urlOf("clickhouse"),
  REDIS_URL: urlOf("redis"),
};

describe("the bundled command line", () => {
  test("knows its version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await runCli(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  test("looks at each kind of database with its driver", async () => {
    const { code, stdout } = await runCli(["check", "--json"], { env });
    expect(code).toBe(0);
    const { dependencies } = JSON.parse(stdout) as { dependencies: { dependency: string; status: string }[] };
    const statuses = Object.fromEntries(dependencies.map((each) => [each.dependency, each.status]));
    expect(statuses).toEqual({ postgres: "pass", clickhouse: "pass", redis: "pass" });
  });

  test("reads a file, and names the line of what is wrong in it", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "greenlight.yaml"), "environment: staging\nprobe: {interval: soon}\n");
    const { code, stderr, stdout } = await runCli(["config", "check"], { cwd });
    expect(code).toBe(78);
    expect(stdout + stderr).toContain("greenlight.yaml:2:");
  });

  test("lints Python in threads", async () => {
    const cwd = emptyFolder();
    for (let index = 0; index < 200; index += 1)
      writeFileSync(join(cwd, `test_${index}.py`), index === 7 ? "def f(:\n" : "def test_a():\n    pass\n");
    const { code, stdout } = await runCli(["lint", "--json"], { cwd });
    expect(code).toBe(65);
    expect(JSON.parse(stdout)).toMatchObject({
      files: 200,
      findings: [{ id: "LINT_SYNTAX_ERROR:test_7.py" }],
    });
  });

  test("runs pytest with its plugin, and judges what it reported", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "test_sample.py"), "def test_red():\n    assert 1 == 2\n");
    const args = ["run", "--stable", "0s", "--json", "--", "/usr/bin/python3", "-m", "pytest", "-q"];
    const { code, stdout } = await runCli(args, { env, cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('"test_red"');
  });
});

test("the bundled service serves health, validates a query and describes itself", async () => {
  const child = spawn(process.execPath, [server], {
    env: { PATH: process.env.PATH, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = await listeningAt(child.stdout);
  const statusOf = async (path: string) => (await fetch(`${url}${path}`)).status;
  expect(await statusOf("/health/database")).toBe(200);
  expect(await statusOf("/health/database?fail_on=nothing")).toBe(400);
  expect(await statusOf("/openapi.json")).toBe(200);
  expect(await statusOf("/docs/static/index.html")).toBe(200);
  const page = await (await fetch(url)).text();
  const [, ...assets] = [...page.matchAll(/(?:src|href)="(dashboard\/[^"]+)"/g)].map(
    ([, path]) => path ?? "",
  );
  expect(assets.length).toBeGreaterThan(2);
  for (const path of [...assets, "dashboard/view.js"]) expect(await statusOf(`/${path}`), path).toBe(200);
  expect(await statusOf("/dashboard/types.ts")).toBe(404);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

async function listeningAt(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /listening at (http:\S+?)"/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error("the service ended before it listened");
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "greenlight-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
