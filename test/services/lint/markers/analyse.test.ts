import { describe, expect, test } from "vitest";
import { judge, type Suite, told } from "./judge.ts";

const use = (...names: readonly string[]): string =>
  `import pytest\n${names.map((name) => `@pytest.mark.${name}\n`).join("")}def test_a(): ...\n`;
const ini = (...lines: readonly string[]): string =>
  `[pytest]\nmarkers =\n${lines.map((line) => `    ${line}\n`).join("")}`;

async function finding(code: string, suite: Suite, options?: Parameters<typeof judge>[1]) {
  const { findings } = await judge(suite, options);
  const found = findings.filter((one) => one.finding.code === code);
  expect(found, `one ${code}`).toHaveLength(1);
  return found[0]!.finding;
}

describe("MARKER_UNREGISTERED", () => {
  test("is told once for a marker, with its places, and is an error where strict markers are asked for", async () => {
    const suite = {
      "pytest.ini": "[pytest]\naddopts = -q --strict-markers\n",
      "test_a.py": use("nobody"),
      "test_b.py": use("nobody"),
    };
    const found = await finding("MARKER_UNREGISTERED", suite);
    expect(found).toMatchObject({
      id: "MARKER_UNREGISTERED:nobody",
      severity: "error",
      place: { kind: "file", file: "test_a.py", line: 2, column: 14 },
      message: "marker nobody is not registered: not in pytest.ini",
    });
    expect(found.evidence).toEqual([
      "used at test_a.py:2, test_b.py:2",
      "--strict-markers in addopts at pytest.ini:2",
    ]);
    expect(found.remedies[0]).toContain("pytest.ini [pytest]");
  });

  test.each([
    ["[pytest]\nstrict_markers = true\n", "pytest.ini sets strict_markers"],
    ["[pytest]\nstrict = true\n", "pytest.ini sets strict"],
    ["[pytest]\n", "pytest is called with --strict-markers"],
  ])("says why it is an error: %j", async (text, because) => {
    const options = because.includes("called") ? { pytest: { options: ["--strict-markers"] } } : {};
    const { evidence } = await finding(
      "MARKER_UNREGISTERED",
      { "pytest.ini": text, "test_a.py": use("nobody") },
      options,
    );
    expect(evidence).toContain(because);
  });

  test("shows a place in the folder that is asked about", async () => {
    const suite = { "a/test_a.py": use("nobody"), "b/test_b.py": use("nobody") };
    const found = await finding("MARKER_UNREGISTERED", suite, { focus: "b" });
    expect(found.place).toMatchObject({ file: "b/test_b.py" });
  });

  test("says when it is put on while a test runs", async () => {
    const suite = {
      "test_a.py": "import pytest\ndef test_a(request):\n    request.node.add_marker('nobody')\n",
    };
    const { evidence } = await finding("MARKER_UNREGISTERED", suite);
    expect(evidence).toContain("put on while a test runs, so that the test fails and not the collection");
  });

  test("is an error when a workflow calls pytest with --strict-markers", async () => {
    const suite = {
      "test_a.py": use("nobody"),
      ".github/workflows/ci.yml": "jobs:\n  t:\n    run: pytest --strict-markers\n",
    };
    const found = await finding("MARKER_UNREGISTERED", suite);
    expect(found.severity).toBe("error");
    expect(found.evidence).toContain("--strict-markers at .github/workflows/ci.yml:3");
  });

  test("names the plugin that registers it, and its absence", async () => {
    const missing = await finding("MARKER_UNREGISTERED", { "test_a.py": use("asyncio") });
    expect(missing.message).toBe(
      "marker asyncio is not registered; pytest-asyncio would do so, which is not installed",
    );
    expect(await told({ "test_a.py": use("asyncio") }, { installed: ["pytest_asyncio"] })).toEqual([]);
    const listed = {
      "test_a.py": use("asyncio", "anyio"),
      "pyproject.toml": '[project]\ndependencies = ["pytest-asyncio>=1", "anyio"]\n',
    };
    const { installed: _, ...unknown } = { installed: undefined };
    expect((await judge(listed, { ...unknown, installed: ["pytest-asyncio", "anyio"] })).findings).toEqual(
      [],
    );
  });

  test("is a note where a computed name may be this one", async () => {
    const suite = {
      "conftest.py": 'config.addinivalue_line("markers", f"env_{name}: x")\n',
      "test_a.py": use("env_prod", "other"),
    };
    const { findings } = await judge(suite);
    expect(findings.map((one) => [one.finding.id, one.finding.severity])).toEqual([
      ["MARKER_UNREGISTERED:env_prod", "note"],
      ["MARKER_UNREGISTERED:other", "warning"],
    ]);
  });

  test("says where it is registered without effect", async () => {
    const suite = {
      "pytest.ini": "[pytest]\n",
      "setup.cfg": "[tool:pytest]\nmarkers = quick\n",
      "helpers/markers.py": 'def register(config):\n    config.addinivalue_line("markers", "quick: x")\n',
      "test_a.py": use("quick"),
    };
    const { evidence } = await finding("MARKER_UNREGISTERED", suite);
    expect(evidence).toContain("setup.cfg registers it and is not read: pytest.ini comes before it");
    expect(evidence).toContain("helpers/markers.py registers it and nothing loads that file");
  });

  test("is not told of what a plugin or an imported helper registers", async () => {
    const helper = 'def register(config):\n    config.addinivalue_line("markers", "quick: x")\n';
    const suite = { "helpers/markers.py": helper, "test_a.py": use("quick") };
    const loads = [
      { "conftest.py": "from helpers.markers import register\n" },
      { "conftest.py": "from .helpers import markers\n" },
      { "conftest.py": 'pytest_plugins = ["helpers.markers"]\n' },
      { "pytest.ini": "[pytest]\naddopts = -p helpers.markers\n" },
      { "pyproject.toml": '[project.entry-points.pytest11]\nours = "helpers.markers"\n' },
    ];
    for (const each of loads) expect(await told({ ...suite, ...each })).toEqual([]);
  });

  test("is not told of files that do not parse, whose markers count as used", async () => {
    const suite = { "pytest.ini": ini("slow: x"), "test_a.py": use("slow", "nobody") };
    expect(await told(suite, { broken: new Set(["test_a.py"]) })).toEqual([]);
  });
});

