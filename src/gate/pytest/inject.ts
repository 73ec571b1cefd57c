import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import type { Environment } from "../../config/config.ts";

/** What pytest said of its report. */
export type PytestSession =
  /** Nothing: the plugin was not loaded, so whatever ran was no test session. */
  | { readonly kind: "none" }
  /** `report` is absent where pytest writes none; `before` marks the file that was there before it began. */
  | { readonly kind: "loaded"; readonly report?: string; readonly before?: string };

export interface Injection {
  /** Variables for the command, instead of its own of these names. */
  readonly env: Readonly<Record<string, string>>;
  session(): Promise<PytestSession>;
  /** Deletes what was written for the run, the report too. */
  close(): Promise<void>;
}

const PLUGIN = "greenlight_times";
const SOURCE = fileURLToPath(new URL(`${PLUGIN}.py`, import.meta.url));
const sessionSchema = v.object({ report: v.nullable(v.string()), before: v.nullable(v.string()) });

/**
 * Has pytest load the plugin that records when each test ran, and that asks for a JUnit report where neither the
 * command nor a configuration file does: pytest itself knows best whether one is written, and where.
 *
 * @throws what the file system throws when no temporary file can be written
 */
export async function injectPytest({ PYTHONPATH, PYTEST_ADDOPTS }: Environment): Promise<Injection> {
  // A folder of its own: Python keeps compiled files beside a module, and an installed package may be read-only.
  const folder = await mkdtemp(join(tmpdir(), "greenlight-pytest-"));
  await copyFile(SOURCE, join(folder, `${PLUGIN}.py`));
  return {
    env: {
      GREENLIGHT_PYTEST: folder,
      // An empty part of PYTHONPATH would mean the current folder.
      PYTHONPATH: [folder, PYTHONPATH].filter(Boolean).join(delimiter),
      PYTEST_ADDOPTS: [PYTEST_ADDOPTS, `-p ${PLUGIN}`].filter(Boolean).join(" "),
    },
    session: () => readSession(join(folder, "session.json")),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function readSession(path: string): Promise<PytestSession> {
  let text;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return { kind: "none" };
  }
  try {
    const { report, before } = v.parse(sessionSchema, JSON.parse(text));
    return {
      kind: "loaded",
      ...(report === null ? {} : { report }),
      ...(before === null ? {} : { before }),
    };
  } catch {
    return { kind: "loaded" };
  }
}
