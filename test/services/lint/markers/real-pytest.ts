import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll } from "vitest";

/** A pytest on this machine. */
export interface RealPytest {
  readonly python: string;
  readonly version: string;
}

/** Every release of pytest that is installed here, each once. */
export function installedPytests(): RealPytest[] {
  const found = new Map<string, RealPytest>();
  for (const python of ["python3", "/usr/bin/python3"]) {
    const { status, stdout } = spawnSync(python, ["-c", "import pytest; print(pytest.__version__)"], {
      encoding: "utf8",
    });
    const version = stdout?.trim();
    if (status === 0 && !found.has(version)) found.set(version, { python, version });
  }
  return [...found.values()];
}

const created: string[] = [];
afterAll(() => {
  for (const folder of created) rmSync(folder, { recursive: true, force: true });
});

/** A suite on disk; its path. */
export function writeSuite(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "greenlight-markers-"));
  created.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const ENVIRONMENT = {
  PATH: process.env["PATH"] ?? "",
  LANG: "C.UTF-8",
  PYTHONDONTWRITEBYTECODE: "1",
  PYTEST_DISABLE_PLUGIN_AUTOLOAD: "1",
};
const STRICT = ["--strict-markers"];
const ARGUMENTS = ["-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"];

export interface Collected {
  readonly code: number;
  /** Markers that a file was refused for; pytest ends with the first in each file. */
  readonly refused: readonly string[];
  readonly output: string;
}

/** `pytest --collect-only --strict-markers`, as anybody runs it. */
export async function collect(
  { python }: RealPytest,
  folder: string,
  options: readonly string[] = STRICT,
): Promise<Collected> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; output: string }>();
  const child = execFile(
    python,
    [...ARGUMENTS, ...options],
    { cwd: folder, env: ENVIRONMENT },
    (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
    },
  );
  const { code, output } = await promise;
  const names = [
    ...output.matchAll(/^(?:E\s+)?(?:Failed: )?(?:'(\w+)' not found in `markers`|Unknown '(\w+)' mark)/gm),
  ];
  const refused = new Set(names.map((match) => match[1] ?? match[2] ?? ""));
  return { code, refused: [...refused].sort(), output };
}

/** Lets pytest decide as ever, writes down what it refuses, and goes on as if it had not. */
const SPY = `
import json, os, sys
from _pytest.mark import structures
from _pytest.outcomes import Failed

refused = []
decide = structures.MarkGenerator.__getattr__

def spy(self, name):
    try:
        return decide(self, name)
    except Failed:
        frame = sys._getframe(1)
        while frame.f_back and not frame.f_code.co_filename.startswith(os.getcwd()):
            frame = frame.f_back
        refused.append([frame.f_code.co_filename, frame.f_lineno, name])
        return structures.MarkDecorator(structures.Mark(name, (), {}, _ispytest=True), _ispytest=True)

structures.MarkGenerator.__getattr__ = spy

def pytest_unconfigure(config):
    with open(os.environ["REFUSED"], "w") as file:
        json.dump(refused, file)
`;

/** Every marker that pytest refuses while it collects, with its place: `tests/test_a.py:3 slow`. */
export function refusedPlaces({ python }: RealPytest, folder: string): string[] {
  const side = writeSuite({ "greenlight_spy.py": SPY });
  const out = join(side, "refused.json");
  const { status, stdout, stderr } = spawnSync(python, [...ARGUMENTS, ...STRICT, "-p", "greenlight_spy"], {
    cwd: folder,
    env: { ...ENVIRONMENT, PYTHONPATH: side, REFUSED: out },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stdout + stderr);
  const places = JSON.parse(readFileSync(out, "utf8")) as [string, number, string][];
  return [...new Set(places.map(([file, line, name]) => `${relative(folder, file)}:${line} ${name}`))].sort();
}