describe("MARKER_NEAR_MISS", () => {
  test("names the marker that was meant", async () => {
    const found = await finding("MARKER_NEAR_MISS", {
      "pytest.ini": ini("integration: x"),
      "test_a.py": use("integraton", "integration"),
    });
    expect(found.message).toBe("marker integraton is not registered; integration was probably meant");
    expect(found.remedies[0]).toContain("Rename it to integration");
  });

  test.each(["parameterize", "parametrise", "parameterise"])("%s is an error in any mode", async (name) => {
    const found = await finding("MARKER_NEAR_MISS", { "test_a.py": use(name) });
    expect(found).toMatchObject({
      severity: "error",
      message: `marker ${name} is not registered; parametrize was probably meant`,
    });
  });

  test("is not told of names that differ in digits, of short ones, or of one that is asked for", async () => {
    const suite = {
      "pytest.ini": ini("py38: x", "db: x", "slowly: x"),
      "test_a.py": use("py39", "dc", "slowlx", "py38", "db", "slowly"),
    };
    const others = ["MARKER_UNREGISTERED dc", "MARKER_UNREGISTERED py39"];
    expect(await told(suite)).toEqual(["MARKER_NEAR_MISS slowlx", ...others]);
    const asks = { "conftest.py": 'item.get_closest_marker("slowlx")\n' };
    expect(await told({ ...suite, ...asks })).toEqual([...others, "MARKER_UNREGISTERED slowlx"]);
    const only = { "pytest.ini": ini("slowly: x"), "test_a.py": use("slowly"), ...asks };
    expect(await told(only)).toEqual(["MARKER_NEAR_MISS slowlx"]);
  });
});

test("MARKER_NAME_INVALID: a name that begins with an underscore", async () => {
  expect(await finding("MARKER_NAME_INVALID", { "test_a.py": use("_private") })).toMatchObject({
    severity: "error",
  });
});

test("MARKER_OUT_OF_SCOPE: a marker of another folder's conftest file", async () => {
  const suite = {
    "api/conftest.py": 'config.addinivalue_line("markers", "api: x")\n',
    "api/test_a.py": use("api"),
    "web/test_b.py": use("api"),
  };
  const found = await finding("MARKER_OUT_OF_SCOPE", suite);
  expect(found).toMatchObject({ id: "MARKER_OUT_OF_SCOPE:api", place: { file: "web/test_b.py" } });
  expect(found.evidence).toContain("registered at api/conftest.py:1");
});

