import { afterAll, describe, expect, test } from "vitest";
import { scenarioNames, scenarios } from "../../src/sandbox/gcp/scenarios.ts";
import type { ChainView } from "../../src/views/chain-view.ts";
import type { Report } from "../../src/views/report.ts";
import { useScenarios } from "../support/scenario.ts";
import { runCli } from "./run-cli.ts";
import { SCENARIO_ACTIONS } from "./scenario-actions.ts";

const startScenario = await useScenarios();

describe.concurrent.each(scenarioNames.map((name) => ({ name })))("$name", async ({ name }) => {
  const scenario = await startScenario(name);
  afterAll(() => scenario.close());
  const env = { ...scenario.variables };

  test("why database names the root cause, its evidence and what a plan would do, and writes nothing", async () => {
    scenario.gcp.forget();
    const { code, stdout, stderr } = await runCli(["why", "database", "--json"], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { chains = [], suite, nextSteps } = JSON.parse(stdout) as Report;
    expect(suite).toBe("database");
    expect(chains.map(({ root }) => root.code)).toEqual([scenarios[name].root]);
    const [chain] = chains as [ChainView];
    expect(chain.links.length).toBeLessThanOrEqual(5);
    expect(chain.links.every(({ evidence }) => evidence.length > 0)).toBe(true);
    expect(chain.links.at(-1)?.evidence.some(({ kind }) => kind === "api")).toBe(true);
    expect(chain.root.actions.map(({ kind }) => kind)).toEqual(SCENARIO_ACTIONS[name]);
    expect(nextSteps[0]?.text).toContain("greenlight plan database");
    expect(scenario.gcp.requests().filter(({ method }) => !["GET", "POST"].includes(method))).toEqual([]);
  });

  test("the text says the root cause in its first sentence, and shows no variable's value", async () => {
    const { stdout } = await runCli(["why", "database"], { env });
    const [first = ""] = stdout.split("\n");
    expect(first).toContain(scenarios[name].root);
    expect(stdout).toContain("because ");
    expect(stdout).toContain("1. See what a plan would do about it: greenlight plan database");
    expect(stdout).not.toContain(scenario.gcp.token("nobody@acme-stg.iam.gserviceaccount.com"));
  });
});
