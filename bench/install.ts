import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BenchError } from "./errors.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Installs the peers when they are missing or older than the lock file. Throws `BenchError` when npm fails. */
export async function installPeers(options: {
  say: (text: string) => void;
  signal: AbortSignal;
}): Promise<void> {
  const lock = modified("package-lock.json");
  const installed = modified("node_modules/.package-lock.json");
  if (lock !== undefined && installed !== undefined && installed >= lock) {
    return;
  }
  options.say("Installing the peers (npm ci --prefix bench, once) ...");
  const child = spawn("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund"], {
    stdio: ["ignore", "pipe", "pipe"],
    signal: options.signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) {
    throw new BenchError(`npm ci --prefix bench failed:\n${output.trim()}`);
  }
}

function modified(name: string): number | undefined {
  return statSync(`${folder}${name}`, { throwIfNoEntry: false })?.mtimeMs;
}
