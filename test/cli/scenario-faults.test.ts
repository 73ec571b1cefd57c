// What goes wrong at Google's while a plan is applied: the world is as before or as planned afterwards, never between.
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type TestContext } from "vitest";
import type { FakeGcp } from "../../src/sandbox/gcp/gcp.ts";
import { docOf, put } from "../../src/sandbox/gcp/json.ts";
import { acme } from "../../src/sandbox/gcp/names.ts";
import type { ScenarioName } from "../../src/sandbox/gcp/scenarios.ts";
import { useScenarios } from "../support/scenario.ts";
import { eventually } from "../support/wait.ts";
import { runCli, spawnCli } from "./run-cli.ts";

const startScenario = await useScenarios();
const quick = { connector: 300, service: 200, sql: 300, api: 100, iam: 300 };
// Most of each is waiting: for operations, deadlines and the lease of whoever was killed.
const options = { timeout: 60_000, concurrent: true };

async function planned(name: ScenarioName, { onTestFinished }: TestContext) {
  const scenario = await startScenario(name, { durations: quick });
  onTestFinished(() => scenario.close());
  const { folder: cwd, variables: env, gcp } = scenario;
  const greenlight = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli([...args, "--json"], { cwd, env });
    expect(stdout, stderr).not.toBe("");
    return { code, stderr, body: JSON.parse(stdout) as Record<string, unknown> };
  };
  const { body } = await greenlight("plan", "database");
  const [id, digest] = [String(body.id), String(body.digest)];
  const before = gcp.snapshot();
  return {
    scenario,
    gcp,
    before,
    id,
    digest,
    apply: () => greenlight("apply", id, "--confirm", digest),
    greenlight,
  };
}

const writes = (gcp: FakeGcp): string[] =>
  gcp.requests().flatMap(({ method, api, path, query }) => {
    const read = method === "GET" || path.endsWith("getIamPolicy") || path.endsWith("testIamPermissions");
    return read || api === "iamcredentials" || query.includes("validateOnly") ? [] : [`${method} ${api}`];
  });

// The longest first: the others run beside them.
test.for([
  ["resume", "succeeded", true],
  ["rollback", "rolled-back", false],
] as const)(
  "killed while Cloud Run rolls out, %s ends with %s",
  options,
  async ([command, outcome, fixed], context) => {
    const { scenario, gcp, before, greenlight, id, digest } = await planned("vpc-missing", context);
    gcp.planOperation({ api: "run", outcome: "done" });
    gcp.planOperation({ api: "run", ms: 4000 });
    const { folder: cwd, variables: env } = scenario;
    const child = spawnCli(["apply", id, "--confirm", digest], { cwd, env });
    await eventually(() => writes(gcp).length === 1, { deadlineMs: 20_000 });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(scenario.reach().kind).toBe("unreached");
    const { body } = await greenlight("runs");
    const [run] = body.runs as { runId: string; outcome?: string }[];
    expect(run).not.toHaveProperty("outcome", "succeeded");
    expect(await greenlight(command, run?.runId ?? "")).toMatchObject({ code: 0, body: { outcome } });
    expect(scenario.reach().kind).toBe(fixed ? "reached" : "unreached");
    if (!fixed) expect(gcp.snapshot()).toEqual(before);
    expect(writes(gcp)).toHaveLength(fixed ? 1 : 2);
  },
);

test(
  "when the new revision does not get ready, the step fails and the service is as it was",
  options,
  async (context) => {
    const { gcp, before, apply, scenario } = await planned("vpc-missing", context);
    // The first operation is that of the dry run.
    gcp.planOperation({ api: "run", outcome: "done" });
    gcp.planOperation({
      api: "run",
      outcome: { code: 9, message: "Revision is not ready: it failed its probe." },
    });
    const applied = await apply();
    expect(applied).toMatchObject({ code: 69, body: { outcome: "rolled-back" } });
    expect(JSON.stringify(applied.body)).toContain("failed its probe");
    expect(scenario.reach().kind).toBe("unreached");
    expect(gcp.snapshot()).toEqual(before);
  },
);

test(
  "when the remediator lacks a permission, nothing is begun, and the permission is named",
  options,
  async (context) => {
    const { gcp, apply } = await planned("instance-stopped", context);
    gcp.edit(({ policies }) => {
      const all = `projects/${acme.project}`;
      const { bindings } = policies.read(all);
      policies.write(all, {
        version: 1,
        bindings: bindings.filter(({ role }) => role !== "roles/cloudsql.editor"),
      });
    });
    const before = gcp.snapshot();
    const applied = await apply();
    expect(applied.code).not.toBe(0);
    expect(JSON.stringify(applied.body)).toContain("cloudsql.instances.update");
    expect(writes(gcp)).toEqual([]);
    expect(gcp.snapshot()).toEqual(before);
  },
);

