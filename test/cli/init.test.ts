import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { createProgram } from "../../src/commands/program.ts";
import { loadConfig } from "../../src/config/load.ts";
import { generateConfigSchema } from "../../src/docs/schema.ts";
import { runCli } from "./run-cli.ts";

const CANARY = "Xk9canaryQz7";

const COMPOSE = `
services:
  db: { image: "postgres:17", ports: ["127.0.0.1:5433:5432"], environment: { POSTGRES_PASSWORD: ${CANARY} } }
  olap: { image: "clickhouse/clickhouse-server:25.8" }
  cache: { image: "docker.io/valkey/valkey:8", ports: [{ target: 6379, published: "6380" }] }
  web: { build: . }
`;

/** A folder with these files, which is gone after the test. */
async function folderOf(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "greenlight-init-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

async function init(cwd: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const ran = await runCli(["init", ...args], { cwd, env });
  expect(ran.stdout + ran.stderr).not.toContain(CANARY);
  return ran;
}

interface Report {
  found: { what: string; variable?: string; where: string[] }[];
  files: { path: string; action: string; text?: string }[];
  notes: string[];
  nextSteps: string[];
}

async function report(cwd: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await init(cwd, ["--json", ...args], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Report;
}

const textOf = (cwd: string, path: string) => readFile(join(cwd, path), "utf8");

/** What the loader makes of the file that was written. */
async function load(cwd: string, env: Readonly<Record<string, string>>) {
  const text = await textOf(cwd, "greenlight.yaml");
  expect(text).not.toContain(CANARY);
  expect(new Ajv({ strict: false }).compile(generateConfigSchema())(parse(text))).toBe(true);
  const result = await loadConfig({ env, file: { path: "greenlight.yaml", text } });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  expect(result.warnings).toEqual([]);
  return result.config;
}

const URLS = {
  DATABASE_URL: "postgres://u:p@h/d",
  CLICKHOUSE_URL: "http://c:8123",
  REDIS_URL: "redis://r",
};

interface Step {
  name?: string;
  run?: string;
}

/** The command line of the one step that runs the tests. */
async function githubCommand(cwd: string) {
  const workflow = parse(await textOf(cwd, ".github/workflows/greenlight.yml")) as {
    on: object;
    jobs: { test: { env?: Record<string, string>; steps: Step[] } };
  };
  expect(Object.keys(workflow.on)).toEqual(["push", "pull_request"]);
  const { env = {}, steps } = workflow.jobs.test;
  const runs = steps.flatMap(({ run }) => (run?.startsWith("greenlight run ") ? [run] : []));
  expect(runs).toHaveLength(1);
  return { env, command: runs[0] ?? "", steps };
}

describe("greenlight init", () => {
  test("finds databases in variables, env files and Compose, and writes what refers to them alone", async () => {
    const cwd = await folderOf({
      ".env.example": `# REDIS_URL=redis://old\nexport DATABASE_URL="postgres://app:${CANARY}@db/app"\nSECRET=${CANARY}\n`,
      "docker-compose.yml": COMPOSE,
      "pyproject.toml": "[tool.pytest.ini_options]\n",
      ".git/config": `[remote "origin"]\n  url = https://u:${CANARY}@gitlab.example.com/a/b.git\n`,
      ".github/workflows/ci.yml": "on: push\n",
    });
    const { code, stdout, stderr } = await init(cwd, [], { CLICKHOUSE_URL: `http://u:${CANARY}@c:8123` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const words = stdout.replaceAll(/ +/g, " ");
    expect(words).toMatch(/^Wrote greenlight\.yaml and \.github\/workflows\/greenlight\.yml\.\n/);
    for (const line of [
      " postgres DATABASE_URL .env.example:2",
      " docker-compose.yml, service db (postgres:17)",
      " clickhouse CLICKHOUSE_URL set here",
      " docker-compose.yml, service olap (clickhouse/clickhouse-server:25.8)",
      " redis REDIS_URL docker-compose.yml, service cache (docker.io/valkey/valkey:8)",
      " pytest pyproject.toml",
      " 1. Start the databases: docker compose up --detach db olap cache",
      " 2. Copy .env.example to .env, fill it in, and load it (DATABASE_URL): set -a; . ./.env; set +a",
      " 3. Set REDIS_URL, such as: export REDIS_URL='redis://:PASSWORD@localhost:6380/0'",
    ]) {
      expect(words).toContain(`\n${line}\n`);
    }
    const config = await load(cwd, URLS);
    expect(config.environment).toBe("test");
    expect(config.suites.map(({ name }) => name)).toEqual(["database", "all"]);
    expect(config.suites[0]?.requirements.map(({ dependency }) => dependency)).toEqual([
      "postgres",
      "clickhouse",
      "redis",
    ]);
    const { env, command, steps } = await githubCommand(cwd);
    expect(env).toEqual({
      DATABASE_URL: "${{ secrets.DATABASE_URL }}",
      CLICKHOUSE_URL: "${{ secrets.CLICKHOUSE_URL }}",
      REDIS_URL: "${{ secrets.REDIS_URL }}",
    });
    expect(command).toMatch(
      /^greenlight run --suite database .*--report junit=reports\/greenlight\.xml .*-- pytest --junit-xml=reports\/junit\.xml$/,
    );
    expect(steps.map(({ run }) => run)).toContain(
      "docker compose --file docker-compose.yml up --detach db olap cache",
    );
  });

  test("what was written lets `config check` pass", async () => {
    const cwd = await folderOf();
    await init(cwd, [], URLS);
    const { code, stdout } = await runCli(["config", "check"], { cwd, env: URLS });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Valid: 3 dependencies"),
    });
  });

  test("takes a variable of another name by its scheme, and says which it leaves out", async () => {
    const cwd = await folderOf({
      ".env": `PRIMARY=postgresql://u:${CANARY}@h/d\nREPLICA='postgres://u:${CANARY}@h/d'\nCACHE=rediss://h\nMONGO=mongodb://h\n`,
    });
    const { notes, nextSteps } = await report(cwd, ["--ci", "github"]);
    expect(notes).toEqual([
      "REPLICA looks like another postgres; one of each kind is observed, here that of PRIMARY.",
    ]);
    expect(nextSteps[0]).toBe("Load .env (PRIMARY, CACHE): set -a; . ./.env; set +a");
    const config = await load(cwd, { PRIMARY: "postgres://h/d", CACHE: "rediss://h" });
    expect(config.dependencies.map(({ name }) => name)).toEqual(["postgres", "redis"]);
    expect((await githubCommand(cwd)).env).toMatchObject({ PRIMARY: "${{ secrets.PRIMARY }}" });
  });

  test("says of a URL that Greenlight does not read what is wrong with it", async () => {
    const cwd = await folderOf({ ".env": `DATABASE_URL=postgresql+asyncpg://u:${CANARY}@h/d\nPGHOST=h\n` });
    const { notes, found } = await report(cwd);
    expect(notes).toEqual([
      "DATABASE_URL in .env:1 begins with postgresql+asyncpg://, which is no URL of postgres that Greenlight reads.",
    ]);
    expect(found).toContainEqual({ what: "postgres", variable: "DATABASE_URL", where: ["PGHOST, .env:2"] });
  });

  test("the auth service and WebSocket make a suite e2e; without a database CI runs `all`", async () => {
    const cwd = await folderOf({
      ".env": "AUTH_URL=https://auth.example.com\nWS_URL=wss://live.example.com\n",
    });
    await init(cwd);
    const config = await load(cwd, {
      AUTH_URL: "https://auth.example.com",
      WS_URL: "wss://live.example.com",
    });
    expect(config.suites.map(({ name }) => name)).toEqual(["all", "e2e"]);
    expect((await githubCommand(cwd)).command).toContain("--suite all");
  });

  test("in an empty folder it writes what loads, and says first what to fill in", async () => {
    const cwd = await folderOf();
    const { found, nextSteps } = await report(cwd);
    expect(found).toEqual([]);
    expect(nextSteps[0]).toBe(
      "Name what your tests need in greenlight.yaml: nothing was recognised in this folder.",
    );
    expect(nextSteps).toContain(
      "Put the command of your tests in place of ./run-tests in .github/workflows/greenlight.yml.",
    );
    const result = await loadConfig({
      env: {},
      file: { path: "greenlight.yaml", text: await textOf(cwd, "greenlight.yaml") },
    });
    expect(result).toMatchObject({ ok: true, config: { environment: "test", dependencies: [] } });
    expect((await githubCommand(cwd)).command).toContain("-- ./run-tests");
  });
});

describe("greenlight init and the files that are there", () => {
  test("--dry-run shows them and writes nothing", async () => {
    const cwd = await folderOf();
    const { code, stdout } = await init(cwd, ["--dry-run"], URLS);
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing was written (--dry-run).");
    expect(stdout).toContain("url: ${DATABASE_URL}");
    expect(await readdir(cwd)).toEqual([]);
    const { files } = await report(cwd, ["--dry-run"], URLS);
    expect(files).toMatchObject([
      { path: "greenlight.yaml", action: "would be written", text: expect.stringContaining("postgres:") },
      { path: ".github/workflows/greenlight.yml", action: "would be written" },
    ]);
  });

  test("another file is kept without --force, and replaced with it", async () => {
    const own = "dependencies: { redis: { url: '${MY_CACHE}' } }\n";
    const cwd = await folderOf({ "greenlight.yaml": own });
    expect((await report(cwd, [], URLS)).files).toEqual([
      { path: "greenlight.yaml", action: "kept" },
      { path: ".github/workflows/greenlight.yml", action: "written" },
    ]);
    expect(await textOf(cwd, "greenlight.yaml")).toBe(own);
    expect((await githubCommand(cwd)).env).toEqual({ MY_CACHE: "${{ secrets.MY_CACHE }}" });
    expect((await report(cwd, ["--force"], URLS)).files.map(({ action }) => action)).toEqual([
      "replaced",
      "replaced",
    ]);
    expect(await textOf(cwd, "greenlight.yaml")).toContain("${DATABASE_URL}");
    const again = await init(cwd, [], URLS);
    expect(again.stdout).toContain("Nothing was written: all files are there already.");
  });

  test("of a configuration that is kept, CI runs a suite that it has", async () => {
    const own = "dependencies: { http: [{ name: api, url: '${API_URL}' }] }\n";
    const cwd = await folderOf({ "greenlight.yaml": own, ".env": "DATABASE_URL=postgres://h/d\n" });
    await init(cwd);
    const { env, command } = await githubCommand(cwd);
    expect(command).toContain("--suite all ");
    expect(env).toEqual({ API_URL: "${{ secrets.API_URL }}" });
  });

  test("a place that cannot be written is named, with 78", async () => {
    const cwd = await folderOf({ ".github": "a file" });
    const { code, stderr } = await init(cwd);
    expect({ code, stderr }).toMatchObject({
      code: 78,
      stderr: expect.stringContaining(".github/workflows"),
    });
  });

  test.each([["--ci", "jenkins"], ["--cii"], ["more"]])("wrong arguments are 64: %s", async (...args) => {
    const cwd = await folderOf();
    expect((await init(cwd, args)).code).toBe(64);
    expect(await readdir(cwd)).toEqual([]);
  });
});

interface GitlabJob {
  image: string;
  script: string[];
  variables?: Record<string, string>;
  retry: object;
}

describe("greenlight init for GitLab", () => {
  test("without a .gitlab-ci.yml it writes that one, and knows it again", async () => {
    const cwd = await folderOf({ "package.json": JSON.stringify({ devDependencies: { jest: "30" } }) });
    const { nextSteps } = await report(cwd, ["--ci", "gitlab"], URLS);
    expect(nextSteps).toContain("Add Jest's reporter for JUnit XML: npm install --save-dev jest-junit");
    const { greenlight } = parse(await textOf(cwd, ".gitlab-ci.yml")) as { greenlight: GitlabJob };
    expect(greenlight).toMatchObject({
      image: "node:24",
      variables: { JEST_JUNIT_OUTPUT_FILE: "reports/junit.xml" },
      retry: { max: 1, exit_codes: [75] },
    });
    expect(greenlight.script[0]).toMatch(
      /^greenlight run --suite database .*--report gitlab=.*-- npx jest --ci/,
    );
    expect((await report(cwd, [], URLS)).files).toEqual([
      { path: "greenlight.yaml", action: "unchanged" },
      { path: ".gitlab-ci.yml", action: "unchanged" },
    ]);
  });

  test("one of the user's is left alone, also by --force: the job is to be included", async () => {
    const own = "build: { script: [make] }\n";
    const cwd = await folderOf({ ".gitlab-ci.yml": own });
    const { files, nextSteps } = await report(cwd, ["--force"], URLS);
    expect(files.map(({ path }) => path)).toEqual(["greenlight.yaml", ".gitlab/greenlight.yml"]);
    expect(nextSteps).toContain(
      "Include the job in .gitlab-ci.yml: include: [{ local: .gitlab/greenlight.yml }]",
    );
    expect(await textOf(cwd, ".gitlab-ci.yml")).toBe(own);
    expect(parse(await textOf(cwd, ".gitlab/greenlight.yml"))).toHaveProperty("greenlight.script");
  });
});

/** The words that a shell makes of a command line. */
function wordsOf(line: string): string[] {
  const env = { PATH: process.env.PATH ?? "" };
  return execFileSync("sh", ["-c", `printf '%s\\0' ${line}`], { env, encoding: "utf8" })
    .split("\0")
    .slice(0, -1);
}

const never = () => Promise.reject(new Error("not this command"));

/** Whether the command line knows all of it; nothing is run. */
async function accepts(words: readonly string[]): Promise<boolean> {
  const seen: unknown[] = [];
  const run = async (work: unknown) => void seen.push(work);
  const program = await createProgram({ run, serve: never, healthcheck: never });
  await program.parseAsync(["node", ...words]);
  return seen.length === 1;
}

describe("test runners", () => {
  test.each<[runner: string, files: Readonly<Record<string, string>>, command: string]>([
    ["pytest", { "conftest.py": "" }, "pytest --junit-xml=reports/junit.xml"],
    ["pytest", { "requirements.txt": "flask\npytest==9\n" }, "pytest --junit-xml=reports/junit.xml"],
    ["pytest", { "pytest.ini": "", "uv.lock": "" }, "uv run pytest --junit-xml=reports/junit.xml"],
    ["vitest", { "vitest.config.ts": "" }, "npx vitest run --reporter=default --reporter=junit"],
    ["vitest", { "package.json": '{"devDependencies":{"vitest":"5"}}' }, "npx vitest run"],
    ["jest", { "jest.config.js": "" }, "npx jest --ci --reporters=default --reporters=jest-junit"],
    ["playwright", { "playwright.config.ts": "" }, "npx playwright test --reporter=line,junit"],
    ["go test", { "go.mod": "module a" }, "gotestsum --junitfile reports/junit.xml ./..."],
    ["maven", { "pom.xml": "<project/>" }, "mvn --batch-mode verify"],
  ])("%s, shown by %o", async (runner, files, command) => {
    const cwd = await folderOf(files);
    const [where] = Object.keys(files);
    expect((await report(cwd)).found).toEqual([{ what: runner, where: [where] }]);
    const written = await githubCommand(cwd);
    expect(written.command).toContain(`-- ${command}`);
    expect(written.command).toContain("--junit '");
    const words = wordsOf(written.command);
    expect(words).toContain("json=reports/greenlight.json");
    expect(await accepts(words)).toBe(true);
  });

  test("a package.json that is none, and a Compose file that is none, do no harm", async () => {
    const cwd = await folderOf({ "package.json": "{", "compose.yaml": "a: [" });
    expect((await report(cwd)).notes).toEqual(["compose.yaml could not be read as a Compose file."]);
  });
});
