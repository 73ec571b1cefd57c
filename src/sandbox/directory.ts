import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "greenlight-sandbox-";

/**
 * Makes a temporary directory whose name holds our process id, and removes those
 * which sandboxes that were killed have left.
 */
export async function makeDirectory(purpose: string): Promise<string> {
  removeAbandoned();
  return mkdtemp(join(tmpdir(), `${prefix}${process.pid}-${purpose}-`));
}

/** Removes a directory of ours with all it holds; says nothing when it is gone already. */
export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || isAlive(owner)) {
      continue;
    }
    try {
      removeDirectory(join(tmpdir(), name));
    } catch {
      // It belongs to another user, who will remove it.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** A process that was killed and whose parent has not asked for its end still answers to signal 0. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && readFileSync(file, "utf8").includes(") Z ");
}
