import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll } from "vitest";
import { type PytestRun, type PytestServer, startPytestServer } from "./pytest-server.ts";

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
const ARGUMENTS = ["--collect-only", "-q", "-p", "no:cacheprovider"];

export interface Collected extends PytestRun {
  /** Markers that a file was refused for; pytest ends with the first in each file. */
  readonly refused: readonly string[];
}

/** One for the tests of a file, which ends with them (call it where they are declared). */
export function usePytest({ python }: RealPytest): PytestServer {
  const server = startPytestServer({ python, env: ENVIRONMENT });
  afterAll(() => server.close());
  return server;
}

/** `pytest --collect-only --strict-markers`. */
export async function collect(
  server: PytestServer,
  folder: string,
  options: readonly string[] = STRICT,
): Promise<Collected> {
  return told(await server.run(folder, [...ARGUMENTS, ...options]));
}

/** The same by a pytest that is started for it, as anybody starts it. */
export function collectAfresh({ python }: RealPytest, folder: string): Collected {
  const { status, stdout, stderr } = spawnSync(python, ["-m", "pytest", ...ARGUMENTS, ...STRICT], {
    cwd: folder,
    env: ENVIRONMENT,
    encoding: "utf8",
  });
  return told({ code: status ?? -1, output: stdout + stderr });
}

function told({ code, output }: PytestRun): Collected {
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
  const { status, stdout, stderr } = spawnSync(
    python,
    ["-m", "pytest", ...ARGUMENTS, ...STRICT, "-p", "greenlight_spy"],
    { cwd: folder, env: { ...ENVIRONMENT, PYTHONPATH: side, REFUSED: out }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stdout + stderr);
  const places = JSON.parse(readFileSync(out, "utf8")) as [string, number, string][];
  return [...new Set(places.map(([file, line, name]) => `${relative(folder, file)}:${line} ${name}`))].sort();
}
