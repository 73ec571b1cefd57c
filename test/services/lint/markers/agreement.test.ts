import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { LintReport } from "../../../../src/views/lint-report.ts";
import { runCli } from "../../../cli/run-cli.ts";
import {
  collect,
  collectAfresh,
  installedPytests,
  type RealPytest,
  refusedPlaces,
  usePytest,
  writeSuite,
} from "./real-pytest.ts";
import { judge, type Suite } from "./judge.ts";

const pytests = installedPytests();

/** One case in each file, since pytest leaves a file at its first unknown marker. */
const TESTS: Suite = {
  "tests/conftest.py": `
def pytest_configure(config):
    config.addinivalue_line("markers", "from_conftest(reason): registered by code")
    for line in ["looped_a: a", "looped_b: b"]:
        config.addinivalue_line("markers", line)
    for name, text in {"paired": "of a dictionary"}.items():
        config.addinivalue_line("markers", f"{name}: {text}")
`,
  "tests/test_known.py": `
import pytest
@pytest.mark.from_conftest
@pytest.mark.looped_b
@pytest.mark.paired
@pytest.mark.parametrize("x", [1])
@pytest.mark.skip
def test_known(x): ...
`,
  "tests/test_slow.py": "import pytest\n@pytest.mark.slow\ndef test_a(): ...\n",
  "tests/test_db.py": "import pytest\n@pytest.mark.db(1)\ndef test_a(): ...\n",
  "tests/test_decorator.py": "import pytest\n\n@pytest.mark.decorated\ndef test_a(): ...\n",
  "tests/test_nested.py": `
import pytest
class TestOuter:
    class TestInner:
        @pytest.mark.nested
        class TestDeep:
            def test_a(self): ...
`,
  "tests/test_words.py": `
"""Use @pytest.mark.docstring."""
import pytest
# @pytest.mark.comment
TEXT = "@pytest.mark.text"
def test_a():
    """@pytest.mark.inner_docstring"""
    assert "pytest.mark.expression"
`,
  "tests/test_alias.py": "import pytest as pt\n\n@pt.mark.aliased\ndef test_a(): ...\n",
  "tests/test_from.py": "from pytest import mark as m\n\n@m.imported\ndef test_a(): ...\n",
  "tests/test_assigned.py": "import pytest\nmark = pytest.mark\n\n@mark.assigned\ndef test_a(): ...\n",
  "tests/test_module.py":
    "import pytest\npytestmark = [pytest.mark.xfail, pytest.mark.module_wide]\ndef test_a(): ...\n",
  "tests/test_single.py": "import pytest\npytestmark = pytest.mark.module_single\ndef test_a(): ...\n",
  "tests/test_class.py":
    "import pytest\nclass TestA:\n    pytestmark = [pytest.mark.class_wide]\n    def test_a(self): ...\n",
  "tests/test_param.py":
    'import pytest\n@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.on_param)])\ndef test_a(x): ...\n',
  "tests/test_params.py":
    'import pytest\n@pytest.mark.parametrize("x", [pytest.param(1, marks=[pytest.mark.skip, pytest.mark.on_params])])\ndef test_a(x): ...\n',
  "tests/test_default.py": "import pytest\ndef helper(m=pytest.mark.defaulted): ...\ndef test_a(): ...\n",
  "tests/test_misspelt.py": "\nimport pytest\n@pytest.mark.slwo\ndef test_a(): ...\n",
  "tests/test_parametrise.py": 'import pytest\n@pytest.mark.parametrise("x", [1])\ndef test_a(x): ...\n',
  "tests/test_dynamic.py":
    "import pytest\nNAME = 'sl' + 'ow'\npytestmark = getattr(pytest.mark, NAME)\ndef test_a(): ...\n",
  "tests/test_plugin.py": "import pytest\n@pytest.mark.asyncio\ndef test_a(): ...\n",
  "tests/unit/test_below.py":
    "import pytest\n@pytest.mark.from_conftest\n@pytest.mark.below\ndef test_a(): ...\n",
};

const REFUSED = [
  "aliased",
  "asyncio",
  "assigned",
  "below",
  "class_wide",
  "decorated",
  "defaulted",
  "imported",
  "module_single",
  "module_wide",
  "nested",
  "on_param",
  "on_params",
  "parametrise",
  "slwo",
].sort();

