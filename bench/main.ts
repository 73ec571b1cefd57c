// `npm run bench`: measures, prints, writes docs/benchmarks.md.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { partNames, readArguments, type Settings, usage } from "./arguments.ts";
import { claimCores } from "./cores.ts";
import { BenchError } from "./errors.ts";
import type { Report } from "./figures.ts";
import { bundle, installPeers } from "./install.ts";
import { describeMachine } from "./machine.ts";
import { renderMarkdown } from "./report/markdown.ts";
import { gatherPeers, runParts } from "./run.ts";
import { evaluateTargets } from "./targets.ts";

const page = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const exitFailed = 70;
const exitInterrupted = 130;

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => stopping.abort());
}

try {
  const settings = readArguments(process.argv.slice(2));
  if (settings === "help") {
    process.stdout.write(usage);
  } else {
    await bench(settings, stopping.signal);
  }
} catch (error) {
  say(stopping.signal.aborted ? "Interrupted; all that was started has ended." : reasonOf(error));
  process.exitCode = stopping.signal.aborted ? exitInterrupted : exitFailed;
}

async function bench(settings: Settings, signal: AbortSignal): Promise<void> {
  const machine = describeMachine();
  await bundle({ say, signal });
  await installPeers({ say, signal });
  const cores = claimCores(process.pid);
  if (cores === undefined) {
    say("No taskset, or only one core: servers and load share what there is.");
  }
  const figures = await runParts({ settings, cores, signal, say });
  const report: Report = {
    schemaVersion: 1,
    machine: { ...machine, pinned: cores !== undefined },
    settings,
    figures,
    targets: evaluateTargets(figures),
    peers: gatherPeers(figures),
    notes: settings.quick
      ? ["This was a quick run: too few and too short slices to resolve differences."]
      : [],
  };
  const text = renderMarkdown(report);
  say(`\n${text}`);
  if (settings.json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
  if (!settings.quick && settings.parts.length === partNames.length) {
    writeFileSync(page, text);
    say("Written: docs/benchmarks.md");
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof BenchError) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
