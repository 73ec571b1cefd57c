import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder for `PATH` with a program `gcloud` in it, which keeps what it was called with. */
export interface FakeGcloud {
  readonly path: string;
  /** The arguments of each call. */
  calls(): Promise<string[]>;
}

/** `script`: the shell script that it runs, after noting its arguments. */
export async function fakeGcloud(script: string): Promise<FakeGcloud> {
  const path = await mkdtemp(join(tmpdir(), "greenlight-gcloud-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const program = join(path, "gcloud");
  const notes = join(path, "calls");
  await writeFile(program, `#!/bin/sh\necho "$*" >> "${notes}"\n${script}\n`);
  await chmod(program, 0o755);
  return {
    path,
    async calls() {
      const text = await readFile(notes, "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "");
    },
  };
}

/** As for a person's account: `--audiences` is refused, and the token is for gcloud itself. */
export const personScript = (token: string): string =>
  `case "$*" in *--audiences*) echo "secret-canary: Invalid account type" >&2; exit 1;; esac\necho '${token}'`;
