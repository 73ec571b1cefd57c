import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useEnvironment } from "../support/environment.ts";
import { runCli } from "./run-cli.ts";
import { fresh, PYTHON, pytest, runSuite } from "./run-suite.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const env = {
  DATABASE_URL: environment.dependencies.get("postgres")!.url(),
  REDIS_URL: environment.dependencies.get("redis")!.url(),
};
const quick = ["--suite", "database", "--stable", "100ms", "--timeout", "20s"];
const shell = (script: string): string[] => ["sh", "-c", script];

describe("pytest in a fit environment", () => {
  test("that passes ends with 0, and every test has its time", async () => {
    const { code, record, stdout, stderr } = await runSuite(quick, pytest(["test_fit.py"]), { env });
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(record).toMatchObject({
      outcome: "passed",
      exitCode: 0,
      gate: { verdict: "go" },
      child: { exitCode: 0 },
      triage: { counts: { total: 2, passed: 2, failed: 0, skipped: 0 }, judged: [] },
    });
    expect(stdout).toContain("2 passed");
    expect(stdout).not.toContain("generated xml file");
    expect(stderr).toMatch(/^Passed: 2 tests passed\.$/m);
  });

  test("that fails ends with pytest's own 1, and blames no environment", async () => {
    const { code, record, stderr } = await runSuite(quick, pytest(["test_fit.py", "test_product.py"]), {
      env,
    });
    expect(code).toBe(1);
    expect(record).toMatchObject({
      outcome: "failed",
      triage: { byAttribution: { test: 1, environment: 0 } },
    });
    expect(record.triage!.judged[0]!.test).toMatchObject({
      name: "test_wrong",
      interval: { precision: "exact" },
    });
    expect(stderr).toContain("test_wrong");
  });

  test("on several processes is the same, with the time of each test", async () => {
    const { code, record } = await runSuite(quick, pytest(["test_fit.py", "test_product.py"], "-n", "2"), {
      env,
    });
    expect(code).toBe(1);
    expect(record.triage!.counts).toEqual({ total: 3, passed: 2, failed: 1, skipped: 0 });
    expect(record.triage!.judged[0]!.test.interval).toMatchObject({ precision: "exact" });
  });

  test("that selects nothing, or skips all, is never a pass", async () => {
    const runs = await Promise.all([
      runSuite(quick, pytest(["test_fit.py"], "-k", "no_such_test"), { env }),
      runSuite(quick, pytest(["test_skipped.py"]), { env }),
      runSuite(quick, pytest(["test_fit.py"], "--collect-only"), { env }),
      runSuite([...quick, "--no-inject"], pytest(["test_fit.py"], "-k", "no_such_test"), { env }),
    ]);
    expect(runs.map(({ code, record }) => [code, record.outcome])).toEqual([
      [76, "no-tests"],
      [76, "no-tests"],
      [76, "no-tests"],
      [76, "no-tests"],
    ]);
    expect(runs[1].record.summary).toBe("No test was executed: all 2 were skipped.");
  });

  test("with a report of its own keeps it where it is, and that one is read", async () => {
    const path = fresh("own.xml");
    // Left of an earlier run, with a failure.
    writeFileSync(path, '<testsuite><testcase name="old"><failure message="old"/></testcase></testsuite>');
    const { code, record } = await runSuite(quick, pytest(["test_fit.py"], `--junitxml=${path}`), { env });
    expect({ code, junit: record.junit }).toEqual({ code: 0, junit: [path] });
    expect(readFileSync(path, "utf8")).toContain('name="greenlight.start"');
  });

  test("that ends before it writes its report is no pass, whatever an older one says", async () => {
    const path = fresh("old.xml");
    writeFileSync(path, '<testsuite><testcase name="old"/></testsuite>');
    const leave = fresh("leave");
    mkdirSync(leave);
    writeFileSync(join(leave, "test_leave.py"), "import os\ndef test_leave():\n    os._exit(0)\n");
    const command = [PYTHON, "-m", "pytest", "-p", "no:cacheprovider", `--junitxml=${path}`, leave];
    const { code, record } = await runSuite(quick, command, { env });
    expect({ code, summary: record.summary }).toEqual({
      code: 76,
      summary:
        "No test was executed: the command ended with 0, and pytest left no report, so that nothing shows that a test ran.",
    });
  });

  test("--no-inject leaves pytest's variables alone; values that are there are kept otherwise", async () => {
    const script = 'echo "[$PYTEST_ADDOPTS] [$PYTHONPATH]"';
    const given = { ...env, PYTEST_ADDOPTS: "-q", PYTHONPATH: "/given" };
    const fake = fresh("pytest-home");
    mkdirSync(fake);
    const program = join(fake, "pytest");
    writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const [plain, injected] = await Promise.all([
      runSuite([...quick, "--no-inject"], [program], { env: given }),
      runSuite(quick, [program], { env: given }),
    ]);
    expect(plain.stdout).toBe("[-q] [/given]\n");
    expect(injected.stdout).toMatch(/^\[-q -p greenlight_times\] \[\/.+:\/given\]\n$/);
    expect(injected.code).toBe(0);
  });
});

