import { once } from "node:events";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { useEnvironment } from "../support/environment.ts";
import { spawnCli } from "./run-cli.ts";
import { fresh, PYTHON, pytest, runSuite, startRun } from "./run-suite.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const env = {
  DATABASE_URL: environment.dependencies.get("postgres")!.url(),
  REDIS_URL: environment.dependencies.get("redis")!.url(),
};
const quick = ["--suite", "database", "--stable", "100ms", "--timeout", "20s"];
const shell = (script: string): string[] => ["sh", "-c", script];

/** Those that have this in their environment: what a run has started, wherever it went. */
function marked(variable: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(variable);
    } catch {
      return false;
    }
  });
}

test("Ctrl-C reaches the command, which ends by it: 130, and nothing is left", async () => {
  const mark = fresh("mark");
  const given = { ...env, MARK: mark };
  // No shell: one swallows a Ctrl-C that comes while a command of its own ends.
  const script = `import os, subprocess, time
subprocess.Popen(["sleep", "300"])
subprocess.Popen(["sleep", "300"], start_new_session=True)
open(os.environ["SIGNALS"] + "/up", "w").close()
time.sleep(300)`;
  const run = startRun(quick, [PYTHON, "-c", script], { env: given });
  await run.reached("up");
  run.process.kill("SIGINT");
  const { code, record } = await run.result;
  expect(code).toBe(130);
  expect(record).toMatchObject({ outcome: "not-run", child: { exitCode: null, signal: "SIGINT" } });
  expect(marked(`MARK=${mark}`)).toEqual([]);
});

test("SIGTERM ends it with 143", async () => {
  const run = startRun(quick, shell('touch "$SIGNALS/up"; exec sleep 300'), { env });
  await run.reached("up");
  run.process.kill("SIGTERM");
  expect((await run.result).code).toBe(143);
});

test("pytest that is interrupted writes what it has, and its own 2 stays", async () => {
  const run = startRun(quick, pytest(["test_fit.py", "test_broken.py"]), { env });
  await run.reached("breaking");
  run.process.kill("SIGINT");
  const { code, record } = await run.result;
  expect({ code, outcome: record.outcome }).toEqual({ code: 2, outcome: "failed" });
  expect(record.triage!.counts.passed).toBeGreaterThanOrEqual(3);
});

test("a command that makes a 0 of it has not finished", async () => {
  const run = startRun(quick, shell('trap "exit 0" INT; touch "$SIGNALS/up"; while :; do sleep 0.05; done'), {
    env,
  });
  await run.reached("up");
  run.process.kill("SIGINT");
  const { code, record } = await run.result;
  expect({ code, summary: record.summary }).toEqual({
    code: 130,
    summary: "Not finished: SIGINT came before the command ended.",
  });
});

test("Ctrl-C while it waits starts nothing: 130", async () => {
  const marker = fresh("started");
  const args = ["run", "--suite", "database", "--", "touch", marker];
  const child = spawnCli(args, { env: { ...env, REDIS_URL: "redis://127.0.0.1:1" } });
  await once(child.stderr, "data");
  child.kill("SIGINT");
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(130);
  expect(existsSync(marker)).toBe(false);
});

test("what the command leaves behind is ended and named", async () => {
  const mark = fresh("mark");
  // Popen returns once the program runs under its own name.
  const script = `import subprocess
subprocess.Popen(["sleep", "301"])
subprocess.Popen(["sleep", "302"], start_new_session=True)`;
  const { code, record } = await runSuite(quick, [PYTHON, "-c", script], { env: { ...env, MARK: mark } });
  expect(code).toBe(0);
  expect(record.notes.join("\n")).toMatch(
    /left these running, which have been ended: sleep \(\d+\), sleep \(\d+\)\./,
  );
  expect(marked(`MARK=${mark}`)).toEqual([]);
});

test("binary output and input pass through, however long", async () => {
  const bytes = Buffer.from(Array.from({ length: 512 * 1024 }, (_, index) => (index * 7) % 256));
  const child = spawnCli(["run", ...quick, "--", "cat"], { env });
  child.stdin.end(bytes);
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(0);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
});

test("input that the command does not read is left for whoever comes next", async () => {
  const greenlight = [process.execPath, resolve("src/cli.ts"), "run", ...quick, "--", "true"].join(" ");
  const child = spawn("sh", ["-c", `${greenlight}; read -r line; echo "[$line]"`], {
    env: { ...process.env, ...env },
    cwd: tmpdir(),
  });
  child.stdin.end("kept\n");
  let output = "";
  child.stdout.on("data", (part) => (output += String(part)));
  await once(child, "close");
  expect(output).toBe("[kept]\n");
});
