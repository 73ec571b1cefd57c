import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ConfigFault, ConfigFile, Environment } from "./config.ts";
import { fileErrorCode } from "./file-error.ts";
import { readVariable } from "./interpolate.ts";

const DEFAULT_PATH = "greenlight.yaml";
const MAX_LENGTH = 1_000_000;

export interface ReadConfigFileInput {
  readonly env: Environment;
  /** The folder of the process. */
  readonly cwd: string;
  /** `--config`; wins over `GREENLIGHT_CONFIG`. */
  readonly path?: string | undefined;
}

export type ReadConfigFileResult =
  | { readonly ok: true; readonly file?: ConfigFile }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** The file that was named, or `greenlight.yaml` if there is one. A named file that is missing is a fault. */
export async function readConfigFile({ env, cwd, path }: ReadConfigFileInput): Promise<ReadConfigFileResult> {
  const variable = readVariable(env, "GREENLIGHT_CONFIG");
  const named = path ?? variable;
  const shown = named ?? DEFAULT_PATH;
  const where = path === undefined && variable !== undefined ? "GREENLIGHT_CONFIG" : shown;
  const absolute = resolve(cwd, shown);
  try {
    const text = await readFile(absolute, "utf8");
    if (text.length > MAX_LENGTH) return unreadable(where, `${text.length} characters`);
    return { ok: true, file: { path: shown, text, directory: dirname(absolute) } };
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === "ENOENT" && named === undefined) return { ok: true };
    return unreadable(
      where,
      code === "ENOENT" ? `no file at ${shown}` : `${shown}, which fails with ${code}`,
    );
  }
}

function unreadable(where: string, found: string): ReadConfigFileResult {
  const expected = `a configuration file that can be read, of at most ${MAX_LENGTH} characters`;
  return { ok: false, faults: [{ code: "CONFIG_FILE_UNREADABLE", where, expected, found }] };
}
