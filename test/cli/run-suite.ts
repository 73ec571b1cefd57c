import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, onTestFinished } from "vitest";
import type { RunRecord } from "../../src/views/run-record.ts";
import { eventually } from "../support/wait.ts";
import { type RunOptions, spawnCli } from "./run-cli.ts";

/** Debian's own, with what `npm run setup` installs. */
export const PYTHON = "/usr/bin/python3";
const SUITES = resolve("test/cli/suites/pytest");

const folder = mkdtempSync(join(tmpdir(), "greenlight-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** A file or folder of this test's alone. */
export function fresh(name: string): string {
  count += 1;
  return join(folder, `${count}-${name}`);
}

/** `pytest` over files of the suites, leaving nothing behind in the folder of the sources. */
export const pytest = (files: readonly string[], ...args: readonly string[]): string[] => [
  PYTHON,
  "-m",
  "pytest",
  "-p",
  "no:cacheprovider",
  "-q",
  ...args,
  ...files.map((file) => join(SUITES, file)),
];

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
  /** Absent where the run did not come to one. */
  readonly record: RunRecord;
}

export interface Running {
  readonly process: ReturnType<typeof spawnCli>;
  /** Resolves when the suite waits at this place for the environment to be changed. */
  reached(name: string): Promise<void>;
  /** Lets the suite go on. */
  goOn(name: string): void;
  readonly result: Promise<RunResult>;
}

/** Starts `greenlight run` with its record in a file. */
export function startRun(
  options: readonly string[],
  command: readonly string[],
  { env = {}, cwd }: RunOptions = {},
): Running {
  const report = fresh("record.json");
  const signals = mkdtempSync(join(folder, "signals-"));
  const startedAt = performance.now();
  const args = ["run", ...options, "--report", `json=${report}`, "--", ...command];
  const child = spawnCli(args, {
    env: { PYTHONDONTWRITEBYTECODE: "1", SIGNALS: signals, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  async function finish(): Promise<RunResult> {
    const closed = once(child, "close") as Promise<[number | null]>;
    const [[code], stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    const record = existsSync(report)
      ? (JSON.parse(readFileSync(report, "utf8")) as RunRecord)
      : (undefined as never);
    return { code, stdout, stderr, tookMs: performance.now() - startedAt, record };
  }
  return {
    process: child,
    reached: async (name) =>
      void (await eventually(() => existsSync(join(signals, name)), { deadlineMs: 25_000 })),
    goOn: (name) => writeFileSync(join(signals, `${name}.done`), ""),
    result: finish(),
  };
}

/** Runs it to its end. */
export const runSuite = (...args: Parameters<typeof startRun>): Promise<RunResult> =>
  startRun(...args).result;
