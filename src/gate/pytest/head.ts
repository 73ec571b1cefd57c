/** pytest: how a command is recognised as pytest, and is had to write a report with the time of each test. */
import { basename } from "node:path";

/** What a command line says about pytest. */
export type PytestHead =
  | { readonly kind: "none" }
  /** `isolated`: Python is told to ignore its variables, so that nothing can be handed to pytest. */
  | { readonly kind: "pytest"; readonly isolated: boolean };

const PYTEST = /^(?:pytest|py\.test)(?:-?\d+(?:\.\d+)?)?$/;
const PYTHON = /^(?:python|pypy)\d*(?:\.\d+)?$/;
const PYTHON_OPTIONS_WITH_VALUE = new Set(["-W", "-X", "--check-hash-based-pycs"]);

/** Programs that run another program, which is named among their arguments. */
const LAUNCHERS = new Set(
  (
    "uv uvx poetry pdm pipenv hatch rye pipx conda mamba micromamba pixi coverage " +
    "env nice nohup time timeout stdbuf xvfb-run dotenv doppler op ddtrace-run opentelemetry-instrument direnv"
  ).split(" "),
);

/** Pure: whether a command is pytest, by itself, as a module, or behind programs that start it. */
export function recognisePytest(command: readonly string[]): PytestHead {
  const [first, ...rest] = command;
  if (first === undefined) return { kind: "none" };
  const name = basename(first);
  if (PYTEST.test(name)) return { kind: "pytest", isolated: false };
  if (PYTHON.test(name)) return behindPython(rest);
  if (!LAUNCHERS.has(name)) return { kind: "none" };
  if (name === "coverage") return behindCoverage(rest);
  const next = rest.findIndex((word) => {
    const inner = basename(word);
    return PYTEST.test(inner) || PYTHON.test(inner) || LAUNCHERS.has(inner);
  });
  return next === -1 ? { kind: "none" } : recognisePytest(rest.slice(next));
}

/** `python -X dev -m pytest`, `python -mpytest`, `python /venv/bin/pytest`, `python -m coverage run -m pytest`. */
function behindPython(words: readonly string[]): PytestHead {
  let isolated = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (PYTHON_OPTIONS_WITH_VALUE.has(word)) {
      index += 1;
      continue;
    }
    const options = /^-([A-Za-z]+)(.*)$/.exec(word);
    if (options === null) return withIsolation(recognisePytest([word]), isolated);
    const [, letters = "", tail = ""] = options;
    const module = letters.indexOf("m");
    const flags = module === -1 ? letters : letters.slice(0, module);
    isolated ||= /[IE]/.test(flags) && !/^[WXc]/.test(letters);
    if (/^[WX]/.test(letters)) continue;
    if (flags.includes("c")) return { kind: "none" };
    if (module === -1) continue;
    const attached = letters.slice(module + 1) + tail;
    const rest = attached === "" ? words.slice(index + 1) : [attached, ...words.slice(index + 1)];
    return withIsolation(
      rest[0] === "coverage" ? behindCoverage(rest.slice(1)) : asModule(rest[0]),
      isolated,
    );
  }
  return { kind: "none" };
}

function behindCoverage(words: readonly string[]): PytestHead {
  const module = words.findIndex((word) => word === "-m" || word === "--module");
  return words[0] === "run" && module !== -1 ? asModule(words[module + 1]) : { kind: "none" };
}

const asModule = (name: string | undefined): PytestHead =>
  name === "pytest" || name === "py.test" ? { kind: "pytest", isolated: false } : { kind: "none" };

const withIsolation = (head: PytestHead, isolated: boolean): PytestHead =>
  head.kind === "pytest" ? { kind: "pytest", isolated } : head;