describe("MARKER_UNUSED", () => {
  test("names the line, and who asks for it or selects it", async () => {
    const suite = {
      "pytest.ini": ini("slow: x", "lost: y"),
      "conftest.py": 'def f(item):\n    item.get_closest_marker("lost")\n',
      Makefile: 'test:\n\tpytest -m "not lost"\n',
      "test_a.py": use("slow"),
    };
    const found = await finding("MARKER_UNUSED", suite);
    expect(found).toMatchObject({
      id: "MARKER_UNUSED:pytest.ini:lost",
      severity: "warning",
      place: { file: "pytest.ini", line: 4, column: 5 },
    });
    expect(found.evidence).toEqual(["asked for at conftest.py:2", "selected by -m at Makefile:2"]);
  });

  test("is a note where names are computed, and is not told of plugins or of files above", async () => {
    const dynamic = {
      "pytest.ini": ini("lost: y"),
      "test_a.py": "import pytest\nm = getattr(pytest.mark, name)\n",
    };
    expect((await finding("MARKER_UNUSED", dynamic)).severity).toBe("note");
    expect(await told({ "../pytest.ini": ini("lost: y"), "test_a.py": use("skip") })).toEqual([]);
    const plugin = {
      "ours.py": 'config.addinivalue_line("markers", "for_others: x")\n',
      "setup.cfg": "[options.entry_points]\npytest11 =\n  x = ours\n",
    };
    expect(await told(plugin)).toEqual([]);
  });
});

test("MARKER_DUPLICATE: the second line in a file, and a line of code beside the file", async () => {
  const suite = {
    "pytest.ini": ini("slow: x", "fast: y", "slow(reason): z"),
    "conftest.py": 'config.addinivalue_line("markers", "fast: y")\n',
    "test_a.py": use("slow", "fast"),
  };
  const { findings } = await judge(suite);
  expect(
    findings.map(({ finding: { id, severity, place } }) => ({
      id,
      severity,
      line: place?.kind === "file" ? place.line : 0,
    })),
  ).toEqual([
    { id: "MARKER_DUPLICATE:pytest.ini:slow", severity: "warning", line: 5 },
    { id: "MARKER_DUPLICATE:conftest.py:fast", severity: "note", line: 1 },
  ]);
});

test("MARKER_REREGISTERS_BUILTIN: pytest's own marker", async () => {
  expect(await finding("MARKER_REREGISTERS_BUILTIN", { "pytest.ini": ini("skipif: mine") })).toMatchObject({
    id: "MARKER_REREGISTERS_BUILTIN:pytest.ini:skipif",
    place: { line: 3 },
  });
});

describe("MARKER_CONFIG_IGNORED", () => {
  test("says which file is read instead, and what the tests miss", async () => {
    const suite = {
      "pytest.ini": ini("slow: x"),
      "pyproject.toml": '[tool.pytest.ini_options]\nmarkers = ["quick"]\n',
      "test_a.py": use("slow", "quick"),
    };
    const found = await finding("MARKER_CONFIG_IGNORED", suite);
    expect(found).toMatchObject({
      id: "MARKER_CONFIG_IGNORED:pyproject.toml",
      severity: "warning",
      place: { line: 2, column: 12 },
    });
    expect(found.message).toContain("pytest.ini comes before it");
    expect(found.evidence).toContain("used in the tests: quick");
  });

  test("says which release does not read it", async () => {
    const suite = { "pytest.toml": '[pytest]\nmarkers = ["slow"]\n', "test_a.py": use("slow") };
    const found = await finding("MARKER_CONFIG_IGNORED", suite, { pytest: { version: "7.2" } });
    expect(found.message).toContain("pytest 7.2 does not read such a file");
  });

  test("tells of other releases where the release is not known", async () => {
    const suite = {
      "pytest.toml": '[pytest]\nmarkers = ["slow"]\n',
      "setup.cfg": "[tool:pytest]\nmarkers = fast\n",
      "test_a.py": use("slow", "fast"),
    };
    const found = await finding("MARKER_CONFIG_IGNORED", suite);
    expect(found.evidence).toContain("pytest before 9.0 reads setup.cfg instead of pytest.toml");
  });
});

test("MARKER_CONFIG_INVALID: with its line, and nothing is said of the markers", async () => {
  const suite = {
    "pytest.ini": "[pytest]\naddopts = -q\nmarkers = a\naddopts = -v\n",
    "test_a.py": use("nobody"),
  };
  const { findings } = await judge(suite);
  expect(findings.map(({ finding: { code, message, place } }) => ({ code, message, place }))).toEqual([
    {
      code: "MARKER_CONFIG_INVALID",
      message: "pytest.ini: duplicate name 'addopts'",
      place: { kind: "file", file: "pytest.ini", line: 4 },
    },
  ]);
  const toml = await finding("MARKER_CONFIG_INVALID", {
    "pyproject.toml": "[tool.pytest.ini_options]\nmarkers = [1,\n",
  });
  expect(toml.place).toMatchObject({ file: "pyproject.toml" });
  const typed = await finding("MARKER_CONFIG_INVALID", { "pytest.toml": '[pytest]\nmarkers = "a"\n' });
  expect(typed).toMatchObject({
    message: "pytest.toml: markers: expected a list of strings, found a string",
    place: { line: 2 },
  });
});

