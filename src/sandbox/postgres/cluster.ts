import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { SandboxError } from "../errors.ts";
import { startProcess } from "../process.ts";
import type { PostgresBinaries } from "./binaries.ts";

/** What a new cluster is made with. */
export interface ClusterOptions {
  binaries: PostgresBinaries;
  /** Private directory of this server; the data go into `data` below it. */
  directory: string;
  adminUser: string;
  adminPassword: string;
  /** Lines put before the defaults of pg_hba.conf, for example `hostssl all all 127.0.0.1/32 scram-sha-256`. */
  hba: readonly string[];
}

/** Runs initdb and returns the data directory. Throws `START_FAILED` with what initdb said. */
export async function createCluster(options: ClusterOptions): Promise<string> {
  const { binaries, directory, adminUser } = options;
  const data = join(directory, "data");
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, options.adminPassword, { mode: 0o600 });
  give(directory, binaries);
  give(passwordFile, binaries);
  const initdb = await startProcess({
    name: "initdb",
    command: binaries.initdb,
    args: [
      "-D",
      data,
      "-U",
      adminUser,
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
      "--no-instructions",
      "--no-data-checksums",
    ],
    cwd: directory,
    env: postgresEnvironment(),
    ...binaries.account,
    parentDeathSignal: "KILL",
  });
  await initdb.exited;
  rmSync(passwordFile);
  if (initdb.child.exitCode !== 0) {
    throw new SandboxError("START_FAILED", `initdb failed:\n${initdb.logs().trim()}`);
  }
  writeFileSync(join(data, "pg_hba.conf"), hbaFile(options.hba));
  return data;
}

/** Postgres inherits none of our PG* variables, which it would obey. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

/**
 * Clears what a killed postmaster leaves: its lock file and the shared memory segment named in it.
 * To be called only when the postmaster is known to be gone.
 */
export function clearCrash(data: string): void {
  const lock = join(data, "postmaster.pid");
  if (!existsSync(lock)) {
    return;
  }
  const segment = readFileSync(lock, "utf8").split("\n")[6]?.trim().split(/\s+/)[1];
  rmSync(lock, { force: true });
  if (segment !== undefined) {
    spawnSync("ipcrm", ["-m", segment], { stdio: "ignore" });
  }
}

/** Hands a file or directory to the user that Postgres runs as. */
export function give(path: string, binaries: PostgresBinaries): void {
  const { uid, gid } = binaries.account;
  if (uid !== undefined && gid !== undefined) {
    chownSync(path, uid, gid);
  }
}

function hbaFile(first: readonly string[]): string {
  const defaults = [
    "host all all 127.0.0.1/32 scram-sha-256",
    "host replication all 127.0.0.1/32 scram-sha-256",
  ];
  return `${[...first, ...defaults].join("\n")}\n`;
}
