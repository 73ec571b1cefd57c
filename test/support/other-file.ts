import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, type TestContext } from "vitest";

export interface OtherFile {
  /** The file of the system that reads otherwise, for example `/etc/hosts`. */
  readonly file: string;
  readonly content: string;
  /** An ES module, run in the folder of this project; `options` are in the variable OPTIONS, as JSON. */
  readonly script: string;
  readonly options: unknown;
}

/**
 * Runs a script in a mount namespace of its own, where a file of the system reads otherwise for it and for nobody else.
 * Skips the test on a machine that allows no such namespace. Returns what the script wrote to stdout.
 */
export async function runWithOtherFile(
  { file, content, script, options }: OtherFile,
  { skip }: Pick<TestContext, "skip">,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "greenlight-other-file-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const other = join(directory, "other");
  writeFileSync(other, content);
  const run = 'mount --bind "$OTHER" "$FILE" || exit 77; exec "$NODE" --input-type=module -e "$SCRIPT"';
  const child = spawn("unshare", ["--map-root-user", "--mount", "sh", "-c", run], {
    cwd: join(import.meta.dirname, "../.."),
    env: {
      ...process.env,
      OTHER: other,
      FILE: file,
      NODE: process.execPath,
      SCRIPT: script,
      OPTIONS: JSON.stringify(options),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const failed = once(child, "error").then(([error]) => String(error));
  const exited = once(child, "close").then(([code]) => Number(code));
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const end = await Promise.race([failed, exited]);
  const [stdout, stderr] = typeof end === "string" ? ["", end] : await output;
  if (end !== 0 && /unshare|mount/.test(stderr)) {
    const reason = `this machine allows no mount namespace: ${stderr.trim()}`;
    console.warn(`skipped: ${reason}`);
    skip(reason);
  }
  expect(end, stderr).toBe(0);
  return stdout;
}