describe("what the command is handed and gives back", () => {
  test("it knows the suite, the verdict and the run, and not the token, unless it is passed", async () => {
    const script = 'echo "$GREENLIGHT_SUITE $GREENLIGHT_VERDICT [$GREENLIGHT_TOKEN] $GREENLIGHT_RUN_ID"';
    const given = { ...env, GREENLIGHT_TOKEN: "canary-token-77aa" };
    const withheld = await runSuite(quick, shell(script), { env: given });
    expect(withheld.stdout).toMatch(/^database go \[\] [\da-f-]{36}\n$/);
    const passed = await runSuite([...quick, "--pass-token"], shell(script), { env: given });
    expect(passed.stdout).toContain("[canary-token-77aa]");
  });

  test("every byte passes, also what looks like commands of a CI system", async () => {
    const ci = { ...env, GITHUB_ACTIONS: "true" };
    const { code, stdout, stderr } = await runSuite(quick, pytest(["test_hostile.py"], "-s"), { env: ci });
    expect(code).toBe(1);
    expect(stdout).toContain("::error::printed");
    expect(stdout).toContain("\u001B[31mred\u001B[0m\n");
    expect(stderr).not.toMatch(/^::error::planted/m);
    expect(stderr).not.toContain("\u001B[31m");
  });

  test("arguments are untouched, two dashes and our own options among them", async () => {
    const { stdout } = await runSuite(
      quick,
      ["printf", "<%s>", "--", "--suite", "-h", "a b", "", "$HOME", "--junit"],
      { env },
    );
    expect(stdout).toBe("<--><--suite><-h><a b><><$HOME><--junit>");
  });

  test.each([
    ["exit 42", 42, "failed"],
    ["kill -KILL $$", 137, "not-run"],
    ["kill -TERM $$", 143, "not-run"],
    ["exit 5", 5, "failed"],
  ])("%s ends with %i", async (script, exitCode, outcome) => {
    const { code, record } = await runSuite(quick, shell(script), { env });
    expect({ code, outcome: record.outcome }).toEqual({ code: exitCode, outcome });
  });

  test("--json has stdout for the record alone; what the command writes goes to stderr", async () => {
    const { stdout, stderr, code } = await runSuite([...quick, "--json"], shell("echo out; exit 3"), { env });
    expect(JSON.parse(stdout)).toMatchObject({ command: "run", outcome: "failed", exitCode: 3 });
    expect(stderr).toMatch(/^out$/m);
    expect(code).toBe(3);
  });
});

const report = (body: string): string => `<testsuites><testsuite name="s">${body}</testsuite></testsuites>`;

async function runWriting(xml: string, exit: number, more: readonly string[] = []) {
  const path = fresh("junit.xml");
  const source = fresh("source.xml");
  writeFileSync(source, xml);
  return runSuite([...quick, "--junit", path, ...more], shell(`cp ${source} ${path}; exit ${exit}`), {
    env,
  });
}

