import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { PLAN_FINDINGS } from "../../services/findings/plan-table.ts";
import type { PlanLintReport } from "../../src/views/plan-lint-report.ts";
import type { PlanReport } from "../../src/views/plan-report.ts";
import { lintPlanText } from "../../src/remediation/plan-parse.ts";
import { runCli } from "../cli/run-cli.ts";

const EXAMPLE = "examples/plans/database-remediation.yaml";
const cwd = process.cwd();
const text = await readFile(EXAMPLE, "utf8");

/** The example with one passage changed. */
const broken = (from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

async function write(content: string): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), "greenlight-plan-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "plan.yaml"), content);
  return { folder, file: "plan.yaml" };
}

test("the example lints clean, notes included", async () => {
  const { code, stdout, stderr } = await runCli(["plan", "lint", EXAMPLE, "--fail-on", "note"], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Nothing found in 1 plan\.\n/);
});

test("the example is as the published schema says", async () => {
  const schema = JSON.parse(await readFile("docs/plan.schema.json", "utf8")) as object;
  const validate = new Ajv({ strict: false }).compile(schema);
  expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(parse(broken("estimate: 4m", "estimate: 240")))).toBe(false);
});

test("show draws three phases, the schedule and the critical path", async () => {
  const { code, stdout } = await runCli(["plan", "show", EXAMPLE], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^11 steps in 3 phases\.\n/);
  expect(stdout).toContain("45m side by side, 1h16m one after the other; the deadline is 2h.");
  expect(stdout).toContain(
    "Critical path: correct-clickhouse-client → name-auth-fallback → enable-strict-validation → fix-awaits",
  );
  expect(stdout).toContain("11 to apply, 1 needs approval, 0 destructive, 2 for a person to do.");
  expect(stdout).toMatch(/ {2}1 {2}create-connector +2m +▒+·+ +1m slack/);
});

test("every step is verified, can be undone, and says who owns it", async () => {
  const { stdout } = await runCli(["plan", "show", EXAMPLE, "--json"], { cwd });
  const { steps, schedule } = JSON.parse(stdout) as PlanReport;
  for (const step of steps) {
    expect(step.verify.length).toBeGreaterThan(0);
    expect(step.rollback.kind).not.toBe("none");
    expect(step.success.length).toBeGreaterThan(0);
    expect(step.owner).not.toBe("");
  }
  expect(new Set(steps.map(({ priority }) => priority))).toEqual(new Set(["P0", "P1", "P2"]));
  expect(schedule?.phases.map(({ phase }) => phase)).toEqual([1, 2, 3]);
});

const ATTACH = "needs: [create-connector]";

const VARIANTS: readonly (readonly [
  code: keyof typeof PLAN_FINDINGS,
  from: string,
  to: string,
  line: string,
])[] = [
  ["PLAN_SYNTAX", "schemaVersion: 1", "schemaVersion: [1", "id: database-remediation"],
  ["PLAN_KEY_UNKNOWN", "approval: true", "aproval: true", "aproval: true"],
  [
    "PLAN_KEY_MISSING",
    "    owner: network\n    success:\n      - staging",
    "    success:\n      - staging",
    "- id: create-connector",
  ],
  ["PLAN_VALUE_INVALID", "estimate: 4m", "estimate: 240", "estimate: 240"],
  ["PLAN_VALUE_INVALID", "id: fix-awaits", 'id: "$(reboot)"', "$(reboot)"],
  ["PLAN_ACTION_UNKNOWN", "kind: enable-api", "kind: enabel-api", "kind: enabel-api"],
  [
    "PLAN_PARAMS_INVALID",
    "service: greenlight-api\n        connector",
    "service: 'api; reboot'\n        connector",
    "api; reboot",
  ],
  ["PLAN_PARAMS_INVALID", "range: 10.8.0.0/28", "range: 10.8.0.0/8", "range: 10.8.0.0/8"],
  [
    "PLAN_SECRET",
    "command: greenlight lint awaits --fix tests",
    "command: psql postgres://app:canary-8271@db.internal/app",
    "canary-8271",
  ],
  ["PLAN_STEP_DUPLICATE", "id: fix-awaits", "id: register-markers", "id: register-markers"],
  ["PLAN_STEP_REPEATED", "kind: fix-awaits\n", "kind: register-markers\n", "kind: register-markers"],
  ["PLAN_NEEDS_UNKNOWN", ATTACH, "needs: [create-conector]", "create-conector"],
  ["PLAN_NEEDS_CYCLE", "needs: [enable-vpcaccess]", "needs: [grant-cloudsql-client]", "needs: ["],
  ["PLAN_PHASE_ORDER", ATTACH, "needs: [create-connector, declare-context]", "declare-context]"],
  [
    "PLAN_PRIORITY_ORDER",
    "priority: P0\n    phase: 1\n    estimate: 2m",
    "priority: P2\n    phase: 1\n    estimate: 2m",
    "priority: P0",
  ],
  [
    "PLAN_VERIFY_MISSING",
    "verify:\n      - { kind: lint, what: awaits, folder: tests }",
    "verify: []",
    "verify: []",
  ],
  [
    "PLAN_PROBE_MISSING",
    "- { kind: lint, what: awaits, folder: tests }",
    "- { kind: exec, command: [pytest] }",
    "exec, command: [pytest]",
  ],
  [
    "PLAN_ROLLBACK_MISSING",
    "rollback:\n      kind: manual\n      instructions: Deploy the former greenlight.yaml.",
    "rollback: { kind: automatic }",
    "rollback: { kind: automatic }",
  ],
  ["PLAN_APPROVAL_MISSING", "    approval: true\n", "", "- id: enable-strict"],
  ["PLAN_OVER_DEADLINE", "deadline: 2h", "deadline: 30m", "deadline: 30m"],
  [
    "PLAN_CONTRADICTION",
    'name: ENABLE_STRICT_VALIDATION\n        value: "true"',
    'name: BYPASS_STARTUP_VALIDATION\n        value: "true"',
    "kind: set-variable",
  ],
];

