import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LintReport } from "../../src/views/lint-report.ts";
import type { RunsReport, UndoReport } from "../../src/views/lint-runs.ts";
import { collectAfresh, installedPytests } from "../services/lint/markers/real-pytest.ts";
import { makeTree } from "../src/lint/tree.ts";
import { runCli } from "./run-cli.ts";

const INI = "[pytest]\nmarkers =\n    registered: one that is used\n";
const TEST =
  "import pytest\n\n\n@pytest.mark.registered\n@pytest.mark.payments_eu\ndef test_a():\n    pass\n";
/** A suite with one marker that is not registered, and a PATH on which no Python is. */
const suite = (more: Readonly<Record<string, string | Buffer>> = {}) =>
  makeTree({ "pytest.ini": INI, "tests/test_a.py": TEST, ...more });

async function run(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runCli(["lint", ...args], {
    cwd,
    env: { PATH: "/nowhere", XDG_STATE_HOME: join(cwd, ".state"), ...env },
  });
}

async function report(cwd: string, args: readonly string[] = []): Promise<LintReport> {
  return JSON.parse((await run(cwd, [...args, "--json"])).stdout) as LintReport;
}

const codes = ({ findings }: LintReport) => findings.map(({ code }) => code);

describe("greenlight lint", () => {
  it("says the verdict first, then each place, then what to do", async () => {
    const { code, stdout, stderr } = await run(suite({ "tests/test_b.py": "def f(:\n    pass\n" }), []);
    expect(stderr).toBe("");
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^Found 1 error, 1 warning in 2 places\. \(2 files, 9 lines, \d+\.\d s\)$/);
    expect(lines).toContain("tests/test_a.py:5:14 warning MARKER_UNREGISTERED [--fix]");
    expect(lines).toContain("tests/test_b.py:1:7 error LINT_SYNTAX_ERROR");
    expect(lines).toContain('  tests/test_b.py is not valid Python: ")" is missing.');
    expect(lines.slice(lines.indexOf("Next"))).toEqual([
      "Next",
      "  1. greenlight lint --fix puts 1 of these right; with --dry-run it shows how.",
      "  2. Mend the line, then check with: python -m py_compile tests/test_b.py",
      expect.stringMatching(/^ {2}3\. Register it in pytest\.ini/),
      "",
    ]);
    expect(code).toBe(65);
  });

  it("is content with a sound suite", async () => {
    const root = makeTree({ "pytest.ini": INI, "test_a.py": TEST.replace("@pytest.mark.payments_eu\n", "") });
    const { code, stdout } = await run(root, []);
    expect(stdout).toMatch(/^Nothing found\. \(1 file, 6 lines, /);
    expect(code).toBe(0);
  });

  it("fails for what it is told to fail for", async () => {
    const root = suite();
    expect((await run(root, [])).code).toBe(0);
    expect((await run(root, ["--fail-on", "warning"])).code).toBe(65);
  });

  it("looks for one area, in one folder, and reads what is around it", async () => {
    const root = suite({ "other/test_b.py": TEST.replace("eu", "us"), "tests/bad.py": "def f(:\n" });
    const only = await report(root, ["markers", "tests"]);
    expect(only).toMatchObject({
      areas: ["markers"],
      folder: "tests",
      files: 3,
      configuration: "pytest.ini",
    });
    expect(codes(only)).toEqual(["LINT_SYNTAX_ERROR", "MARKER_UNREGISTERED"]);
    // Markers of the other folder are read: what is registered for them is in use.
    expect(codes(await report(root, ["awaits"]))).toEqual(["LINT_SYNTAX_ERROR"]);
    const inside = await runCli(["lint", "--json"], { cwd: join(root, "tests") });
    expect((JSON.parse(inside.stdout) as LintReport).root).toBe(only.root);
  });

  it("tells of files that are no text, and lints the rest", async () => {
    const found = await report(
      suite({
        "tests/latin.py": Buffer.from("# coding: latin-1\nx = 'é'\n", "latin1"),
        "tests/bytes.py": Buffer.from("x = 'é'\n", "latin1"),
        "tests/nul.py": "x\0",
        "tox.ini": Buffer.from("[tox]\nx = é\n", "latin1"),
      }),
    );
    expect(found.findings.map(({ id }) => id)).toEqual([
      "LINT_NOT_TEXT:tests/bytes.py",
      "LINT_NOT_TEXT:tests/nul.py",
      "MARKER_UNREGISTERED:payments_eu",
      "LINT_NOT_TEXT:tox.ini",
    ]);
  });

  it.each([
    [["nowhere"], /"nowhere" is no folder/],
    [["pytest.ini"], /it is a file/],
    [["tests", "tests"], /"tests" is no area.\nExpected markers or awaits/],
    [["--json", "--sarif"], /both write to stdout/],
    [["--yes"], /--yes goes with --fix/],
    [["--fix"], /there is nobody to ask/],
    [["--fix", "--yes", "--dry-run"], /give one/],
    [["--report", "pdf=x"], /"pdf=x" names no report format/],
    [["--fail-on", "anything"], /error, warning, note/],
  ])("refuses %j", async (args, expected) => {
    const { code, stdout, stderr } = await run(suite(), args);
    expect(stderr).toMatch(expected);
    expect(stdout).toBe("");
    expect(code).toBe(64);
  });
});