describe("the reports of other runners", () => {
  test("that hold a failure make a 0 a 1, and it is said aloud", async () => {
    const { code, stderr } = await runWriting(
      report('<testcase name="a"><failure message="1 != 2"/></testcase>'),
      0,
    );
    expect(code).toBe(1);
    expect(stderr).toContain("Failed: the command ended with 0, but its reports hold 1 failed test.");
  });

  test("that hold no test, or only skipped ones, are no pass", async () => {
    const [none, skipped] = await Promise.all([
      runWriting(report(""), 0),
      runWriting(report('<testcase name="a"><skipped/></testcase>'), 0),
    ]);
    expect([none.code, skipped.code]).toEqual([76, 76]);
  });

  test.each([
    ["is cut off", '<testsuites><testsuite name="s"><testcase name="a"><failure mess', 7],
    ["is no XML", "not a report", 7],
    [
      "expands entities",
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuites>&b;</testsuites>',
      7,
    ],
    ["is cut off, of a command that passed", '<testsuites><testsuite name="s"><testcase name="a"/>', 0],
  ])("one that %s leaves the command's code", async (_, xml, exit) => {
    const { code, stderr, record } = await runWriting(xml, exit);
    expect(code).toBe(exit);
    expect(record.triage!.faults).toHaveLength(1);
    expect(stderr).toContain("junit.xml");
  });

  test("one that is empty shows no test, so that a 0 is no pass", async () => {
    const { code, stderr } = await runWriting("", 0);
    expect(code).toBe(76);
    expect(stderr).toContain("No test was executed: the reports could not be read whole");
  });

  test("one whose suite counts a failure that no test tells makes a 0 a 1", async () => {
    const { code, stderr } = await runWriting(
      '<testsuites><testsuite name="s" failures="0" errors="1"><testcase name="a"/></testsuite></testsuites>',
      0,
    );
    expect(code).toBe(1);
    expect(stderr).toContain("junit.xml: expected 1 failures and errors in its tests");
  });

  test("of several that were asked for, one that was not written is named, and so nothing is excused", async () => {
    const missing = fresh("second.xml");
    const { code, record } = await runWriting(report('<testcase name="a"/>'), 0, ["--junit", missing]);
    expect(code).toBe(0);
    expect(record.triage!.faults).toEqual([
      { file: missing, expected: "a report that this run wrote", found: "none" },
    ]);
  });

  test("of an earlier run are named, not read; without any of its own a 0 is no pass", async () => {
    const path = fresh("earlier.xml");
    writeFileSync(path, report('<testcase name="old"/>'));
    const { code, record } = await runSuite([...quick, "--junit", path], shell("exit 0"), { env });
    expect(code).toBe(76);
    expect(record.notes).toContain(`Not written by this run, and so not read: ${path}.`);
    const failed = await runSuite([...quick, "--junit", path], shell("exit 4"), { env });
    expect(failed.code).toBe(4);
  });

  test("a report of ours that cannot be written leaves the command's code", async () => {
    const { code, stderr } = await runSuite(
      [...quick, "--report", "tap=/dev/null/no/report.tap"],
      shell("exit 9"),
      { env },
    );
    expect(code).toBe(9);
    expect(stderr).toContain("/dev/null/no/report.tap");
  });
});

describe("nothing is started", () => {
  test("without a command: 64", async () => {
    const { code, stderr } = await runCli(["run", ...quick], { env });
    expect(code).toBe(64);
    expect(stderr).toContain("there is no command to run");
  });

  test("for a command that is not there: 127, and one that is not executable: 126", async () => {
    const file = fresh("plain.sh");
    writeFileSync(file, "exit 0\n", { mode: 0o644 });
    const [missing, plain] = await Promise.all([
      runCli(["run", ...quick, "--", "no-such-command-5e"], { env }),
      runCli(["run", ...quick, "--", file], { env }),
    ]);
    expect([missing.code, plain.code]).toEqual([127, 126]);
    expect(missing.stderr).toContain('the command "no-such-command-5e" was not found in PATH.');
    expect(plain.stderr).toContain(`chmod +x ${file}`);
  });

  test("with a wrong password: 69 within 2 s, and no password is shown", async () => {
    const marker = fresh("started");
    const wrong = new URL(env.DATABASE_URL);
    wrong.password = "canary-wrong-password-31";
    const given = { ...env, DATABASE_URL: wrong.href };
    const { code, tookMs, stdout, stderr, record } = await runSuite(quick, shell(`touch ${marker}`), {
      env: given,
    });
    expect(code).toBe(69);
    expect(tookMs).toBeLessThan(2000);
    expect(stdout).toBe("");
    expect(`${stderr}${JSON.stringify(record)}`).not.toContain("canary-wrong-password-31");
    expect(record).toMatchObject({ outcome: "unfit", gate: { verdict: "stop" } });
    expect(record.child).toBeUndefined();
    expect(() => readFileSync(marker)).toThrow("ENOENT");
  });

  test("when it does not become fit in time: 75", async () => {
    const marker = fresh("started");
    const given = { ...env, REDIS_URL: "redis://127.0.0.1:1" };
    const args = ["--suite", "database", "--timeout", "1s"];
    const { code, record } = await runSuite(args, shell(`touch ${marker}`), { env: given });
    expect({ code, outcome: record.outcome }).toEqual({ code: 75, outcome: "not-fit-in-time" });
    expect(() => readFileSync(marker)).toThrow("ENOENT");
  });

  test("with --dry-run: 0, and what would be decided", async () => {
    const marker = fresh("started");
    const { code, stderr } = await runSuite([...quick, "--dry-run"], shell(`touch ${marker}`), { env });
    expect(code).toBe(0);
    expect(stderr).toContain("Dry run, nothing was started.");
    expect(() => readFileSync(marker)).toThrow("ENOENT");
  });
});
