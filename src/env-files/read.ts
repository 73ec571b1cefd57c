/** env-files: opens env files that users wrote, in layers that they declared; never waits for what is no file. */
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Dialect } from "../../services/env-files/dialect.ts";
import type { EnvFault, EnvFile } from "../../services/env-files/env-file.ts";
import { parseEnv } from "../../services/env-files/parse.ts";
import { fileErrorCode } from "../config/file-error.ts";
import { decodeText } from "./decode.ts";

/** The largest file that is read: no process could be started with more in its variables. */
export const MAX_ENV_BYTES = 1_048_576;

export interface ReadEnvFileInput {
  readonly path: string;
  readonly dialect: Dialect;
  /** What the path is relative to. */
  readonly directory: string;
  readonly signal?: AbortSignal;
}

export type ReadEnvFile =
  | { readonly ok: true; readonly file: EnvFile }
  | { readonly ok: false; readonly path: string; readonly fault: EnvFault };

export type ReadText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly fault: EnvFault };

/** The file as its dialect reads it, or why it cannot be read. Never throws but for an abort. */
export async function readEnvFile(input: ReadEnvFileInput): Promise<ReadEnvFile> {
  const { path, dialect } = input;
  const read = await readEnvText(input);
  if (!read.ok) return { ok: false, path, fault: read.fault };
  return { ok: true, file: { path, dialect, text: read.text, ...parseEnv(read.text, dialect) } };
}

/** The text of a small file in UTF-8, its byte order mark included. Never throws but for an abort. */
export async function readEnvText({
  path,
  directory,
  signal,
}: Omit<ReadEnvFileInput, "dialect">): Promise<ReadText> {
  signal?.throwIfAborted();
  const absolute = resolve(directory, path);
  try {
    // Before opening: to open a device can set it off.
    const found = await stat(absolute);
    if (!found.isFile())
      return refuse(
        "ENV_NOT_A_FILE",
        "a file",
        found.isDirectory() ? "a folder" : "a pipe, a socket or a device",
      );
    // Without waiting, should it have become a pipe since.
    const handle = await open(absolute, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = await readAtMost(handle, MAX_ENV_BYTES + 1, signal);
      if (bytes.length > MAX_ENV_BYTES)
        return refuse(
          "ENV_TOO_LARGE",
          `a file of at most ${MAX_ENV_BYTES} bytes`,
          `${Math.max(found.size, bytes.length)} bytes`,
        );
      return decodeText(bytes);
    } finally {
      await handle.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    return explain(fileErrorCode(error));
  }
}

async function readAtMost(handle: FileHandle, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  const buffer = new Uint8Array(limit);
  let length = 0;
  while (length < limit) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, length, limit - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

function explain(code: string): ReadText {
  if (code === "ENOENT" || code === "ENOTDIR") return refuse("ENV_MISSING", "a file", "nothing there");
  if (code === "ELOOP") return refuse("ENV_SYMLINK_LOOP", "a file", "symbolic links that lead to each other");
  if (code === "EACCES" || code === "EPERM")
    return refuse("ENV_UNREADABLE", "a file that can be read", "no permission to read it");
  return refuse("ENV_UNREADABLE", "a file that can be read", `${code} from the system`);
}

function refuse(code: EnvFault["code"], expected: string, found: string): ReadText {
  return { ok: false, fault: { code, expected, found, effect: "file-refused" } };
}
