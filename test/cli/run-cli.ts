import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll } from "vitest";

const entry = resolve("src/cli.ts");
const folder = mkdtempSync(join(tmpdir(), "greenlight-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: the source, `src/cli.ts`. */
  readonly program?: string;
}

/** Starts the command line with these arguments and nothing of the tests' own environment. */
export function spawnCli(
  args: readonly string[],
  { env = {}, cwd = folder, program = entry }: RunOptions = {},
) {
  const { PATH = "" } = process.env;
  return spawn(process.execPath, [program, ...args], { cwd, env: { PATH, LANG: "C.UTF-8", ...env } });
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], options?: RunOptions): Promise<Ran> {
  const child = spawnCli(args, options);
  const ended = new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