describe("its reports", () => {
  it("has SARIF on stdout with names relative to the repository", async () => {
    const root = makeTree({ ".git/HEAD": "", "svc a/pytest.ini": INI, "svc a/test_a.py": TEST });
    const { stdout } = await run(join(root, "svc a"), ["--sarif"]);
    const [first] = (JSON.parse(stdout) as Sarif).runs;
    expect(first?.tool.driver.rules.map(({ id }) => id)).toEqual(["MARKER_UNREGISTERED"]);
    expect(first?.results[0]).toMatchObject({
      ruleId: "MARKER_UNREGISTERED",
      ruleIndex: 0,
      level: "warning",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "svc%20a/test_a.py" },
            region: { startLine: 5, startColumn: 14 },
          },
        },
      ],
    });
  });

  it("writes files, and says with its exit code when it cannot", async () => {
    const root = suite();
    const given = [
      "--report",
      "sarif=out/l.sarif",
      "--report",
      "json=l.json",
      "--report",
      "codequality=q.json",
    ];
    expect((await run(root, given)).code).toBe(0);
    expect((JSON.parse(readFileSync(join(root, "out/l.sarif"), "utf8")) as Sarif).runs).toHaveLength(1);
    expect(codes(JSON.parse(readFileSync(join(root, "l.json"), "utf8")) as LintReport)).toEqual([
      "MARKER_UNREGISTERED",
    ]);
    expect(JSON.parse(readFileSync(join(root, "q.json"), "utf8"))).toMatchObject([
      {
        check_name: "MARKER_UNREGISTERED",
        severity: "minor",
        location: { path: "tests/test_a.py", lines: { begin: 5 } },
      },
    ]);
    const failed = await run(root, ["--report", "sarif=pytest.ini/x"]);
    expect(failed.stderr).toMatch(/the report sarif=pytest.ini\/x was not written/);
    expect(failed.code).toBe(73);
  });

  it("annotates a job of GitHub Actions, unless told not to", async () => {
    const root = suite();
    const env = { GITHUB_ACTIONS: "true" };
    expect((await run(root, [], env)).stderr).toMatch(
      /^::warning file=tests\/test_a\.py,line=5,col=14,title=MARKER_UNREGISTERED::/,
    );
    expect((await run(root, ["--no-ci"], env)).stderr).toBe("");
  });
});

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly unknown[];
  }[];
}

