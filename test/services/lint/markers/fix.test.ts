import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { fixed, type Suite, told } from "./judge.ts";

const use = (...names: readonly string[]): string =>
  `import pytest\n${names.map((name) => `@pytest.mark.${name}\n`).join("")}def test_a(): ...\n`;

/** What stands in a configuration file, and what stands there once `new` and `other` are registered. */
const REGISTERED: readonly (readonly [string, string, string, string])[] = [
  [
    "behind the last marker, as indented as it is",
    "pytest.ini",
    "[pytest]\nmarkers =\n\tslow: x\n\t# why\n\tdb\n\n# the end\naddopts = -q\n",
    "[pytest]\nmarkers =\n\tslow: x\n\t# why\n\tdb\n\tnew: to be described\n\tother: to be described\n\n# the end\naddopts = -q\n",
  ],
  [
    "below one that stands beside the name",
    "tox.ini",
    "[tox]\n[pytest]\nmarkers = slow: x",
    "[tox]\n[pytest]\nmarkers = slow: x\n    new: to be described\n    other: to be described",
  ],
  [
    "in a section without markers, with its line ends",
    "setup.cfg",
    "[tool:pytest]\r\naddopts = -q\r\n\r\n[other]\r\n",
    "[tool:pytest]\r\naddopts = -q\r\nmarkers =\r\n    new: to be described\r\n    other: to be described\r\n\r\n[other]\r\n",
  ],
  [
    "where the name has no value",
    "pytest.ini",
    "[pytest]\nmarkers =\naddopts = -q\n",
    "[pytest]\nmarkers =\n    new: to be described\n    other: to be described\naddopts = -q\n",
  ],
  [
    "in an empty file",
    "pytest.ini",
    "",
    "[pytest]\nmarkers =\n    new: to be described\n    other: to be described\n",
  ],
  [
    "in a list, with comments and comma",
    "pyproject.toml",
    '[tool.pytest.ini_options]\nmarkers = [\n  "slow: x", # [why], "not"\n  # the end\n]\naddopts = "-q"\n',
    '[tool.pytest.ini_options]\nmarkers = [\n  "slow: x", # [why], "not"\n  "new: to be described",\n  "other: to be described",\n  # the end\n]\naddopts = "-q"\n',
  ],
  [
    "in a list without a last comma",
    "pyproject.toml",
    "[tool.pytest]\nmarkers = [\n    \"slow: x\",\n    'db: y' # last\n]\n",
    '[tool.pytest]\nmarkers = [\n    "slow: x",\n    \'db: y\', # last\n    "new: to be described",\n    "other: to be described",\n]\n',
  ],
  [
    "in a list on one line",
    "pytest.toml",
    '[pytest]\nmarkers = ["slow: x", "db"]\n',
    '[pytest]\nmarkers = ["slow: x", "db", "new: to be described", "other: to be described"]\n',
  ],
  [
    "in an empty list",
    "pytest.toml",
    "[pytest]\nmarkers = [] # none\n",
    '[pytest]\nmarkers = [\n    "new: to be described",\n    "other: to be described",\n] # none\n',
  ],
  [
    "in a table without markers",
    "pyproject.toml",
    '[tool.pytest.ini_options]\naddopts = "-q" # quiet\n\n[tool.black]\n',
    '[tool.pytest.ini_options]\naddopts = "-q" # quiet\nmarkers = [\n    "new: to be described",\n    "other: to be described",\n]\n\n[tool.black]\n',
  ],
  [
    "in a string of several lines",
    "pyproject.toml",
    '[tool.pytest.ini_options]\nmarkers = """\n  slow: x\n"""\n',
    '[tool.pytest.ini_options]\nmarkers = """\n  slow: x\n  new: to be described\n  other: to be described\n"""\n',
  ],
];

test.each(REGISTERED)("a marker is registered %s", async (_, file, before, after) => {
  const suite = { [file]: before, "test_a.py": use("new", "other", "slow", "db") };
  const names = before.includes("slow") ? suite : { ...suite, "test_a.py": use("new", "other") };
  const registered = before.includes("db")
    ? names
    : { ...names, "test_a.py": names["test_a.py"].replace("@pytest.mark.db\n", "") };
  const result = await fixed(registered);
  expect(result[file]).toBe(after);
  if (file.endsWith(".toml")) expect(() => parse(after)).not.toThrow();
  expect(await told(result)).toEqual([]);
});