test("MARKER_STRICT_IGNORED: pytest 9.0 does not hear of it in addopts", async () => {
  const suite = { "pytest.ini": "[pytest]\naddopts =\n  --strict-markers\n" };
  expect(await finding("MARKER_STRICT_IGNORED", suite, { pytest: { version: "9.0.2" } })).toMatchObject({
    place: { file: "pytest.ini", line: 2 },
  });
  expect(await told(suite, { pytest: { version: "9.1" } })).toEqual([]);
  expect(
    await told(
      { ...suite, "requirements.txt": "" },
      { requirements: [{ path: "requirements.txt", text: "pytest==9.0.3\n" }] },
    ),
  ).toEqual(["MARKER_STRICT_IGNORED pytest.ini"]);
});

describe("selections", () => {
  test("MARKER_EXPRESSION_UNKNOWN: a name that nothing has, wherever it is written", async () => {
    const suite = {
      "pytest.ini": "[pytest]\naddopts = -m 'not slwo'\nmarkers = slow\n",
      "test_a.py": use("slow"),
      ".github/workflows/ci.yml":
        'on: push\njobs:\n  a:\n    steps:\n      - name: pytest -m named\n      - run: |\n          python -m pytest -m "gone and slow" tests\n      - run: >-\n          uv run pytest\n          -m folded\n      - run: pytest -m "${{ matrix.marker }}"\n      - run: \'pytest -m "quoted"\'\n',
      "tox.ini": "[testenv]\ncommands = pytest {posargs:-m toxic}\n",
      "package.json": '{"scripts": {"test": "pytest -m \\"packed or slow\\""}}\n',
      "noxfile.py": "",
      Makefile: "# pytest -m commented\ntest:\n\t@pytest \\\n\t  -m made || true\n",
      "build.yml": 'args: ["pytest", "-m", "listed"]\n',
    };
    expect(await told(suite)).toEqual(
      ["folded", "gone", "listed", "made", "packed", "quoted", "slwo", "toxic"].map(
        (name) => `MARKER_EXPRESSION_UNKNOWN ${name}`,
      ),
    );
    const { findings } = await judge(suite);
    const slow = findings.find(({ finding }) => finding.id.endsWith(":slwo"))?.finding;
    expect(slow).toMatchObject({ severity: "warning", place: { file: "pytest.ini", line: 2 } });
    expect(slow?.message).toContain("slow was probably meant");
  });

  test("under strict markers it is an error from pytest 9.2 on", async () => {
    const suite = { Makefile: "t:\n\tpytest --strict-markers -m gone\n" };
    expect((await finding("MARKER_EXPRESSION_UNKNOWN", suite, { pytest: { version: "9.2" } })).severity).toBe(
      "error",
    );
    expect((await finding("MARKER_EXPRESSION_UNKNOWN", suite, { pytest: { version: "9.1" } })).severity).toBe(
      "warning",
    );
  });

  test("MARKER_EXPRESSION_INVALID: what pytest cannot parse", async () => {
    const suite = { Makefile: 't:\n\tpytest -m "slow and"\n', "test_a.py": use("slow") };
    expect(await finding("MARKER_EXPRESSION_INVALID", suite)).toMatchObject({
      severity: "error",
      message: "-m 'slow and': column 9: expected not, ( or a marker, found the end",
      place: { file: "Makefile", line: 2 },
    });
    const keywords = {
      Makefile: 't:\n\tpytest -m "slow(a=1)"\n',
      "test_a.py": use("slow"),
      "pytest.ini": ini("slow"),
    };
    expect(await told(keywords, { pytest: { version: "8.3" } })).toEqual([]);
    expect(await told(keywords, { pytest: { version: "8.2" } })).toEqual([
      "MARKER_EXPRESSION_INVALID Makefile:slow(a=1)",
    ]);
  });
});

test("a suite in order has no findings", async () => {
  const suite = {
    "pyproject.toml":
      '[tool.pytest.ini_options]\naddopts = "--strict-markers -m \'not slow\'"\nmarkers = [\n  "slow: x",\n]\n',
    "test_a.py": use("slow", "skip"),
    Makefile: "test:\n\tpytest -m 'slow or skip'\n",
  };
  expect(await told(suite)).toEqual([]);
});