test.each(VARIANTS)("%s is told at its line: %s → %s", async (code, from, to, line) => {
  const content = broken(from, to);
  const { faults } = await lintPlanText(content);
  const lines = content.split("\n");
  const places = faults.filter((fault) => fault.code === code).map((fault) => lines[fault.line - 1] ?? "");
  expect(faults.map((fault) => fault.code)).toContain(code);
  expect(
    places.some((place) => place.includes(line) || place.includes(line.trim())),
    places.join("\n"),
  ).toBe(true);
  for (const { expected, found } of faults) {
    expect(expected).not.toBe("");
    expect(`${expected} ${found}`).not.toContain("canary");
  }
});

test("all that is wrong is told at once, in the order of the text, and the command ends with 65", async () => {
  let content = text;
  for (const [from, to] of [
    ["kind: enable-api", "kind: enabel-api"],
    ["estimate: 4m", "estimate: 240"],
    [ATTACH, "needs: [create-conector]"],
    ["approval: true", "aproval: true"],
  ] as const)
    content = content.replace(from, to);
  const { folder, file } = await write(content);
  const { code, stdout } = await runCli(["plan", "lint", file, "--json"], { cwd: folder });
  expect(code).toBe(65);
  const { ok, findings, nextSteps } = JSON.parse(stdout) as PlanLintReport;
  expect(ok).toBe(false);
  expect(findings.map((finding) => finding.code)).toEqual([
    "PLAN_ACTION_UNKNOWN",
    "PLAN_VALUE_INVALID",
    "PLAN_NEEDS_UNKNOWN",
    "PLAN_KEY_UNKNOWN",
  ]);
  expect(findings[0]).toMatchObject({
    id: "PLAN_ACTION_UNKNOWN:plan.yaml:enable-vpcaccess.action.kind",
    place: {
      kind: "file",
      file: "plan.yaml",
      line: content.split("\n").findIndex((each) => each.includes("enabel")) + 1,
      column: 13,
    },
  });
  expect(findings[0]?.message).toContain("did you mean `enable-api`?");
  expect(findings[1]?.message).toContain("write the unit: `240s` or `240m`");
  expect(nextSteps.length).toBeGreaterThan(0);
});

test("warnings alone end with 0, and with 65 when --fail-on asks for them", async () => {
  const { folder, file } = await write(broken("deadline: 2h", "deadline: 1h"));
  const lax = await runCli(["plan", "lint", file], { cwd: folder });
  expect(lax.code).toBe(0);
  expect(lax.stdout).toContain("plan.yaml:10:11 warning PLAN_OVER_DEADLINE");
  expect(lax.stdout).toContain("found: 76m one step after the other; 45m side by side");
  expect((await runCli(["plan", "lint", file, "--fail-on", "warning"], { cwd: folder })).code).toBe(65);
});

test("SARIF places each result in its file and line", async () => {
  const { folder, file } = await write(broken(ATTACH, "needs: [create-conector]"));
  const { code, stdout } = await runCli(["plan", "lint", file, "--sarif"], { cwd: folder });
  expect(code).toBe(65);
  const { runs } = JSON.parse(stdout) as { runs: { results: { ruleId: string; locations: object[] }[] }[] };
  expect(runs[0]?.results).toMatchObject([
    {
      ruleId: "PLAN_NEEDS_UNKNOWN",
      locations: [{ physicalLocation: { artifactLocation: { uri: "plan.yaml" } } }],
    },
  ]);
});

test("a plan that cannot be applied is not shown: its faults are, with their lines", async () => {
  const { folder } = await write(broken(ATTACH, "needs: [create-conector]"));
  const { code, stdout, stderr } = await runCli(["plan", "show", "./plan.yaml"], { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 65, stdout: "" });
  expect(stderr).toMatch(/plan\.yaml:\d+:\d+: PLAN_NEEDS_UNKNOWN/);
});

test("the guide names every code of the lint", async () => {
  const guide = await readFile("docs/guides/plan.md", "utf8");
  for (const code of Object.keys(PLAN_FINDINGS)) expect(guide).toContain(`\`${code}\``);
});

test("every code of the lint but that of files is produced by a variant of the example", () => {
  const produced = new Set<string>(VARIANTS.map(([code]) => code));
  expect(Object.keys(PLAN_FINDINGS).filter((code) => !produced.has(code))).toEqual(["PLAN_UNREADABLE"]);
});
