// What goes wrong at Google's while a plan is applied: the world is as before or as planned afterwards, never between.
import { expect, onTestFinished, test } from "vitest";
import type { FakeGcp } from "../../src/sandbox/gcp/gcp.ts";
import { docOf, put } from "../../src/sandbox/gcp/json.ts";
import { acme } from "../../src/sandbox/gcp/names.ts";
import { startScenario } from "../../src/sandbox/gcp/scenario.ts";
import type { ScenarioName } from "../../src/sandbox/gcp/scenarios.ts";
import { runCli } from "./run-cli.ts";

const quick = { connector: 300, service: 200, sql: 300, api: 100, iam: 300 };
const timeout = 60_000;

async function planned(name: ScenarioName) {
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
  return { scenario, gcp, before, apply: () => greenlight("apply", id, "--confirm", digest), greenlight };
}

const writes = (gcp: FakeGcp): string[] =>
  gcp.requests().flatMap(({ method, api, path, query }) => {
    const read = method === "GET" || path.endsWith("getIamPolicy") || path.endsWith("testIamPermissions");
    return read || api === "iamcredentials" || query.includes("validateOnly") ? [] : [`${method} ${api}`];
  });

test(
  "when the new revision does not get ready, the step fails and the service is as it was",
  { timeout },
  async () => {
    const { gcp, before, apply, scenario } = await planned("vpc-missing");
    // The first operation is that of the dry run.
    gcp.planOperation({ api: "run", outcome: "done" });
    gcp.planOperation({
      api: "run",
      outcome: { code: 9, message: "Revision is not ready: it failed its probe." },
    });
    const applied = await apply();
    expect(applied.body).toMatchObject({ outcome: expect.stringMatching(/^(rolled-back|failed)$/) });
    expect(applied.code).not.toBe(0);
    expect(JSON.stringify(applied.body)).toContain("failed its probe");
    expect(scenario.reach().kind).toBe("unreached");
    const { services, serving } = gcp.snapshot() as { services: object; serving: object };
    expect(serving).toEqual(before.serving);
    expect(docOf(docOf(docOf(services)[acme.service] as never).template)).not.toHaveProperty("vpcAccess");
  },
);

test(
  "when the remediator lacks a permission, nothing is begun, and the permission is named",
  { timeout },
  async () => {
    const { gcp, apply } = await planned("instance-stopped");
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
  { timeout },
  async () => {
    const { gcp, apply } = await planned("vpc-missing");
    gcp.edit(({ services }) =>
      put(docOf(services.get(acme.service)), "template.vpcAccess", {
        networkInterfaces: [{ network: "other", subnetwork: "other" }],
        egress: "ALL_TRAFFIC",
      }),
    );
    const before = gcp.snapshot();
    const applied = await apply();
    expect(applied.code).not.toBe(0);
    expect(writes(gcp)).toEqual([]);
    expect(gcp.snapshot()).toEqual(before);
  },
);

test(
  "when somebody else writes the policy in between, it is read again and theirs is kept",
  { timeout },
  async () => {
    const { gcp, apply, greenlight } = await planned("role-missing");
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

test("when the answer to a change is lost, the change is found and not made twice", { timeout }, async () => {
  const { gcp, apply, scenario } = await planned("instance-stopped");
  gcp.inject({ api: "sqladmin", method: "PATCH", fault: { kind: "cut", after: true } });
  expect(await apply()).toMatchObject({ code: 0, body: { outcome: "succeeded" } });
  expect(writes(gcp)).toEqual(["PATCH sqladmin"]);
  expect(scenario.reach()).toEqual({ kind: "reached" });
});

test("when an operation is lost, the resource itself tells that it was done", { timeout }, async () => {
  const { gcp, apply, scenario } = await planned("api-disabled");
  gcp.planOperation({ api: "serviceusage", outcome: "lost" });
  expect(await apply()).toMatchObject({ code: 0, body: { outcome: "succeeded" } });
  expect(scenario.reach()).toEqual({ kind: "reached" });
});
