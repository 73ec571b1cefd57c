import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

export type ReadResult =
  | { readonly ok: true; readonly bytes: Buffer }
  | {
      readonly ok: false;
      readonly code: "LINT_UNREADABLE" | "LINT_TOO_LARGE" | "LINT_NOT_A_FILE";
      readonly reason: string;
    };

/** Larger ones are data. A parser takes about 30 times the size of what it parses. */
export const LARGEST = 8 * 1024 * 1024;

/**
 * Reads a regular file whole. Synchronous, since it runs where nothing else does. What became a FIFO since it was listed
 * holds nobody: it is opened without waiting for a writer.
 */
export function readWhole(path: string): ReadResult {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(descriptor);
    if (!found.isFile()) return { ok: false, code: "LINT_NOT_A_FILE", reason: "it is no regular file" };
    if (found.size > LARGEST)
      return {
        ok: false,
        code: "LINT_TOO_LARGE",
        reason: `it has ${found.size} bytes, at most ${LARGEST} are read`,
      };
    return { ok: true, bytes: readAll(descriptor, found.size) };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const reason = code === "EACCES" ? "not permitted (EACCES)" : code;
    return { ok: false, code: "LINT_UNREADABLE", reason };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** What is added to the file meanwhile is not read; what is taken away shortens the result. */
function readAll(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const count = readSync(descriptor, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}
