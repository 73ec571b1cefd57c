import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const CANARY = "canary-7d1f0b";
const INI = "[pytest]\naddopts = -q\n";

const PLAN = (environment: string, approval = false) => `schemaVersion: 1
id: markers
title: Register the markers of the suite
environment: ${environment}
steps:
  - id: register
    title: register what is used
    priority: P0
    phase: 1
    estimate: 10s
    action: { kind: register-markers, params: { folder: suite } }
    verify:
      - { kind: lint, what: markers, folder: suite }
    rollback: { kind: automatic }
    risk: low
    approval: ${approval}
    owner: qa
`;

/** A suite that uses a marker nobody registered, and a plan for it. */
function workshop(environment = "test", { approval = false } = {}) {
  const cwd = mkdtempSync(join(tmpdir(), "greenlight-apply-"));
  folders.push(cwd);
  mkdirSync(join(cwd, "suite"));
  writeFileSync(join(cwd, "suite", "pytest.ini"), INI);
  writeFileSync(
    join(cwd, "suite", "test_a.py"),
    "import pytest\n\n\n@pytest.mark.slow\ndef test_a():\n    pass\n",
  );
  writeFileSync(join(cwd, "plan.yaml"), PLAN(environment, approval));
  const env = {
    GREENLIGHT_ENVIRONMENT: environment,
    XDG_STATE_HOME: join(cwd, "state"),
    USER: "ada",
    DATABASE_URL: `postgres://app:${CANARY}@127.0.0.1:9/app`,
    APP_TOKEN: CANARY,
  };
  const run = (args: readonly string[], more: Record<string, string> = {}) =>
    runCli(args, { cwd, env: { ...env, ...more } });
  return {
    run,
    ini: () => readFileSync(join(cwd, "suite", "pytest.ini"), "utf8"),
    async digest() {
      const { stdout } = await run(["apply", "plan.yaml", "--json"]);
      return (JSON.parse(stdout) as { plan: { digest: string } }).plan.digest;
    },
  };
}

