import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { chooseConfiguration } from "../../../../services/lint/markers/configuration.ts";
import {
  commonFolder,
  folderOf,
  isWithin,
  normalise,
  parentOf,
} from "../../../../services/lint/markers/folders.ts";
import { CONFIGURATION_NAMES } from "../../../../services/lint/markers/candidate.ts";
import type { Suite } from "./judge.ts";
import { installedPytests, usePytest, writeSuite } from "./real-pytest.ts";

interface Layout {
  readonly title: string;
  readonly files: Suite;
  readonly cwd?: string;
  readonly args?: readonly string[];
  readonly config?: string;
}

const INI = "[pytest]\nmarkers = a\n";
const TEST = "def test_a(): ...\n";
const LAYOUTS: readonly Layout[] = [
  {
    title: "above the folder it is called in",
    files: { "pytest.ini": INI, "tests/unit/test_a.py": TEST },
    cwd: "tests/unit",
  },
  {
    title: "the nearest above",
    files: { "pytest.ini": INI, "tests/tox.ini": INI, "tests/unit/test_a.py": TEST },
    cwd: "tests/unit",
  },
  {
    title: "past a file without anything for it",
    files: {
      "setup.cfg": INI.replace("pytest", "tool:pytest"),
      "tests/tox.ini": "[tox]\n",
      "tests/test_a.py": TEST,
    },
    cwd: "tests",
  },
  {
    title: "from a folder it is called with",
    files: { "pytest.ini": INI, "tests/pytest.ini": "", "tests/test_a.py": TEST },
    args: ["tests"],
  },
  {
    title: "from a file it is called with",
    files: { "pytest.ini": INI, "tests/pytest.ini": "", "tests/test_a.py": TEST },
    args: ["tests/test_a.py"],
  },
  {
    title: "from what two folders have in common",
    files: {
      "pytest.ini": "",
      "tests/pytest.ini": INI,
      "tests/a/tox.ini": INI,
      "tests/a/test_a.py": TEST,
      "tests/b/test_b.py": TEST,
    },
    args: ["tests/a", "tests/b"],
  },
  {
    title: "from each argument where they have nothing in common",
    files: { "a/test_a.py": TEST, "b/pytest.ini": INI, "b/test_b.py": TEST },
    args: ["a", "b"],
  },
  {
    title: "the one that is named",
    files: { "pytest.ini": INI, "other/my.ini": INI, "tests/test_a.py": TEST },
    config: "other/my.ini",
  },
  { title: "none at all", files: { "tests/pytest.ini": INI, "test_a.py": TEST } },
];

const pytests = installedPytests();

describe.each(pytests)("pytest $version", (pytest) => {
  const { version } = pytest;
  const server = usePytest(pytest);

  test.each(LAYOUTS)(
    "reads $title",
    async ({ files, cwd = ".", args = [], config }) => {
      const root = writeSuite(files);
      const folder = join(root, cwd);
      const named = config === undefined ? {} : { config };
      const told = ["--collect-only", ...(config === undefined ? [] : ["-c", config]), ...args];
      const { output } = await server.run(folder, [...told, "-p", "no:cacheprovider"]);
      const rootdir = /^rootdir: ([^,\n]+)/m.exec(output)?.[1] ?? "";
      const file = /configfile: (\S+)/.exec(output)?.[1];

      const candidates = Object.entries(files).flatMap(([path, text]) =>
        path.endsWith(".py") ? [] : [{ path: relative(folder, join(root, path)), text }],
      );
      const chosen = chooseConfiguration({ candidates, version, arguments: args, ...named });
      expect(chosen.settings && join(folder, chosen.settings.file), output).toBe(file && join(rootdir, file));
      expect(join(folder, chosen.rootdir)).toBe(file === undefined ? folder : rootdir);
    },
    30_000,
  );
});

test("each name comes before those behind it", () => {
  const texts: Readonly<Record<string, string>> = {
    "pytest.toml": "[pytest]\n",
    ".pytest.toml": "[pytest]\n",
    "pytest.ini": "",
    ".pytest.ini": "",
    "pyproject.toml": "[tool.pytest.ini_options]\n",
    "tox.ini": "[pytest]\n",
    "setup.cfg": "[tool:pytest]\n",
  };
  for (const [index, name] of CONFIGURATION_NAMES.entries()) {
    const candidates = CONFIGURATION_NAMES.slice(index).map((path) => ({ path, text: texts[path] ?? "" }));
    expect(chooseConfiguration({ candidates: candidates.toReversed() }).settings?.file).toBe(name);
  }
});

test("a file that is named and missing is a fault", () => {
  expect(chooseConfiguration({ candidates: [], config: "no.ini" }).fault).toMatchObject({ file: "no.ini" });
});

test("--rootdir moves the folder and not the file", () => {
  const candidates = [{ path: "tests/pytest.ini", text: "" }];
  const chosen = chooseConfiguration({ candidates, arguments: ["tests"], rootdir: "./" });
  expect([chosen.rootdir, chosen.settings?.file]).toEqual([".", "tests/pytest.ini"]);
});

test("folders: above, within, in common", () => {
  expect(["a/b/c.py", "c.py", "../c.py"].map(folderOf)).toEqual(["a/b", ".", ".."]);
  expect(["a/b", "a", ".", "..", "../x"].map(parentOf)).toEqual(["a", ".", "..", "../..", ".."]);
  expect(["./a//b/", "a/../b", "a.py::test", "../a", ""].map(normalise)).toEqual([
    "a/b",
    "b",
    "a.py",
    "../a",
    ".",
  ]);
  const within = [
    ["a/b", "a"],
    ["a", "."],
    ["a", ".."],
    ["../x", ".."],
    ["a", "a"],
  ] as const;
  for (const [path, folder] of within) expect(isWithin(path, folder), `${path} in ${folder}`).toBe(true);
  const outside = [
    ["ab", "a"],
    ["..", "."],
    ["../x", "."],
    ["a", "../x"],
    [".", "a"],
  ] as const;
  for (const [path, folder] of outside) expect(isWithin(path, folder), `${path} in ${folder}`).toBe(false);
  expect(commonFolder(["a/b", "a/c"])).toBe("a");
  expect(commonFolder(["a", "b"])).toBe(".");
  expect(commonFolder(["../a", "b"])).toBe("..");
});
