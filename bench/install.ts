import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BenchError } from "./errors.ts";

interface InstallOptions {
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Bundles Greenlight as it is published. Throws `BenchError` when that fails. */
export async function bundle({ say, signal }: InstallOptions): Promise<void> {
  say("Bundling Greenlight (npm run build) ...");
  await run(process.execPath, ["src/build.ts"], signal);
}

/** Installs the peers when they are missing or older than the lock file. Throws `BenchError` when npm fails. */
export async function installPeers({ say, signal }: InstallOptions): Promise<void> {
  const lock = modified("package-lock.json");
  const installed = modified("node_modules/.package-lock.json");
  if (lock !== undefined && installed !== undefined && installed >= lock) {
    return;
  }
  say("Installing the peers (npm ci --prefix bench, once) ...");
  await run("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund"], signal);
}

async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(program, args, { cwd: `${folder}..`, stdio: ["ignore", "pipe", "pipe"], signal });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) {
    throw new BenchError(`${program} ${args.join(" ")} failed:\n${output.trim()}`);
  }
}

function modified(name: string): number | undefined {
  return statSync(`${folder}${name}`, { throwIfNoEntry: false })?.mtimeMs;
}
