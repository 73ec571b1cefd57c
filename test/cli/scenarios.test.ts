// The whole way over the command line: what is wrong, what puts it right, that it does, and that it can be taken back.
import { expect, test, type TestContext } from "vitest";
import { type ScenarioName, scenarioNames, scenarios } from "../../src/sandbox/gcp/scenarios.ts";
import { useScenarios } from "../support/scenario.ts";
import { eventually } from "../support/wait.ts";
import { runCli } from "./run-cli.ts";
import { SCENARIO_ACTIONS } from "./scenario-actions.ts";

const startScenario = await useScenarios();

interface Told {
  readonly code: number | null;
  readonly body: Record<string, unknown>;
}

interface Planned {
  readonly id: string;
  readonly digest: string;
  readonly steps: readonly { readonly id: string; readonly action: { readonly kind: string } }[];
}

const quick = { connector: 300, service: 200, sql: 300, api: 100, iam: 500 };
const nothingUnreached = new Set<ScenarioName>(["permissive-override"]);

async function start(name: ScenarioName, { onTestFinished }: TestContext) {
  const scenario = await startScenario(name, { durations: quick });
  onTestFinished(() => scenario.close());
  const { folder: cwd, variables: env } = scenario;
  const said: string[] = [];
  async function greenlight(...args: string[]): Promise<Told> {
    const { code, stdout, stderr } = await runCli([...args, "--json"], { cwd, env });
    said.push(stdout, stderr);
    expect(stdout, stderr).not.toBe("");
    return { code, body: JSON.parse(stdout) as Record<string, unknown> };
  }
  return { ...scenario, scenario, greenlight, said };
}

const rootsOf = ({ body }: Told): string[] =>
  (body.chains as { root: { code: string } }[]).map(({ root }) => root.code);

test.for(scenarioNames)(
  "%s: why names it, the plan puts it right, apply proves it, rollback restores what was",
  { timeout: 90_000, concurrent: true },
  async (name, context) => {
    const { scenario, gcp, greenlight, said } = await start(name, context);
    const before = gcp.snapshot();
    const unreached = !nothingUnreached.has(name);
    expect(scenario.reach().kind).toBe(unreached ? "unreached" : "reached");

    expect(rootsOf(await greenlight("why", "database"))).toEqual([scenarios[name].root]);

    const made = await greenlight("plan", "database");
    expect(made.body).toMatchObject({
      id: expect.any(String),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const plan = made.body as unknown as Planned;
    expect(plan.steps.map(({ action }) => action.kind)).toEqual(SCENARIO_ACTIONS[name]);
    expect(gcp.requests().filter(({ method }) => method !== "GET" && method !== "POST")).toEqual([]);
    expect(gcp.snapshot()).toEqual(before);

    const unconfirmed = await greenlight("apply", plan.id);
    expect(unconfirmed).toMatchObject({ code: 77, body: { outcome: "shown" } });
    const stranger = await greenlight("apply", plan.id, "--confirm", "0".repeat(64));
    expect(stranger).toMatchObject({ code: 77, body: { outcome: "refused", code: "DIGEST_MISMATCH" } });
    const dry = await greenlight("apply", plan.id, "--confirm", plan.digest, "--dry-run");
    expect(dry).toMatchObject({ body: { dryRun: true } });
    expect(gcp.snapshot()).toEqual(before);

    const applied = await greenlight("apply", plan.id, "--confirm", plan.digest);
    expect(applied).toMatchObject({ code: 0, body: { outcome: "succeeded", runId: expect.any(String) } });
    expect(gcp.snapshot()).not.toEqual(before);
    expect(scenario.reach()).toEqual({ kind: "reached" });
    expect(rootsOf(await greenlight("why", "database"))).toEqual([]);

    const back = await greenlight("rollback", String(applied.body.runId));
    expect(back).toMatchObject({ code: 0, body: { outcome: "rolled-back" } });
    expect(gcp.snapshot()).toEqual(before);
    // What IAM takes back is in force after a while.
    await eventually(() => (scenario.reach().kind === "unreached") === unreached);
    await scenario.settled();
    expect(rootsOf(await greenlight("why", "database"))).toEqual([scenarios[name].root]);

    const told = said.join("\n");
    expect(told).not.toContain("ya29.");
    expect(told).not.toContain("app-password");
    expect(
      gcp.requests().filter(({ method, caller }) => method === "PATCH" && caller?.startsWith("greenlight@")),
    ).toEqual([]);
  },
);
