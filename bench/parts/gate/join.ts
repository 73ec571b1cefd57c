import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { BenchError } from "../../errors.ts";
import type { Lab } from "../../lab.ts";
import { type Spread, spread } from "../../statistics.ts";

/** What it takes to read a large report and join it to incidents, as a process of its own. */
export interface Join {
  readonly tests: number;
  readonly failures: number;
  readonly bytes: number;
  readonly ms: Spread;
  /** The most it held, in MiB. */
  readonly peakMiB: Spread;
}

const program = fileURLToPath(new URL("../../servers/join-junit.ts", import.meta.url));

/** Writes a report of many tests, every hundredth of which failed, and joins it again and again. */
export async function measureJoin({ settings, say, signal }: Lab): Promise<Join> {
  say(`Gate: a report of ${settings.junitTests} tests`);
  const folder = mkdtempSync(join(tmpdir(), "greenlight-bench-"));
  try {
    const file = join(folder, "junit.xml");
    const bytes = await write(file, settings.junitTests);
    const ms: number[] = [];
    const peakMiB: number[] = [];
    let failures = 0;
    for (let round = 0; round < settings.memoryRuns; round += 1) {
      const from = performance.now();
      const result = await run(file, signal);
      ms.push(performance.now() - from);
      peakMiB.push(result.peakMiB);
      failures = result.failures;
    }
    return { tests: settings.junitTests, failures, bytes, ms: spread(ms), peakMiB: spread(peakMiB) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As pytest writes it; ten tests a second, and a failure of each hundredth with a trace of thirty lines. */
async function write(file: string, tests: number): Promise<number> {
  const out = createWriteStream(file);
  const trace = Array.from({ length: 30 }, (_, line) => `  File "tests/test_app.py", line ${line}, in step`);
  out.write(
    `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="${tests / 100}" skipped="0" tests="${tests}" time="${tests / 10}" timestamp="2026-11-20T10:00:00.000000+00:00">`,
  );
  for (let index = 0; index < tests; index += 1) {
    const start = `<testcase classname="tests.test_${index % 500}" name="test_case[${index}]" time="0.100"`;
    const failure = `<failure message="psycopg.OperationalError: connection refused">${trace.join("\n")}\nE psycopg.OperationalError: connection to server at "127.0.0.1", port 5432 failed: Connection refused</failure>`;
    const whole = index % 100 === 50 ? `${start}>${failure}</testcase>` : `${start}/>`;
    if (!out.write(whole)) await once(out, "drain");
  }
  out.end("</testsuite></testsuites>");
  await once(out, "close");
  return out.bytesWritten;
}

async function run(file: string, signal: AbortSignal): Promise<{ peakMiB: number; failures: number }> {
  const child = spawn(process.execPath, [program, file], { stdio: ["ignore", "pipe", "inherit"], signal });
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (child.exitCode !== 0) throw new BenchError(`join-junit.ts ended with ${child.exitCode}`);
  return JSON.parse(output) as { peakMiB: number; failures: number };
}