describe("greenlight lint --fix", () => {
  it("shows a diff and writes nothing with --dry-run", async () => {
    const root = suite();
    const { code, stdout } = await run(root, ["--fix", "--dry-run"]);
    expect(stdout).toContain("--- a/pytest.ini\n+++ b/pytest.ini\n@@ -1,3 +1,4 @@\n");
    expect(stdout).toContain("+    payments_eu: ");
    expect(stdout).toContain("Would put right 1 finding in 1 file. Nothing was written.");
    expect(stdout).toContain("  1. greenlight lint --fix --yes writes that.\n");
    expect(readFileSync(join(root, "pytest.ini"), "utf8")).toBe(INI);
    expect(code).toBe(0);
  });

  it("writes, finds nothing more of what it has put right, and is undone", async () => {
    const root = suite();
    const fixed = await report(root, ["--fix", "--yes"]);
    expect(fixed).toMatchObject({
      findings: [],
      fix: { outcome: "written", files: ["pytest.ini"], fixed: 1 },
    });
    expect(readFileSync(join(root, "pytest.ini"), "utf8")).toContain("payments_eu");
    expect((await report(root)).findings).toEqual([]);
    expect((await report(root, ["--fix", "--yes"])).fix).toMatchObject({ outcome: "nothing", files: [] });

    const { runs } = JSON.parse((await run(root, ["runs", "--json"])).stdout) as RunsReport;
    expect(runs).toMatchObject([{ run: fixed.fix?.run, files: 1, changed: 1, restored: 0, changedSince: 0 }]);
    const undone = await run(root, ["undo", fixed.fix?.run ?? ""]);
    expect(undone).toMatchObject({ code: 0, stdout: "Restored 1 file.\n" });
    expect(readFileSync(join(root, "pytest.ini"), "utf8")).toBe(INI);
    expect((await run(root, ["runs"])).stdout).toMatch(
      /1 run of --fix\.[\s\S]*0 as it left them, 1 as before/,
    );
  });

  it("makes a pytest.ini where nothing configures pytest, with which pytest is content, and takes it away again", async () => {
    const root = makeTree({ "test_a.py": TEST });
    const fixed = await report(root, ["--fix", "--yes"]);
    expect(fixed).toMatchObject({
      findings: [],
      fix: { outcome: "written", files: ["pytest.ini"], fixed: 2 },
    });
    expect(readFileSync(join(root, "pytest.ini"), "utf8")).toBe(
      "[pytest]\nmarkers =\n    registered: to be described\n    payments_eu: to be described\n",
    );
    for (const pytest of installedPytests())
      expect(collectAfresh(pytest, root), pytest.version).toMatchObject({ code: 0, refused: [] });
    const undone = await run(root, ["undo", fixed.fix?.run ?? ""]);
    expect(undone).toMatchObject({ code: 0, stdout: "Removed 1 file that the run had made.\n" });
    expect(existsSync(join(root, "pytest.ini"))).toBe(false);
  });

  it("makes none in a folder that is only asked about", async () => {
    const root = makeTree({ "tests/test_a.py": TEST, "conftest.py": "" });
    const { fix } = await report(root, ["tests", "--fix", "--yes"]);
    expect(fix).toMatchObject({ outcome: "nothing", files: [] });
    expect(existsSync(join(root, "tests/pytest.ini"))).toBe(false);
  });

  it("keeps line ends and an absent end of the last line", async () => {
    const root = suite({ "pytest.ini": INI.replaceAll("\n", "\r\n").trimEnd() });
    expect((await report(root, ["--fix", "--yes"])).fix?.outcome).toBe("written");
    const text = readFileSync(join(root, "pytest.ini"), "utf8");
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    expect(text).toMatch(/payments_eu: [^\r\n]+$/);
  });

  it("is not undone over somebody's work", async () => {
    const root = suite();
    const { fix } = await report(root, ["--fix", "--yes"]);
    writeFileSync(join(root, "pytest.ini"), "[pytest]\n");
    const { code, stdout } = await run(root, ["undo", fix?.run ?? "", "--json"]);
    expect(JSON.parse(stdout) as UndoReport).toMatchObject({
      ok: false,
      files: [{ file: "pytest.ini", action: "refused", reason: "it has been changed since the run" }],
    });
    expect(code).toBe(65);
    expect(readFileSync(join(root, "pytest.ini"), "utf8")).toBe("[pytest]\n");
  });

  it("touches nothing when its journal cannot be written", async () => {
    const root = suite();
    const { code, stderr } = await run(root, ["--fix", "--yes"], {
      XDG_STATE_HOME: join(root, "pytest.ini"),
    });
    expect(stderr).toMatch(/the journal cannot be written to .*: ENOTDIR\.\nNo file was changed\./);
    expect(code).toBe(73);
    expect(readFileSync(join(root, "pytest.ini"), "utf8")).toBe(INI);
  });

  it("knows no run that was not", async () => {
    const { code, stderr } = await run(suite(), ["undo", "20260101T000000-abcdef"]);
    expect(stderr).toMatch(
      /there is no run "20260101T000000-abcdef" in .*\nNo --fix has written anything yet/,
    );
    expect(code).toBe(64);
  });
});