const INI = "[pytest]\nmarkers =\n    slow: takes long\n    # a comment\n    db(name): needs a database\n";
const KINDS: readonly (readonly [string, Suite])[] = [
  ["pytest.ini", { "pytest.ini": INI }],
  [".pytest.ini", { ".pytest.ini": INI }],
  [
    "pytest.toml",
    { "pytest.toml": '[pytest]\nmarkers = ["slow: takes long", "db(name): needs a database"]\n' },
  ],
  [".pytest.toml", { ".pytest.toml": '[pytest]\nmarkers = [\n  "slow", # why\n  "db",\n]\n' }],
  [
    "pyproject.toml [tool.pytest]",
    { "pyproject.toml": '[project]\nname = "x"\n[tool.pytest]\nmarkers = ["slow", \'db(name): x\']\n' },
  ],
  [
    "pyproject.toml ini_options, list",
    { "pyproject.toml": '[tool.pytest.ini_options]\nmarkers = ["slow: x", "db: y"]\n' },
  ],
  [
    "pyproject.toml ini_options, string",
    { "pyproject.toml": '[tool.pytest.ini_options]\nmarkers = """\nslow: x\n  db: y\n"""\n' },
  ],
  [
    "pyproject.toml, dotted",
    { "pyproject.toml": '[tool]\npytest.ini_options.markers = ["slow: x", "db: y"]\n' },
  ],
  ["tox.ini", { "tox.ini": `[tox]\nenvlist = py\n${INI}` }],
  ["setup.cfg", { "setup.cfg": INI.replace("[pytest]", "[metadata]\nname = x\n[tool:pytest]") }],
  ["nothing", {}],
  [
    "an empty pytest.ini before pyproject.toml",
    { "pytest.ini": "", "pyproject.toml": '[tool.pytest.ini_options]\nmarkers = ["slow: x", "db: y"]\n' },
  ],
  ["an empty .pytest.ini before tox.ini", { ".pytest.ini": "", "tox.ini": INI }],
  ["a pyproject.toml without pytest before tox.ini", { "pyproject.toml": "[tool.black]\n", "tox.ini": INI }],
  [
    "a tox.ini without pytest before setup.cfg",
    { "tox.ini": "[tox]\n", "setup.cfg": INI.replace("[pytest]", "[tool:pytest]") },
  ],
  ["pytest.toml before pytest.ini", { "pytest.toml": '[pytest]\nmarkers = ["slow"]\n', "pytest.ini": INI }],
  ["a configuration below, which is not read", { "pytest.ini": "[pytest]\n", "tests/pytest.ini": INI }],
  ["a continuation that looks like a section", { "pytest.ini": "[pytest]\nmarkers = slow\n  [x]\n  db\n" }],
  ["names with a colon behind", { "pytest.ini": "[pytest]\nmarkers: slow: takes long\n\tdb\n" }],
];

/** What the command line says of a suite that asks for that release of pytest, in an environment without one. */
async function ours(folder: string, version: string): Promise<string[]> {
  writeFileSync(join(folder, "requirements.txt"), `pytest==${version}\n`);
  const env = { PATH: "/nowhere", PYTEST_ADDOPTS: "--strict-markers" };
  const { stdout, stderr } = await runCli(["lint", "markers", "--json"], { cwd: folder, env });
  const { findings } = JSON.parse(stdout || stderr) as LintReport;
  return findings
    .filter(({ code, severity }) => severity === "error" && UNREGISTERED.has(code))
    .map(({ id, code }) => id.slice(code.length + 1))
    .sort();
}

const UNREGISTERED: ReadonlySet<string> = new Set(["MARKER_UNREGISTERED", "MARKER_NEAR_MISS"]);

const timeless = (text: string): string => text.replaceAll(/in [\d.]+s/g, "in time");

test("there is a pytest to compare with", () => {
  expect(pytests.length).toBeGreaterThan(0);
});