test.each<readonly [string, string, string]>([
  ["pytest.ini", "[pytest]\nmarkers =\n  a: x\n  b\n  a: y\n", "[pytest]\nmarkers =\n  a: x\n  b\n"],
  ["pytest.ini", "[pytest]\nmarkers = skip\n  a: x\n  b\n", "[pytest]\nmarkers = \n  a: x\n  b\n"],
  ["pytest.toml", '[pytest]\nmarkers = ["a", "b", "a: y"]\n', '[pytest]\nmarkers = ["a", "b"]\n'],
  ["pytest.toml", '[pytest]\nmarkers = ["a", "a: y", "b"]\n', '[pytest]\nmarkers = ["a", "b"]\n'],
  [
    "pytest.toml",
    '[pytest]\nmarkers = [\n  "a",\n  "a: y", # again\n  "b",\n]\n',
    '[pytest]\nmarkers = [\n  "a",\n  "b",\n]\n',
  ],
])("a superfluous line of %s is dropped, and nothing else", async (file, before, after) => {
  const result = await fixed({ [file]: before, "test_a.py": use("a", "b") });
  expect(result[file]).toBe(after);
  expect(await told(result)).toEqual([]);
});

test("one is dropped where another is added", async () => {
  const suite: Suite = {
    "pytest.ini": "[pytest]\nmarkers =\n  a: x\n  a: y\n",
    "test_a.py": use("a", "new"),
  };
  expect((await fixed(suite))["pytest.ini"]).toBe("[pytest]\nmarkers =\n  a: x\n  new: to be described\n");
  const toml: Suite = { "pytest.toml": '[pytest]\nmarkers = ["a", "a"]\n', "test_a.py": use("a", "new") };
  expect((await fixed(toml))["pytest.toml"]).toBe('[pytest]\nmarkers = ["a", "new: to be described"]\n');
});

test("a misspelt marker is renamed wherever it is used, and not registered", async () => {
  const suite: Suite = {
    "pytest.ini": "[pytest]\nmarkers = integration\n",
    "test_a.py": `${use("integraton", "integration")}\n# integraton stays here\n`,
    "conftest.py":
      'import pytest\ndef f(items):\n    for item in items:\n        item.add_marker("integraton")\n',
  };
  const result = await fixed(suite);
  expect(result["test_a.py"]).toBe(`${use("integration", "integration")}\n# integraton stays here\n`);
  expect(result["conftest.py"]).toContain('item.add_marker("integration")');
  expect(result["pytest.ini"]).toBe(suite["pytest.ini"]);
  expect((await fixed({ "test_a.py": use("parametrise") }))["test_a.py"]).toBe(use("parametrize"));
});

test("nothing is written where there is no place for it", async () => {
  const suites: Suite[] = [
    { "test_a.py": use("new") },
    { "../pytest.ini": "[pytest]\n", "test_a.py": use("new") },
    { "pyproject.toml": '[tool.pytest.ini_options]\nmarkers = "slow: x"\n', "test_a.py": use("new", "slow") },
    { "pyproject.toml": 'tool.pytest.ini_options = {addopts = "-q"}\n', "test_a.py": use("new") },
    { "pytest.ini": "[pytest]\n", "test_a.py": use("asyncio") },
  ];
  for (const suite of suites) expect(await fixed(suite)).toEqual(suite);
});

const USE = use("new", "other");

test.each([
  [
    "in a new pytest.ini",
    {},
    { "pytest.ini": "[pytest]\nmarkers =\n    new: to be described\n    other: to be described\n" },
  ],
  [
    "in a new section of pyproject.toml, behind what is there",
    { "pyproject.toml": '[project]\nname = "a"' },
    {
      "pyproject.toml":
        '[project]\nname = "a"\n\n[tool.pytest.ini_options]\nmarkers = [\n    "new: to be described",\n    "other: to be described",\n]\n',
    },
  ],
  [
    "in a new pytest.ini where pyproject.toml has closed its tools",
    { "pyproject.toml": "tool = { black = {} }\n" },
    { "pytest.ini": "[pytest]\nmarkers =\n    new: to be described\n    other: to be described\n" },
  ],
] as const)(
  "without any configuration, markers are registered %s",
  async (_where, files: Suite, made: Suite) => {
    const suite = { ...files, "test_a.py": USE };
    const after = await fixed(suite, { mayCreate: true });
    expect(after).toEqual({ ...suite, ...made });
    expect(await told(after)).toEqual([]);
  },
);

test("an old pytest, which reads no pyproject.toml, gets a pytest.ini", async () => {
  const suite = { "pyproject.toml": '[project]\nname = "a"\n', "test_a.py": USE };
  expect(Object.keys(await fixed(suite, { mayCreate: true, pytest: { version: "5.4" } }))).toContain(
    "pytest.ini",
  );
});

test.each<[string, Suite, boolean]>([
  ["it is not certain that pytest is called here", {}, false],
  ["a folder below has a configuration of its own", { "sub/pytest.ini": "[pytest]\n" }, true],
  ["pytest stops at a file", { "pyproject.toml": "[tool\n" }, true],
])("no configuration is made where %s", async (_why, files, mayCreate) => {
  const suite = { ...files, "test_a.py": USE };
  expect(await fixed(suite, { mayCreate })).toEqual(suite);
});
