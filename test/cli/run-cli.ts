import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, inject } from "vitest";

/** As it is published. */
export const cli = inject("cli");
/** The service, bundled with it. */
export const server = join(dirname(cli), "server.js");
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
}

/** Starts the command line with these arguments and nothing of the tests' own environment. */
export function spawnCli(args: readonly string[], { env = {}, cwd = folder }: RunOptions = {}) {
  const { PATH = "" } = process.env;
  return spawn(process.execPath, [cli, ...args], { cwd, env: { PATH, LANG: "C.UTF-8", ...env } });
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], options?: RunOptions): Promise<Ran> {
  const child = spawnCli(args, options);
  const ended = new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