describe.each(pytests)("pytest $version", (pytest: RealPytest) => {
  const server = usePytest(pytest);

  test.each(KINDS)(
    "%s: refuses the same markers",
    async (_, configuration) => {
      const suite = { ...TESTS, ...configuration };
      const folder = writeSuite(suite);
      const [real, found] = await Promise.all([collect(server, folder), ours(folder, pytest.version)]);
      expect(real.code, real.output).not.toBe(0);
      expect(found).toEqual(real.refused);
    },
    60_000,
  );

  test("a file that it reads registers what it says, and nothing else is refused", async () => {
    const folder = writeSuite({ ...TESTS, "pytest.ini": INI });
    const found = await collect(server, folder);
    expect(found.refused).toEqual(REFUSED);
    // What the fork of a running pytest says is what one says that is started for it.
    const { code, refused, output } = collectAfresh(pytest, folder);
    expect({ ...found, output: timeless(found.output) }).toEqual({ code, refused, output: timeless(output) });
  }, 60_000);

  test("every place is the same, line by line", async () => {
    const suite = {
      ...TESTS,
      "pytest.ini": INI,
      "tests/hooks/conftest.py": `
import pytest
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker("added")
        item.add_marker(pytest.mark.added_too)
`,
      "tests/hooks/test_many.py": `
import pytest
from pytest import mark as m, param
pytestmark = [
    pytest.mark.first,
    m.second(1),
]
@m.third
@pytest.mark.fourth(reason="x")
class TestA:
    @pytest.mark.parametrize(
        "x",
        [
            param(1, marks=m.fifth),
            2,
        ],
    )
    def test_a(self, x): ...
`,
    };
    const { findings } = await judge(suite, {
      pytest: { version: pytest.version, options: ["--strict-markers"] },
    });
    const places = findings.flatMap(({ finding }) =>
      UNREGISTERED.has(finding.code)
        ? (/used at (.*)/.exec(finding.evidence[0] ?? "")?.[1] ?? "")
            .split(", ")
            .map((at) => `${at} ${finding.id.split(":")[1]}`)
        : [],
    );
    expect(places.sort()).toEqual(refusedPlaces(pytest, writeSuite(suite)));
  }, 60_000);

  test("a conftest file below registers for what is collected after it", async () => {
    const use = "import pytest\n@pytest.mark.mid\ndef test_it(): ...\n";
    const names = ["a/check_a.py", "a_test.py", "mid/test_m.py", "top_test.py", "z/zz_test.py", "z_test.py"];
    const suite: Suite = {
      "pytest.ini": "[pytest]\npython_files = *_test.py check_*.py test_*.py\n",
      "mid/conftest.py": 'def pytest_configure(config):\n    config.addinivalue_line("markers", "mid: x")\n',
      ...Object.fromEntries(names.map((name) => [name, use])),
    };
    const { findings } = await judge(suite, {
      pytest: { version: pytest.version, options: ["--strict-markers"] },
    });
    const unregistered = findings.filter(({ finding }) => finding.code === "MARKER_UNREGISTERED");
    const places = unregistered.flatMap(({ finding }) =>
      (/used at (.*)/.exec(finding.evidence[0] ?? "")?.[1] ?? "").split(", "),
    );
    expect(places.map((at) => `${at} mid`)).toEqual(refusedPlaces(pytest, writeSuite(suite)));
    expect(findings.some(({ finding }) => finding.code === "MARKER_OUT_OF_SCOPE")).toBe(true);
  }, 60_000);

  test.each<readonly [string, Suite]>([
    ["a name said twice", { "pytest.ini": "[pytest]\nmarkers = a\nmarkers = b\n" }],
    ["a section said twice", { "tox.ini": "[pytest]\nmarkers = a\n[pytest]\n" }],
    ["a line that is nothing", { "pytest.ini": "[pytest]\nmarkers\n" }],
    ["a value before any section", { "pytest.ini": "markers = a\n[pytest]\n" }],
    ["an indented first line", { "pytest.ini": "  [pytest]\nmarkers = a\n" }],
    ["a byte order mark", { "pytest.ini": "\uFEFF[pytest]\nmarkers = a\n" }],
    ["[pytest] in setup.cfg", { "setup.cfg": "[pytest]\nmarkers = a\n" }],
    ["TOML that is none", { "pyproject.toml": "[tool.pytest.ini_options]\nmarkers = [\n" }],
    ["a file that is not asked and broken", { "pytest.ini": "[pytest]\n", "setup.cfg": "[pytest]\n" }],
    [
      "both tables",
      { "pyproject.toml": '[tool.pytest]\nmarkers = ["a"]\n[tool.pytest.ini_options]\nmarkers = ["b"]\n' },
    ],
    ["a string where a list is expected", { "pytest.toml": '[pytest]\nmarkers = "a"\n' }],
    ["a string that is no yes", { "pytest.toml": '[pytest]\nstrict_markers = "true"\nmarkers = []\n' }],
    ["a yes in INI", { "pytest.ini": "[pytest]\nmarkers = a\n" }],
  ])(
    "ends, or does not, at %s",
    async (_, configuration) => {
      const suite = {
        "test_a.py": "import pytest\n@pytest.mark.skip\n@pytest.mark.a\ndef test_a(): ...\n",
        ...configuration,
      };
      const real = await collect(server, writeSuite(suite), []);
      const ends = real.code !== 0;
      const { findings } = await judge(suite, { pytest: { version: pytest.version } });
      expect(
        findings.some(({ finding }) => finding.code === "MARKER_CONFIG_INVALID"),
        real.output,
      ).toBe(ends);
    },
    60_000,
  );

  test.each<readonly [string, Suite]>([
    ["addopts", { "pytest.ini": "[pytest]\naddopts = -q --strict-markers\n" }],
    ["addopts, --strict", { "pyproject.toml": '[tool.pytest.ini_options]\naddopts = ["--strict"]\n' }],
    ["strict_markers", { "pytest.ini": "[pytest]\nstrict_markers = true\n" }],
    ["strict", { "pytest.ini": "[pytest]\nstrict = yes\n" }],
    ["strict_markers against strict", { "pytest.ini": "[pytest]\nstrict = true\nstrict_markers = false\n" }],
    ["nothing", { "pytest.ini": "[pytest]\n" }],
  ])(
    "is strict, or is not, by %s",
    async (_, configuration) => {
      const suite = {
        "test_a.py": "import pytest\n@pytest.mark.nobody\ndef test_a(): ...\n",
        ...configuration,
      };
      const real = await collect(server, writeSuite(suite), []);
      const { findings } = await judge(suite, { pytest: { version: pytest.version } });
      const severity = findings.find(({ finding }) => finding.code === "MARKER_UNREGISTERED")?.finding
        .severity;
      expect(severity, real.output).toBe(real.refused.length > 0 ? "error" : "warning");
    },
    60_000,
  );
});
