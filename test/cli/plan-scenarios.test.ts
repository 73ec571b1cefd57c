import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { scenarioNames } from "../../src/sandbox/gcp/scenarios.ts";
import type { PlanReport } from "../../src/views/plan-report.ts";
import { useScenarios } from "../support/scenario.ts";
import { runCli } from "./run-cli.ts";
import { SCENARIO_ACTIONS } from "./scenario-actions.ts";

const startScenario = await useScenarios();

describe.concurrent.each(scenarioNames.map((name) => ({ name })))("$name", async ({ name }) => {
  const scenario = await startScenario(name);
  afterAll(() => scenario.close());
  const env = { ...scenario.variables };

  test("plan proposes the remedy, verified with what failed, writes nothing, and keeps it under its id", async () => {
    scenario.gcp.forget();
    const { code, stdout, stderr } = await runCli(["plan", "database", "--json", "--detailed-exitcode"], {
      env,
    });
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    const report = JSON.parse(stdout) as PlanReport;
    expect(report.steps.map(({ action }) => action.kind)).toEqual(SCENARIO_ACTIONS[name]);
    const last = report.steps.at(-1);
    expect(last?.priority).toBe(name === "permissive-override" ? "P1" : "P0");
    expect(last?.verify.at(-1)).toMatchObject(
      name === "permissive-override"
        ? { kind: "criterion", indicator: "verdict:database" }
        : { kind: "probe", dependency: "postgres" },
    );
    expect(report.steps.every(({ change }) => change !== undefined)).toBe(true);
    expect(report.steps.every(({ command = "" }) => command.startsWith("gcloud "))).toBe(true);
    expect(scenario.gcp.requests().filter(({ method }) => !["GET", "POST"].includes(method))).toEqual([]);
    const again = JSON.parse((await runCli(["plan", "database", "--json"], { env })).stdout) as PlanReport;
    expect([again.id, again.digest]).toEqual([report.id, report.digest]);
    const shown = await runCli(["plan", "show", report.id ?? "", "--json"], { env });
    expect((JSON.parse(shown.stdout) as PlanReport).digest).toBe(report.digest);
  });

  test("what --out writes lints clean and has the digest of the plan, in YAML and in JSON", async ({
    onTestFinished,
  }) => {
    const folder = await mkdtemp(join(tmpdir(), "greenlight-plan-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const file of ["plan.yaml", "plan.json"]) {
      const path = join(folder, file);
      const { stdout } = await runCli(["plan", "database", "--json", "--out", path], { env });
      const { digest, id } = JSON.parse(stdout) as PlanReport;
      const linted = await runCli(["plan", "lint", path, "--json", "--fail-on", "note"]);
      expect(JSON.parse(linted.stdout)).toMatchObject({ ok: true, plans: [{ id, digest }], findings: [] });
      expect(linted.code).toBe(0);
      expect(await readFile(path, "utf8")).toContain("database");
    }
  });
});
