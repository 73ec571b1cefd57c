import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { bundle } from "../../src/bundle/bundle.ts";
import { BenchError } from "../errors.ts";
import type { Lab } from "../lab.ts";
import { compileCache } from "../servers.ts";
import { ratios, rotate, type Spread, spread } from "../statistics.ts";

/** What telling the environment adds to a start, from the spawn of a process that loads the configuration to its end. */
export interface ContextTime {
  readonly withoutMs: Spread;
  readonly withMs: Spread;
  readonly ratio: Spread;
  /** The difference within a round. */
  readonly addedMs: Spread;
  /** As the process itself measures it: loading and detecting. */
  readonly insideMs: Spread;
}

/** Within the project, where its packages are found. */
const outdir = fileURLToPath(new URL("../../node_modules/.cache/greenlight-bench", import.meta.url));
const program = `${outdir}/load-context.js`;
const folder = fileURLToPath(new URL("..", import.meta.url));
/** What there is to tell it by: something of each kind. */
const variables = {
  GREENLIGHT_ENVIRONMENT: "staging",
  APP_ENV: "staging",
  NODE_ENV: "production",
  CI_ENVIRONMENT_TIER: "staging",
  GITLAB_CI: "true",
  GOOGLE_CLOUD_PROJECT: "acme-staging-7",
  DATABASE_URL: "postgres://app@db.staging.acme.internal/app",
  CLICKHOUSE_URL: "http://app@clickhouse.staging.acme.internal:8123/app",
  REDIS_URL: "redis://cache.staging.acme.internal",
};
/** One start takes a fraction of a second, and the difference is small beside its noise. */
const ROUNDS_PER_START = 4;

/** Runs both in turn, round after round, bundled as the command line is. */
export async function measureContext({ settings, say, signal }: Lab): Promise<ContextTime> {
  await bundle({
    entryPoints: { "load-context": "bench/servers/load-context.ts" },
    outdir,
    form: "whole",
  });
  const rounds = settings.starts * ROUNDS_PER_START;
  say(`Context: ${rounds} rounds`);
  const taken = { none: new Map<number, number>(), context: new Map<number, number>() };
  const inside: number[] = [];
  // One round more: the first reads the files from the disk, and fills the compile cache.
  for (let round = 0; round <= rounds; round += 1) {
    for (const mode of rotate(["none", "context"] as const, round)) {
      const { totalMs, ms } = await run(mode, signal);
      if (round === 0) continue;
      taken[mode].set(round, totalMs);
      if (mode === "context") inside.push(ms);
    }
  }
  return {
    withoutMs: spread([...taken.none.values()]),
    withMs: spread([...taken.context.values()]),
    ratio: spread(ratios(taken.context, taken.none)),
    addedMs: spread([...taken.context].map(([round, ms]) => ms - (taken.none.get(round) ?? Number.NaN))),
    insideMs: spread(inside),
  };
}

/** Throws `BenchError` unless it ends with 0 and has told what it should. */
async function run(mode: "none" | "context", signal: AbortSignal): Promise<{ totalMs: number; ms: number }> {
  const { PATH = "" } = process.env;
  const from = performance.now();
  const child = spawn(process.execPath, [program, mode], {
    env: { PATH, ...compileCache, ...variables },
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    signal,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("exit", resolve);
  });
  const [code, output] = await Promise.all([ended, text(child.stdout)]);
  const totalMs = performance.now() - from;
  const told = code === 0 ? (JSON.parse(output) as { environment: string; ms: number }) : undefined;
  if (told?.environment !== (mode === "context" ? "staging" : ""))
    throw new BenchError(`${program} ${mode} ended with ${code}: ${output}`);
  return { totalMs, ms: told.ms };
}