test(
  "when the plan's world has moved on, it is refused before anything is touched",
  options,
  async (context) => {
    const { gcp, apply } = await planned("vpc-missing", context);
    gcp.edit(({ services }) =>
      put(docOf(services.get(acme.service)), "template.vpcAccess", {
        networkInterfaces: [{ network: "other", subnetwork: "other" }],
        egress: "ALL_TRAFFIC",
      }),
    );
    const before = gcp.snapshot();
    expect(await apply()).toMatchObject({ code: 69, body: { outcome: "refused", code: "WORLD_MOVED" } });
    expect(writes(gcp)).toEqual([]);
    expect(gcp.snapshot()).toEqual(before);
  },
);

test(
  "when somebody else writes the policy in between, it is read again and theirs is kept",
  options,
  async (context) => {
    const { gcp, apply, greenlight } = await planned("role-missing", context);
    const all = `projects/${acme.project}`;
    const other = { role: "roles/redis.viewer", members: [`serviceAccount:${acme.remediator}`] };
    gcp.inject({
      path: "setIamPolicy",
      fault: {
        kind: "first",
        act: () => {
          const { bindings } = gcp.world.policies.read(all);
          const rest = bindings.filter(({ role }) => role !== other.role);
          gcp.world.policies.write(all, { version: 1, bindings: [...rest, other] });
        },
      },
    });
    const applied = await apply();
    expect(applied).toMatchObject({ code: 0, body: { outcome: "succeeded" } });
    expect(writes(gcp)).toEqual(["POST cloudresourcemanager", "POST cloudresourcemanager"]);
    expect(await greenlight("rollback", String(applied.body.runId))).toMatchObject({ code: 0 });
    const { bindings } = gcp.world.policies.read(all);
    expect(bindings).toContainEqual(other);
    expect(bindings.map(({ role }) => role)).not.toContain("roles/cloudsql.client");
  },
);

test(
  "when the answer to a change is lost, the change is found and not made twice",
  options,
  async (context) => {
    const { gcp, apply, scenario } = await planned("instance-stopped", context);
    gcp.inject({ api: "sqladmin", method: "PATCH", fault: { kind: "cut", after: true } });
    expect(await apply()).toMatchObject({ code: 0, body: { outcome: "succeeded" } });
    expect(writes(gcp)).toEqual(["PATCH sqladmin"]);
    expect(scenario.reach()).toEqual({ kind: "reached" });
  },
);

test("when an operation is lost, the resource itself tells that it was done", options, async (context) => {
  const { gcp, apply, scenario } = await planned("api-disabled", context);
  gcp.planOperation({ api: "serviceusage", outcome: "lost" });
  expect(await apply()).toMatchObject({ code: 0, body: { outcome: "succeeded" } });
  expect(scenario.reach()).toEqual({ kind: "reached" });
});

test("when the change is made and the probe still fails, it is taken back", options, async (context) => {
  const { scenario, gcp, greenlight } = await planned("vpc-missing", context);
  gcp.edit(({ peerings }) => peerings.clear());
  const before = gcp.snapshot();
  const file = join(scenario.folder, "plan.json");
  writeFileSync(file, JSON.stringify(attachByHand));
  const shown = await greenlight("apply", file);
  const { digest } = shown.body.plan as { digest: string };
  const applied = await greenlight("apply", file, "--confirm", digest);
  expect(applied).toMatchObject({ code: 69, body: { outcome: "rolled-back" } });
  expect(JSON.stringify(applied.body)).toContain("LOGIN_TIMEOUT");
  expect(writes(gcp)).toEqual(["PATCH run", "PATCH run"]);
  expect(gcp.snapshot()).toEqual(before);
});

const attachByHand = {
  schemaVersion: 1,
  id: "attach-by-hand",
  title: "Attach the connector",
  environment: "staging",
  suite: "database",
  because: ["the service has no egress"],
  steps: [
    {
      id: "attach",
      title: "Attach the connector",
      priority: "P0",
      phase: 1,
      estimate: "1m",
      needs: [],
      action: {
        kind: "attach-egress",
        params: {
          project: acme.project,
          region: acme.region,
          service: "greenlight-api",
          connector: "staging-connector",
          egress: "private-ranges-only",
        },
      },
      verify: [{ kind: "probe", dependency: "postgres", within: "3s" }],
      rollback: { kind: "automatic" },
      risk: "low",
      approval: false,
      owner: "platform",
      success: ["Postgres answers."],
    },
  ],
};
