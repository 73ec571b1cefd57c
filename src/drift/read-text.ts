/** drift: reads the sources, the key and the baseline; what they say is judged in services/drift. */
import { readFile, stat } from "node:fs/promises";
import type { Misread } from "../../services/drift/misread.ts";
import { fileErrorCode } from "../config/file-error.ts";

export type ReadText =
  | { readonly ok: true; readonly text: string }
  /** `ENOENT` and others of the system; absent for what is wrong with the content. */
  | (Misread & { readonly code?: string });

/** A file of configuration is smaller; reading more would hold up the service. */
const MOST_BYTES = 4 * 1024 * 1024;

const EXPECTED = "a file that can be read";

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "a folder",
  ENOTDIR: "a file where a folder should be on the way to it",
  ELOOP: "links that lead round in a circle",
  EACCES: "a file that may not be read",
  EPERM: "a file that may not be read",
};

/** The text of a file in UTF-8, without its byte order mark. Rejects only when `signal` aborts. */
export async function readText(path: string, signal?: AbortSignal): Promise<ReadText> {
  try {
    // What is no file could be waited for forever.
    const found = await stat(path);
    if (found.isDirectory()) return { ok: false, code: "EISDIR", expected: "a file", found: "a folder" };
    if (!found.isFile()) return { ok: false, expected: "a file", found: "something that is no file" };
    if (found.size > MOST_BYTES) return tooLarge(found.size);
    const bytes = await readFile(path, signal === undefined ? {} : { signal });
    return bytes.length > MOST_BYTES ? tooLarge(bytes.length) : decode(bytes);
  } catch (error) {
    signal?.throwIfAborted();
    const code = fileErrorCode(error);
    return { ok: false, code, expected: EXPECTED, found: SYSTEM[code] ?? code };
  }
}

const tooLarge = (bytes: number): ReadText => ({
  ok: false,
  expected: `at most ${MOST_BYTES} bytes`,
  found: `${bytes} bytes`,
});

function decode(bytes: Buffer): ReadText {
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    return { ok: false, ...placeIn(bytes, nul), expected: "text", found: "a NUL byte, as in a binary file" };
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes)) {
    const wrong = firstDifference(bytes, Buffer.from(text, "utf8"));
    return {
      ok: false,
      ...placeIn(bytes, wrong),
      expected: "UTF-8",
      found: "bytes of another encoding, such as Latin-1",
    };
  }
  return { ok: true, text: text.replace(/^\uFEFF/, "") };
}

function firstDifference(a: Buffer, b: Buffer): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  return index;
}

/** Columns are counted in characters, as an editor shows them. */
function placeIn(bytes: Buffer, offset: number): { readonly line: number; readonly column: number } {
  const before = bytes.subarray(0, offset).toString("utf8").split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
