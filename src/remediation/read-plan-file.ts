import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { fileErrorCode } from "../config/file-error.ts";
import type { PlacedFault } from "./plan-parse.ts";
import { MOST_CHARACTERS } from "./plan-source.ts";

export type PlanFile =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly fault: PlacedFault };

/** What so many characters can take at most, in UTF-8. */
const MOST_BYTES = 4 * MOST_CHARACTERS;

/** The text of a plan. What is too large is refused by its size, and what is no file is not waited for. Never rejects. */
export async function readPlanFile(path: string): Promise<PlanFile> {
  let handle;
  try {
    // A FIFO would hold the command until somebody writes to it.
    handle = await open(path, O_READ);
    const stats = await handle.stat();
    if (!stats.isFile())
      return refuse("a file", stats.isDirectory() ? "a folder" : "something else", "EINVAL");
    if (stats.size > MOST_BYTES)
      return refuse(`at most ${MOST_CHARACTERS} characters`, `${stats.size} bytes`, "EFBIG");
    const bytes = await handle.readFile();
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    const code = fileErrorCode(error);
    if (error instanceof TypeError) return refuse("UTF-8", "bytes that are none", "EILSEQ");
    return refuse(
      "a file that can be read",
      code === "ENOENT" ? "no such file" : `one that fails with ${code}`,
      code,
    );
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

const O_READ = constants.O_RDONLY | constants.O_NONBLOCK;

const refuse = (expected: string, found: string, code: string): PlanFile => ({
  ok: false,
  code,
  fault: { code: "PLAN_UNREADABLE", path: "", expected, found, line: 1, column: 1 },
});
