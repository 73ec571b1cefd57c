import { expect, test } from "vitest";
import { extractMarkers } from "../../../../services/lint/markers/extract.ts";
import { parsePython } from "../../../support/python.ts";

async function facts(text: string, path?: string) {
  return extractMarkers(await parsePython(text, path));
}

async function uses(text: string): Promise<string[]> {
  return ((await facts(text))?.uses ?? []).map(({ name, span }) => `${name}@${span.line}:${span.column}`);
}

test("decorators of functions, classes and nested classes are uses, with exact places", async () => {
  const text = `import pytest

@pytest.mark.slow
def test_a(): ...

@pytest.mark.db(1)
class TestB:
    @pytest.mark.nested
    class TestC:
        @pytest.mark.deep
        async def test_d(self): ...
`;
  expect(await uses(text)).toEqual(["slow@3:14", "db@6:14", "nested@8:18", "deep@10:22"]);
});

test("a column counts UTF-16 units", async () => {
  const text = 'x = "ä𝒳"; import pytest; y = pytest.mark.slow\n';
  expect(await uses(text)).toEqual([`slow@1:${text.indexOf("slow") + 1}`]);
});

test("comments, docstrings and other strings are not uses", async () => {
  const text = `"""Use @pytest.mark.doc."""
import pytest
# @pytest.mark.comment
TEXT = "pytest.mark.string"
def test_a():
    '''
    @pytest.mark.docstring
    '''
`;
  expect(await facts(text)).toBeUndefined();
});

test("pytest and mark are known under other names", async () => {
  expect(await uses("import os, pytest as pt\n@pt.mark.a\ndef f(): ...\n")).toEqual(["a@2:10"]);
  expect(await uses("from pytest import mark\n@mark.a\ndef f(): ...\n")).toEqual(["a@2:7"]);
  expect(await uses("from pytest import (\n  param,  # why\n  mark as m,\n)\n@m.a\ndef f(): ...\n")).toEqual([
    "a@5:4",
  ]);
  expect(await uses("import pytest\nm = pytest.mark\nn = m\n@n.a\ndef f(): ...\n")).toEqual(["a@4:4"]);
  expect(await uses("from pytest import *\n@mark.a\ndef f(): ...\n")).toEqual(["a@2:7"]);
  expect(await uses("from _pytest.mark import MARK_GEN as mg\n@mg.a\ndef f(): ...\n")).toEqual(["a@2:5"]);
});

test("what has the same name and is something else is not a use", async () => {
  const text = `from pytest import mark
def pytest_collection_modifyitems(items):
    for item in items:
        for mark in item.iter_markers():
            print(mark.name, mark.args)
names = [mark.kwargs for mark in []]
def helper(mark):
    return mark.colour
board.mark.done
pen.mark.red()
`;
  expect(await facts(text)).toBeUndefined();
});

test("pytestmark, param marks, defaults and calls are uses; bodies of functions are late", async () => {
  const text = `import pytest
pytestmark = [pytest.mark.one, pytest.mark.two(3)]
class TestA:
    pytestmark = (pytest.mark.three,)
    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.four), pytest.param(2, marks=[pytest.mark.five])])
    def test(self, request, default=pytest.mark.six):
        request.node.add_marker("seven")
        request.node.add_marker(pytest.mark.eight)
`;
  const found = (await facts(text))?.uses ?? [];
  expect(found.map(({ name }) => name).sort()).toEqual([
    "eight",
    "five",
    "four",
    "one",
    "parametrize",
    "seven",
    "six",
    "three",
    "two",
  ]);
  expect(
    found
      .filter(({ late }) => late)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["eight", "seven"]);
});

test("a marker that is named by a string is a use of what is between the quotes", async () => {
  const text = `import pytest
def pytest_collection_modifyitems(items):
    for i in items:
        i.add_marker("slow")
m = getattr(pytest.mark, 'fast')
`;
  const found = (await facts(text))?.uses ?? [];
  expect(found.map(({ name, span }) => `${name} ${text.slice(span.start, span.end)}`).sort()).toEqual([
    "fast fast",
    "slow slow",
  ]);
});

test("computed names are dynamic, and no uses", async () => {
  const text = `import pytest
m = getattr(pytest.mark, name)
apply_all(pytest.mark)
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(wanted)
        item.add_marker(f"slow_{x}")
`;
  const found = await facts(text);
  expect(found?.uses).toEqual([]);
  expect(found?.dynamic.map(({ line }) => line).sort()).toEqual([2, 3, 6, 7]);
});

test("a member called add_marker of something else is not a use", async () => {
  expect(await facts('import pytest\nm = folium.Map()\nm.add_marker("Paris")\n')).toBeUndefined();
});

test("what asks for a marker is a read", async () => {
  const text = `def pytest_runtest_setup(item):
    item.get_closest_marker("a")
    item.iter_markers(name="b")
    if "c" in item.keywords and item.keywords["d"]: ...
    item.get_closest_marker(name)
`;
  expect((await facts(text))?.reads.map(({ name }) => name).sort()).toEqual(["a", "b", "c", "d"]);
});

test.each([
  ['config.addinivalue_line("markers", "a(x): text")', ["a"]],
  ["config.addinivalue_line('markers', 'a: '\n 'text')", ["a"]],
  ['for m in ("a: x", "b: y"): config.addinivalue_line("markers", m)', ["a", "b"]],
  ['ALL = ["a: x", "b"]\nfor m in ALL: config.addinivalue_line("markers", m)', ["a", "b"]],
  ['for n, d in [("a", "x"), ("b", "y")]: config.addinivalue_line("markers", f"{n}: {d}")', ["a", "b"]],
  ['ALL = {"a": "x"}\nfor n, d in ALL.items(): config.addinivalue_line("markers", f"{n}: {d}")', ["a"]],
  ['config.addinivalue_line("markers", f"a: at most {LIMIT}")', ["a"]],
  ['config.addinivalue_line("markers", "a: " + text)', ["a"]],
  ['L = "a: x"\nconfig.addinivalue_line("markers", L)', ["a"]],
  ['config.addinivalue_line("markers", f"{n}: x")', [undefined]],
  ['config.addinivalue_line("markers", f"slow_{n}: x")', [undefined]],
  ['config.addinivalue_line("markers", make())', [undefined]],
  ['config.addinivalue_line("filterwarnings", "error")', []],
])("%s registers %j", async (text, names) => {
  const found = (await facts(`def pytest_configure(config): ...\n${text}\n`, "conftest.py"))?.registers ?? [];
  expect(found.map(({ name }) => name)).toEqual(names);
});

test("a conftest file tells what it loads", async () => {
  const text =
    'from .markers import register\nfrom tests import support\npytest_plugins = ["tests.plugin", "x"]\n';
  const found = await facts(text, "tests/conftest.py");
  expect(found?.plugins).toEqual(["tests.plugin", "x"]);
  expect(found?.imports).toEqual([".markers", ".markers.register", "tests", "tests.support"]);
});

test("a file that does not parse still tells what can be read in it", async () => {
  expect(await uses("import pytest\n@pytest.mark.a\ndef f(:\n  x =\n@pytest.mark.\ndef g(): ...\n")).toEqual([
    "a@2:14",
  ]);
});