describe("greenlight apply", () => {
  test("without --confirm shows the plan and the command that confirms it, and changes nothing", async () => {
    const { run, ini } = workshop();
    const { code, stdout, stderr } = await run(["apply", "plan.yaml"]);
    expect({ code, stderr }).toEqual({ code: 77, stderr: "" });
    expect(stdout).toContain("NOT CONFIRMED");
    expect(stdout).toContain("1 to apply, 0 need approval, 0 destructive.");
    expect(stdout).toMatch(/1\. To apply it: greenlight apply plan\.yaml --confirm [\da-f]{64}/);
    expect(ini()).toBe(INI);
  });

  test("applies what was confirmed, verifies it, and rollback restores the very bytes", async () => {
    const { run, ini, digest } = workshop();
    const confirmed = await digest();
    const applied = await run(["apply", "plan.yaml", "--confirm", confirmed.slice(0, 12), "--json"]);
    expect(applied.code).toBe(0);
    const report = JSON.parse(applied.stdout) as { runId: string; steps: { verified: string[] }[] };
    expect(report).toMatchObject({
      schemaVersion: 1,
      command: "apply",
      outcome: "succeeded",
      steps: [{ id: "register", begun: true, result: { kind: "done" } }],
      nextSteps: [`To take it back: greenlight rollback ${report.runId}`],
    });
    expect(report.steps[0]?.verified).toHaveLength(1);
    expect(applied.stderr).toMatch(/\[1\/1\] register: applying\n/);
    expect(applied.stderr).toMatch(/\[1\/1\] register: done after /);
    expect(ini()).toContain("slow");

    const preview = await run(["rollback", report.runId, "--dry-run"]);
    expect(preview.code).toBe(0);
    expect(preview.stdout).toMatch(
      /^DRY RUN {2}would take back, in this order: register; nothing was changed/,
    );
    expect(preview.stdout).toMatch(/- {2}register {2}to take back/);
    expect(ini()).toContain("slow");

    const back = await run(["rollback", report.runId]);
    expect(back.code).toBe(0);
    expect(back.stdout).toContain("ROLLED BACK");
    expect(ini()).toBe(INI);

    const told = await run(["runs", report.runId]);
    expect(told.code).toBe(0);
    expect(told.stdout).toContain("ada began it as apply");
    expect(told.stdout).toContain("register: applying");
    const listed = JSON.parse((await run(["runs", "--json"])).stdout) as { runs: unknown[] };
    expect(listed.runs).toMatchObject([
      { runId: report.runId, by: "ada", environment: "test", outcome: "rolled-back" },
    ]);
    const again = await run(["rollback", report.runId]);
    expect(again.code).toBe(64);
    expect(again.stdout).toContain("RUN_ENDED");
    expect(again.stdout).toContain(`See what became of it: greenlight runs ${report.runId}`);
  });

  test("--dry-run asks the world and changes nothing; --detailed-exitcode tells as terraform does", async () => {
    const { run, ini, digest } = workshop();
    const dry = await run(["apply", "plan.yaml", "--dry-run", "--detailed-exitcode"]);
    expect(dry.code).toBe(2);
    expect(dry.stdout).toMatch(/^DRY RUN {2}1 of 1 steps would be done/);
    expect((await run(["runs"])).stdout).toContain("succeeded (dry run)");
    expect(ini()).toBe(INI);
    const confirm = await digest();
    expect((await run(["apply", "plan.yaml", "--confirm", confirm, "--detailed-exitcode"])).code).toBe(2);
    const second = await run(["apply", "plan.yaml", "--confirm", confirm, "--detailed-exitcode"]);
    expect(second.code).toBe(0);
    expect((await run(["apply", "plan.yaml", "--detailed-exitcode"])).code).toBe(1);
  });

  test.each([
    ["another digest", ["--confirm", "0".repeat(64)], "DIGEST_MISMATCH"],
    ["too short a digest", ["--confirm", "0"], "DIGEST_MISMATCH"],
  ])("refuses %s before anything is touched", async (_, args, code) => {
    const { run, ini } = workshop();
    const ran = await run(["apply", "plan.yaml", ...args]);
    expect(ran.code).toBe(77);
    expect(ran.stdout).toContain(code);
    expect(ini()).toBe(INI);
    expect(JSON.parse((await run(["runs", "--json"])).stdout)).toMatchObject({ runs: [] });
  });

  test("a step that wants approval is applied when it is named, and a name that is no step's is refused", async () => {
    const { run, ini, digest } = workshop("test", { approval: true });
    const confirm = await digest();
    const unapproved = await run(["apply", "plan.yaml", "--confirm", confirm]);
    expect(unapproved.code).toBe(77);
    expect(unapproved.stdout).toContain("NOT_APPROVED");
    const stranger = await run(["apply", "plan.yaml", "--confirm", confirm, "--approve", "other"]);
    expect(stranger.code).toBe(64);
    expect(ini()).toBe(INI);
    expect((await run(["apply", "plan.yaml", "--confirm", confirm, "--approve", "register"])).code).toBe(0);
  });

  test("production is written to only when a person names it, as the plan does", async () => {
    const { run, ini, digest } = workshop("production");
    const confirm = await digest();
    const args = ["apply", "plan.yaml", "--confirm", confirm];
    const refused = await run(args);
    expect(refused.code).toBe(77);
    expect(refused.stdout).toContain("ENVIRONMENT_NOT_APPROVED");
    expect(refused.stdout).toContain("--approve-environment production");
    expect((await run([...args, "--approve-environment", "prod"])).code).toBe(77);
    expect(ini()).toBe(INI);
    expect((await run([...args, "--approve-environment", "production"])).code).toBe(0);
  });

  test("a plan for elsewhere is not applied here, whoever approves it", async () => {
    const { run, ini, digest } = workshop("staging");
    const confirm = await digest();
    const there = { GREENLIGHT_ENVIRONMENT: "test" };
    const ran = await run(
      ["apply", "plan.yaml", "--confirm", confirm, "--approve-environment", "staging"],
      there,
    );
    expect(ran.code).toBe(77);
    expect(ran.stdout).toContain("ENVIRONMENT_MISMATCH: the plan is for staging, and this is test");
    expect(ini()).toBe(INI);
  });

  test("what is no plan, or no run, is told with its place", async () => {
    const { run } = workshop();
    expect(await run(["apply", "missing.yaml"])).toMatchObject({ code: 64 });
    expect(await run(["apply", "no-such-plan"])).toMatchObject({ code: 64 });
    expect(await run(["rollback", "run-none"])).toMatchObject({ code: 64 });
    expect(await run(["resume", "run-none"])).toMatchObject({ code: 64 });
    const broken = await run(["apply", "suite/pytest.ini", "--confirm", "0".repeat(64)]);
    expect(broken).toMatchObject({ code: 65, stdout: "" });
    expect(broken.stderr).toMatch(
      /^greenlight: .*suite\/pytest\.ini is no plan.*\nsuite\/pytest\.ini:2:1: PLAN_SYNTAX: /,
    );
  });

  test("no secret of the configuration or of the variables is told, in words, JSON or the journal", async () => {
    const { run, digest } = workshop();
    const confirm = await digest();
    const by = { USER: `ada ${CANARY}` };
    const applied = await run(["apply", "plan.yaml", "--confirm", confirm, "--json"], by);
    const { runId } = JSON.parse(applied.stdout) as { runId: string };
    const told = await run(["runs", runId, "--json"], by);
    const shown = await run(["runs"], by);
    for (const text of [applied, told, shown].flatMap(({ stdout, stderr }) => [stdout, stderr]))
      expect(text).not.toContain(CANARY);
  });

  test("--help prints the exit codes", async () => {
    const { run } = workshop();
    const { code, stdout } = await run(["apply", "--help"]);
    expect(code).toBe(0);
    for (const each of [0, 64, 65, 69, 75, 77, 78, 130])
      expect(stdout).toMatch(new RegExp(`^ {2}${each} +`, "m"));
  });
});
