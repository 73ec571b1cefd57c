import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findBinary } from "../../src/sandbox/binaries.ts";
import { BenchError } from "../errors.ts";
import type { Lab } from "../lab.ts";
import { residentMiB } from "../proc.ts";
import { maximum, ratios, rotate, type Spread, spread } from "../statistics.ts";
import { generateSuite, type Suite } from "./lint/generate.ts";

/** One program over the generated suite. */
export interface LintTime {
  readonly name: string;
  readonly does: string;
  readonly ms: Spread;
  /** To `pytest --collect-only` in the same round. */
  readonly toPytest: Spread;
  /** The most that it and its children held at one moment, in MiB. */
  readonly peakMiB: number;
}

export interface LintFigures extends Suite {
  readonly times: readonly LintTime[];
}

export const lintName = "greenlight lint";
export const pytestName = "pytest --collect-only --strict-markers -q";

interface Candidate {
  readonly name: string;
  readonly does: string;
  readonly command: readonly string[];
  /** Ends the bench when it is not so: what did not do its work is not measured. */
  readonly worked: (output: string) => boolean;
}

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const sampleMs = 50;

/** Generates a suite and has both look at it in turn. The first round, in which pytest compiles, is not counted. */
export async function measureLint(lab: Pick<Lab, "settings" | "say" | "signal">): Promise<LintFigures> {
  const { settings, say, signal } = lab;
  const root = mkdtempSync(join(tmpdir(), "greenlight-bench-lint-"));
  try {
    const suite = generateSuite(root, settings.lintFiles);
    const taken = new Map<string, { ms: Map<number, number>; peakMiB: number[] }>();
    for (let round = 0; round <= settings.lintRounds; round += 1) {
      say(`Lint: ${suite.files} files, round ${round} of ${settings.lintRounds}`);
      for (const candidate of rotate(candidates(suite), round)) {
        const { ms, peakMiB } = await run(candidate, root, signal);
        const of = taken.get(candidate.name) ?? { ms: new Map<number, number>(), peakMiB: [] };
        taken.set(candidate.name, of);
        of.peakMiB.push(peakMiB);
        if (round > 0) of.ms.set(round, ms);
      }
    }
    const base = taken.get(pytestName)?.ms ?? new Map<number, number>();
    const times = candidates(suite).flatMap(({ name, does }) => {
      const of = taken.get(name);
      if (of === undefined) return [];
      const toPytest = spread(ratios(of.ms, base));
      return [{ name, does, ms: spread([...of.ms.values()]), toPytest, peakMiB: maximum(of.peakMiB) }];
    });
    return { ...suite, times };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const candidates = ({ files, tests }: Suite): readonly Candidate[] => [
  {
    name: lintName,
    does: "markers and awaits of all files, bundled, in threads",
    command: [process.execPath, cli, "lint", "--json"],
    worked: (output) => (JSON.parse(output) as { files: number }).files === files,
  },
  {
    name: pytestName,
    does: "imports all tests and what they import, compiled before",
    command: [
      "python3",
      "-m",
      "pytest",
      "--collect-only",
      "--strict-markers",
      "-q",
      "-p",
      "no:cacheprovider",
    ],
    worked: (output) => output.includes(`${tests} tests collected`),
  },
];

/** On all cores: the bench itself is held on one, and so would be what it starts. */
async function run(
  { name, command, worked }: Candidate,
  cwd: string,
  signal: AbortSignal,
): Promise<{ ms: number; peakMiB: number }> {
  const taskset = findBinary(["taskset"]);
  const free = taskset === undefined ? [] : [taskset, "-c", `0-${availableCores() - 1}`];
  const [program = "", ...args] = [...free, ...command];
  const { NODE_COMPILE_CACHE: _, PYTEST_ADDOPTS: __, ...env } = process.env;
  const from = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"], signal });
  const closed = once(child, "close");
  const output = text(child.stdout);
  const peak = samplePeak(child.pid ?? 0, closed);
  await closed;
  const ms = performance.now() - from;
  if (!worked(await output))
    throw new BenchError(`${name} did not do its work (exit code ${child.exitCode}).`);
  return { ms, peakMiB: await peak };
}

/** Of the machine, not of this process, which is held on one. */
const availableCores = (): number =>
  readFileSync("/proc/cpuinfo", "utf8").match(/^processor\s*:/gm)?.length ?? availableParallelism();

/** The most that a process and all it started held together. */
async function samplePeak(pid: number, closed: Promise<unknown>): Promise<number> {
  const ended = closed.then(() => true);
  let peak = 0;
  while (!(await Promise.race([ended, sleep(sampleMs, false)]))) {
    const resident = [pid, ...descendants(pid)].map(residentMiB).filter(Number.isFinite);
    peak = Math.max(
      peak,
      resident.reduce((sum, each) => sum + each, 0),
    );
  }
  return peak;
}

function descendants(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return children
      .split(" ")
      .filter(Boolean)
      .map(Number)
      .flatMap((child) => [child].concat(descendants(child)));
  } catch {
    return [];
  }
}
