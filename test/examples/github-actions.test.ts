import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseReportRequests } from "../../src/views/reports/request.ts";
import {
  gateCommands,
  optionsOf,
  readYaml,
  runStep,
  type Step,
  useFolder,
  writeExecutable,
} from "./pipeline.ts";

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: object;
        readonly "timeout-minutes": number;
        readonly needs?: string | string[];
        readonly if?: string;
        readonly env?: Readonly<Record<string, string>>;
        readonly steps: readonly Step[];
      }
    >
  >;
}

const workflow = readYaml("examples/github-actions/greenlight.yml") as Workflow;
const jobs = Object.entries(workflow.jobs);
const steps = jobs.flatMap(([, job]) => job.steps);
const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
const folder = useFolder();
const newFolder = () => mkdtempSync(join(folder, "step-"));

const scriptOf = (job: string, name: string): string => {
  const run = workflow.jobs[job]?.steps.find((step) => step.name === name)?.run;
  if (run === undefined) throw new Error(`${job} has no step ${name}`);
  return run;
};

/** A `greenlight` that ends with one code after the other and writes down how it was called. */
function fakeGreenlight(cwd: string, codes: readonly number[]): { PATH: string; calls: () => string[] } {
  writeFileSync(join(cwd, "codes"), codes.map((code) => `${code}\n`).join(""));
  const script = `#!/bin/sh\necho "$@" >> calls\nread code < codes\nsed -i 1d codes\nexit "$code"\n`;
  writeExecutable(join(cwd, "bin/greenlight"), script);
  return {
    PATH: `${join(cwd, "bin")}:${process.env["PATH"] ?? ""}`,
    calls: () => readFileSync(join(cwd, "calls"), "utf8").trim().split("\n"),
  };
}

test("the flags of every greenlight command exist, and its reports can be read", async () => {
  const commands = scripts.flatMap(gateCommands);
  expect(commands.map(({ command }) => command)).toEqual(["run", "wait", "run"]);
  for (const { command, words } of commands) {
    const flags = words.filter((word) => word.startsWith("--"));
    expect([...(await optionsOf(command))]).toEqual(expect.arrayContaining(flags));
    const reports = words.filter((_, index) => words[index - 1] === "--report");
    expect(parseReportRequests(reports.map((report) => report.replaceAll('"', "")))).toHaveLength(
      reports.length,
    );
  }
});

test("no job may more than it needs, or runs for ever", () => {
  expect(workflow.permissions).toEqual({});
  for (const [name, job] of jobs) {
    const token = job.steps.some(({ uses }) => uses?.startsWith("google-github-actions/auth"));
    const own = { contents: "read", ...(token ? { "id-token": "write" } : {}) };
    expect(job.permissions, name).toEqual(name === "result" ? {} : own);
    expect(job["timeout-minutes"], name).toBeLessThanOrEqual(60);
  }
  const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout"));
  expect(checkouts.map((step) => step.with?.["persist-credentials"])).not.toContain(undefined);
});

test("no script holds an expression, and every action is pinned", () => {
  expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  const uses = steps.flatMap((step) => step.uses ?? []);
  expect(uses.filter((action) => !/^[\w-]+\/[\w-]+@v\d+$/.test(action))).toEqual([]);
});

test("when Greenlight is installed from source, then the command is on PATH and runs", async () => {
  const cwd = newFolder();
  const pathFile = join(cwd, "path");
  // What `npm ci` would bring is there already.
  symlinkSync(process.cwd(), join(cwd, ".greenlight"));
  const npm = writeExecutable(join(cwd, "bin/npm"), '#!/bin/sh\necho "$@" > npm-calls\n');
  const { PATH = "" } = process.env;
  const env = {
    RUNNER_TEMP: join(cwd, "temp"),
    GITHUB_PATH: pathFile,
    PATH: `${join(npm, "..")}:${join(process.execPath, "..")}:${PATH}`,
  };
  const installed = await runStep(scriptOf("database", "Install Greenlight"), { cwd, env });
  expect(installed).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, "npm-calls"), "utf8")).toBe("ci --omit=dev --prefix .greenlight\n");
  const added = readFileSync(pathFile, "utf8").trim();
  const ran = await runStep("greenlight --version", { cwd, env: { ...env, PATH: `${added}:${env.PATH}` } });
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
});

test.each<[string, number[], number, number]>([
  ["it was the environment's fault once", [75, 0], 2, 0],
  ["it was the environment's fault twice", [75, 75], 2, 75],
  ["somebody has to act", [69, 0], 1, 69],
  ["tests failed in a fit environment", [1, 0], 1, 1],
  ["no test ran", [76, 0], 1, 76],
])("when %s, then the codes %j mean %i tries and the code %i", async (_name, codes, tries, code) => {
  const cwd = newFolder();
  const { PATH, calls } = fakeGreenlight(cwd, codes);
  const script = scriptOf("e2e", "Run the suite, once more if it was the environment's fault");
  expect((await runStep(script, { cwd, env: { PATH } })).code).toBe(code);
  expect(calls()).toHaveLength(tries);
  expect(calls().at(-1)).toContain(`--junit-xml=reports/pytest-${tries}.xml`);
});

test.each([
  [0, /^$/],
  [75, /^::warning::.*again later/],
  [69, /^::error::.*somebody has to act/],
  [77, /^::error::.*token/],
  [78, /^::error::.*exit code 78/],
])("when the wait ends with %i, then the step says what that means and ends with it", async (code, said) => {
  const cwd = newFolder();
  const output = join(cwd, "output");
  const { PATH } = fakeGreenlight(cwd, [code]);
  const script = scriptOf("gate", "Wait for the environment");
  const ran = await runStep(script, { cwd, env: { PATH, GITHUB_OUTPUT: output } });
  expect(ran.code).toBe(code);
  expect(ran.stdout).toMatch(said);
  expect(readFileSync(output, "utf8")).toBe(`code=${code}\n`);
});

test.each<[string, number]>([
  ["success success success", 0],
  ["success failure skipped", 1],
  ["success skipped skipped", 1],
])("when the jobs ended with %s, then the required one ends with %i", async (results, code) => {
  const cwd = newFolder();
  const script = scriptOf("result", "Fail unless all have passed");
  expect((await runStep(script, { cwd, env: { RESULTS: results, EXIT_CODE: "" } })).code).toBe(code);
  const needed = [workflow.jobs["result"]?.needs].flat();
  expect(needed).toEqual(Object.keys(workflow.jobs).filter((name) => name !== "result"));
  expect(workflow.jobs["result"]?.if).toContain("always()");
});
