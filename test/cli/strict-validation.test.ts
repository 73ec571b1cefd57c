import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFinding } from "../../services/findings/create.ts";
import type { FindingSource } from "../../src/findings/source.ts";
import type { RunRecord } from "../../src/views/run-record.ts";
import { useApplication } from "../service/application.ts";
import { useDependency } from "../support/environment.ts";
import { runCli } from "./run-cli.ts";

const redis = await useDependency("redis");
const SECRET = "Xk9canaryQz7";
const REDIS = { REDIS_URL: redis.url() };
const QUICK = ["--stable", "0ms", "--timeout", "20s"];

async function folder(text: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "greenlight-strict-"));
  onTestFinished(() => rm(path, { recursive: true }));
  await writeFile(join(path, "greenlight.yaml"), `environment: development\n${text}`);
  return path;
}

const day = (ahead: number): string =>
  new Date(Date.now() + ahead * 24 * 3_600_000).toISOString().slice(0, 10);

const recordOf = (stdout: string): RunRecord => JSON.parse(stdout) as RunRecord;

const waiver = (ahead: number, reason = "until the migration"): string => `
waivers: [{ finding: "FLAG_BYPASS:BYPASS_IT", reason: ${reason}, owner: team-qa, expires: ${day(ahead)} }]`;

