import { describe, expect, test } from "vitest";
import { recognisePytest } from "../../../../src/gate/pytest/head.ts";

const words = (line: string) => line.split(" ");

describe("pytest is recognised", () => {
  test.each([
    "pytest -x",
    "py.test",
    "pytest-3 tests",
    "/venv/bin/pytest",
    "python -m pytest",
    "python3.12 -m pytest -k x",
    "/usr/bin/python3 -X dev -W error -m pytest",
    "python -um pytest",
    "python -mpytest",
    "python -bb -m pytest",
    "python /venv/bin/pytest -q",
    "uv run pytest",
    "uv run --with httpx python -m pytest",
    "uvx pytest",
    "poetry run pytest --maxfail=1",
    "coverage run -m pytest",
    "coverage run --branch --source src -m pytest tests",
    "python -m coverage run -m pytest",
    "poetry run coverage run -m pytest",
    "env PYTHONHASHSEED=0 pytest",
    "xvfb-run -a pytest",
    "timeout 60 python -m pytest",
  ])("%s", (line) => expect(recognisePytest(words(line))).toEqual({ kind: "pytest", isolated: false }));
});

describe("Python that ignores its variables is told apart", () => {
  test.each(["python -I -m pytest", "python3 -E -m pytest", "python -sE -m pytest", "python -Im pytest"])(
    "%s",
    (line) => expect(recognisePytest(words(line))).toEqual({ kind: "pytest", isolated: true }),
  );
});

describe("anything else is not pytest", () => {
  test.each([
    "",
    "npx vitest run",
    "python -c pytest",
    "python script.py -m pytest",
    "python -m mypytest",
    "python",
    "coverage report -m pytest",
    "grep pytest README.md",
    "docker run image pytest",
    "sh -c pytest",
    "./pytest.sh",
  ])("%s", (line) => expect(recognisePytest(line === "" ? [] : words(line))).toEqual({ kind: "none" }));
});