describe("wait --strict-validation", () => {
  const BYPASS = { ...REDIS, BYPASS_IT: SECRET };

  test("stops with 69 for what is found, with its owner, the next steps and the environment", async () => {
    const cwd = await folder("");
    const { code, stdout, stderr } = await runCli(["wait", "--strict-validation", ...QUICK], {
      env: BYPASS,
      cwd,
    });
    expect(code).toBe(69);
    expect(stdout).toMatch(/^Stop: suite all is unfit, and waiting will not help: FLAG_BYPASS:BYPASS_IT\.\n/);
    expect(stdout).toMatch(/^redis +pass/m);
    expect(stdout).toContain("FLAG_BYPASS: BYPASS_IT is set: by its name it turns a check off.");
    expect(stdout).toContain("Owner: configuration.");
    expect(stdout).toMatch(/^Next steps\n {2}1\. FLAG_BYPASS \(configuration\): Take BYPASS_IT out /m);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test("without it the same environment is go, and says what would have stopped it", async () => {
    const cwd = await folder("");
    const { code, stdout } = await runCli(["wait", ...QUICK], { env: BYPASS, cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("Strict validation would stop this suite: FLAG_BYPASS:BYPASS_IT.");
  });

  test("goes with a waiver in force, which is printed with its owner and the days it has left", async () => {
    const cwd = await folder(waiver(12));
    const { code, stdout } = await runCli(["wait", "--strict-validation", ...QUICK], { env: BYPASS, cwd });
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(
      /^1 waiver in force\n {2}- FLAG_BYPASS:BYPASS_IT: until the migration \(team-qa; until /m,
    );
    expect(stdout).toContain("12 days left)");
    const json = await runCli(["wait", "--strict-validation", "--json", ...QUICK], { env: BYPASS, cwd });
    expect(recordOf(json.stdout).gate.evaluation).toMatchObject({
      verdict: "go",
      strict: true,
      waivers: [{ finding: "FLAG_BYPASS:BYPASS_IT", owner: "team-qa", daysLeft: 12 }],
    });
  });

  test("stops when the waiver has expired, and says so", async () => {
    const cwd = await folder(waiver(-1));
    const { code, stdout } = await runCli(["wait", "--strict-validation", "--json", ...QUICK], {
      env: BYPASS,
      cwd,
    });
    expect(code).toBe(69);
    const ids = recordOf(stdout).gate.evaluation.reasons.map(({ finding }) => finding?.id);
    expect(ids).toContain("FLAG_BYPASS:BYPASS_IT");
    expect(ids).toContain("WAIVER_EXPIRED:FLAG_BYPASS:BYPASS_IT");
  });

  test.each<[string, Record<string, string>, string]>([
    ["ENABLE_STRICT_VALIDATION", { ENABLE_STRICT_VALIDATION: "true" }, ""],
    ["`strict: true`", {}, "strict: true"],
    ["a strict policy", {}, "policies: [{ environment: development, strict: true }]"],
  ])("%s does the same", async (_, env, text) => {
    const cwd = await folder(text);
    const { code } = await runCli(["wait", ...QUICK], { env: { ...BYPASS, ...env }, cwd });
    expect(code).toBe(69);
  });

  test("a flag that says false takes nothing of the file away", async () => {
    const cwd = await folder("strict: true");
    const env = { ...BYPASS, ENABLE_STRICT_VALIDATION: "false" };
    expect((await runCli(["wait", ...QUICK], { env, cwd })).code).toBe(69);
  });

  test("holds for URLs too", async () => {
    const cwd = await folder("");
    const { code, stdout } = await runCli(["wait", redis.url(), "--strict-validation", ...QUICK], {
      env: { BYPASS_IT: "1" },
      cwd,
    });
    expect({ code, stdout }).toMatchObject({ code: 69 });
  });

  test("a dry run says so, and ends with 0", async () => {
    const cwd = await folder("");
    const { code, stdout } = await runCli(["wait", "--dry-run", "--strict-validation"], { env: BYPASS, cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Dry run, nothing was started\. Now: stop, it would end at once with 69: FLAG_BYPASS:BYPASS_IT/,
    );
  });

  test("has no use with --invert", async () => {
    const { code } = await runCli(["wait", "--invert", "--strict-validation"], { env: BYPASS });
    expect(code).toBe(64);
  });

  test("the reports that show reasons show findings", async () => {
    const cwd = await folder("");
    const args = ["wait", "--strict-validation", ...QUICK];
    const { code, stderr } = await runCli(
      [...args, "--report", "junit=out.xml", "--report", "markdown=out.md", "--report", "github=-"],
      { env: BYPASS, cwd },
    );
    expect({ code, stderr }).toMatchObject({ code: 69 });
    const junit = await readFile(join(cwd, "out.xml"), "utf8");
    expect(junit).toMatch(/<testcase [^>]*name="FLAG_BYPASS:BYPASS_IT"/);
    expect(junit).toContain("Take BYPASS_IT out");
    const markdown = await readFile(join(cwd, "out.md"), "utf8");
    expect(markdown).toContain("Take BYPASS&#95;IT out");
    expect(junit + markdown + stderr).not.toContain(SECRET);
  });
});

test("run starts nothing when strict validation stops the suite", async () => {
  const cwd = await folder("");
  const { code, stdout } = await runCli(
    ["run", "--strict-validation", ...QUICK, "--", process.execPath, "-e", "console.log('ran')"],
    { env: { ...REDIS, SKIP_IT: "yes" }, cwd },
  );
  expect(code).toBe(69);
  expect(stdout).not.toMatch(/^ran$/m);
});

describe("a policy on the command line", () => {
  test("what it ignores is not in the verdict, and every verdict says so", async () => {
    const cwd = await folder("policies: [{ environment: development, requires: { clickhouse: ignored } }]");
    const env = { ...REDIS, CLICKHOUSE_URL: "http://127.0.0.1:1" };
    const { code, stdout } = await runCli(["wait", ...QUICK], { env, cwd });
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toContain("clickhouse is not in this verdict: the policy for development ignores it.");
  });

  test("what it requires and nothing configures stops the suite, strict or not", async () => {
    const { code, stdout } = await runCli(["wait", ...QUICK], {
      env: { ...REDIS, REQUIRE_POSTGRES_CONNECTION: "true" },
      cwd: await folder(""),
    });
    expect(code).toBe(69);
    expect(stdout).toContain("postgres is required, and nothing observes it.");
  });
});

describe("check", () => {
  test("with --strict-validation stops for what is found; without it says so and passes", async () => {
    const cwd = await folder(waiver(3));
    const env = { ...REDIS, SKIP_IT: "1", BYPASS_IT: "1" };
    const strict = await runCli(["check", "--strict-validation"], { env, cwd });
    expect(strict.code).toBe(69);
    expect(strict.stdout).toMatch(/^Unfit: strict validation stops it: FLAG_BYPASS:SKIP_IT\. Fit: /);
    expect(strict.stdout).toMatch(/1\. (?:FLAG_BYPASS:SKIP_IT: )?Take SKIP_IT out /);
    expect(strict.stdout).toContain("1 waiver in force");
    const usual = await runCli(["check", "--json"], { env, cwd });
    expect(usual.code).toBe(0);
    expect(JSON.parse(usual.stdout)).toMatchObject({
      verdict: "go",
      reasons: [
        { effect: "notes", message: "Strict validation would stop this suite: FLAG_BYPASS:SKIP_IT." },
      ],
      waivers: [{ owner: "team-qa", daysLeft: 3 }],
    });
  });
});

describe("through a service", async () => {
  const bypass = createFinding({
    code: "FLAG_BYPASS",
    subject: "SKIP_THERE",
    message: "SKIP_THERE is set.",
    place: { kind: "variable", name: "SKIP_THERE" },
  });
  const source: FindingSource = { name: "policy", collect: () => Promise.resolve([bypass]) };
  const { url, services } = await useApplication({ env: REDIS, sources: [source] });
  await services.findings.registry.collect(new AbortController().signal);

  test("its own findings stop a strict caller, and no other", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "greenlight-strict-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const usual = await runCli(["wait", "--url", url, ...QUICK, "--json"], { cwd });
    expect({ code: usual.code, stderr: usual.stderr }).toMatchObject({ code: 0 });
    const strict = await runCli(["wait", "--url", url, "--strict-validation", ...QUICK, "--json"], {
      cwd: await folder(""),
    });
    expect(strict.code).toBe(69);
    const { evaluation } = recordOf(strict.stdout).gate;
    expect(evaluation.strict).toBe(true);
    expect(evaluation.reasons.map(({ finding }) => finding?.id)).toContain("FLAG_BYPASS:SKIP_THERE");
  });

  test("those found here count too, with --strict-validation", async () => {
    const { code, stdout } = await runCli(["wait", "--url", url, "--strict-validation", ...QUICK, "--json"], {
      cwd: await folder(""),
      env: { SKIP_HERE: "1" },
    });
    expect(code).toBe(69);
    const ids = recordOf(stdout).gate.evaluation.reasons.map(({ finding }) => finding?.id);
    expect(ids).toContain("FLAG_BYPASS:SKIP_HERE");
    expect(ids).toContain("FLAG_BYPASS:SKIP_THERE");
  });
});
