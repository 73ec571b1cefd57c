import { describe, expect, test } from "vitest";
import { docOf, listOf } from "../../../../src/sandbox/gcp/json.ts";
import { acme } from "../../../../src/sandbox/gcp/names.ts";
import { connectorUnhealthy } from "../../../../src/sandbox/gcp/vpc-access.ts";
import type { World } from "../../../../src/sandbox/gcp/world.ts";
import { type Acting, gcpAction, startActing } from "../../../support/gcp-actions.ts";
import { eachTemplate } from "./gcp-cases.ts";

const { project, region } = acme;
const service = "greenlight-api";
const CONNECTOR = { project, region, name: "new-connector", network: "default", range: "10.9.0.0/28" };
const DIRECT = {
  project,
  region,
  service,
  network: "default",
  subnet: "default",
  egress: "private-ranges-only",
};
const BY_CONNECTOR = {
  project,
  region,
  service,
  connector: "staging-connector",
  egress: "private-ranges-only",
};

const noConnectors = (world: World): void => world.connectors.clear();
const noEgress = (world: World): void => eachTemplate(world, (template) => void delete template["vpcAccess"]);
const setState = (world: World, state: string): void =>
  void Object.assign(docOf(world.connectors.get(acme.connector)), { state });
const setEgress = (world: World, vpcAccess: object): void =>
  eachTemplate(world, (template) => Object.assign(template, { vpcAccess }));
const templateOf = ({ gcp }: Acting): Record<string, unknown> =>
  docOf(docOf(gcp.world.services.get(acme.service))["template"]);
const patches = ({ gcp }: Acting) => gcp.requests().filter(({ method }) => method === "PATCH");

describe("create-connector", () => {
  test("refuses a second one beside a good one, and names the good one", async () => {
    await using acting = await startActing();
    const found = await acting.assess("create-connector", CONNECTOR);
    expect(found).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(found)).toMatch(/second connector beside a good one.*staging-connector is READY/);
  });

  test("says that one in ERROR has to be deleted by hand, and by which command", async () => {
    await using acting = await startActing();
    acting.gcp.edit((world) => setState(world, "ERROR"));
    const found = await acting.assess("create-connector", { ...CONNECTOR, name: "staging-connector" });
    expect(found).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(found)).toContain("connectors delete staging-connector --region us-central1");
    // Another beside it may be made, in another range.
    expect(await acting.assess("create-connector", CONNECTOR)).toMatchObject({ kind: "needed" });
    expect(await acting.assess("create-connector", { ...CONNECTOR, range: "10.8.0.0/28" })).toMatchObject({
      kind: "refused",
      because: expect.stringContaining("overlaps that of connector staging-connector") as unknown,
    });
  });

  test("refuses the name of another, and does not know of one that is being made", async () => {
    await using acting = await startActing();
    const same = { ...CONNECTOR, name: "staging-connector" };
    expect(await acting.assess("create-connector", same)).toMatchObject({ kind: "refused" });
    acting.gcp.edit((world) => setState(world, "CREATING"));
    expect(await acting.assess("create-connector", { ...same, range: "10.8.0.0/28" })).toMatchObject({
      kind: "unknown",
    });
  });

  test("wants a subnet of sixteen addresses in the network named", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noConnectors);
    const { range: _range, ...place } = CONNECTOR;
    const assess = async (subnet: string) =>
      JSON.stringify(await acting.assess("create-connector", { ...place, subnet }));
    expect(await assess("default")).toMatch(/refused.*is a \/20: a connector needs a \/28/);
    expect(await assess("nowhere")).toMatch(/refused.*no subnet nowhere in us-central1/);
    acting.gcp.edit((world) => {
      const made = {
        ...docOf(world.subnetworks.get(acme.subnet)),
        name: "small",
        ipCidrRange: "10.9.0.0/28",
      };
      world.subnetworks.set(acme.subnet.replace("subnetworks/default", "subnetworks/small"), made);
    });
    const step = await acting.begin("create-connector", { ...place, subnet: "small" });
    await step.apply();
    expect(await step.settled()).toMatchObject({ kind: "done" });
  });

  test("that fails to get healthy tells Google's sentence and what to do, and is deleted again", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noConnectors);
    const before = acting.gcp.snapshot();
    const step = await acting.begin("create-connector", CONNECTOR);
    acting.gcp.planOperation({ api: "vpcaccess", outcome: connectorUnhealthy });
    await step.apply();
    const outcome = await step.settled();
    expect(outcome).toMatchObject({ kind: "failed" });
    expect(JSON.stringify(outcome)).toMatch(/failed to get healthy.*organisation policies/);
    expect(await step.locate()).toBe("between");
    expect(await step.rolledBack()).toMatchObject({ kind: "done" });
    expect(acting.gcp.snapshot()).toEqual(before);
  });

  test("after a crash learns from the list of operations why it failed, and ignores old ones", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noConnectors);
    const step = await acting.begin("create-connector", CONNECTOR);
    acting.gcp.planOperation({ api: "vpcaccess", outcome: connectorUnhealthy });
    await step.apply();
    await step.settled();
    const target = `${acme.place}/connectors/new-connector`;
    const operation = (createTime: string, message: string) => ({
      name: `${acme.place}/operations/o`,
      done: true,
      error: { code: 13, message },
      metadata: { method: "google.cloud.vpcaccess.v1.VpcAccessService.CreateConnector", target, createTime },
    });
    const operations = [
      operation("2020-01-01T00:00:00Z", "long ago"),
      operation(new Date().toISOString(), "just now"),
    ];
    acting.gcp.inject({
      path: /operations$/,
      fault: { kind: "answer", status: 200, body: { operations } },
    });
    expect(await step.anew().settle()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("just now") as unknown,
    });
    // Without a list the state alone tells.
    expect(await step.anew().settle()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("is in ERROR") as unknown,
    });
  });

  test("whose operation is lost is told by the connector itself; one that never ends stays pending", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noConnectors);
    const step = await acting.begin("create-connector", CONNECTOR);
    acting.gcp.planOperation({ api: "vpcaccess", outcome: "lost" });
    await step.apply();
    expect(await step.settled()).toMatchObject({ kind: "done" });
    await step.rolledBack();
    acting.gcp.planOperation({ api: "vpcaccess", outcome: "never" });
    await step.apply();
    expect(await step.settle()).toMatchObject({ kind: "pending" });
    expect(await step.locate()).toBe("between");
    expect(await step.rollback()).toMatchObject({ kind: "pending" });
  });

  test("is kept on the way back while a service uses it, or when it is somebody else's", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noConnectors);
    const step = await acting.begin("create-connector", CONNECTOR);
    await step.apply();
    await step.settled();
    const connector = `${acme.place}/connectors/new-connector`;
    acting.gcp.edit((world) => setEgress(world, { connector, egress: "PRIVATE_RANGES_ONLY" }));
    expect(await step.rollback()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("greenlight-api uses it") as unknown,
    });
    acting.gcp.edit((world) => {
      noEgress(world);
      Object.assign(docOf(world.connectors.get(connector)), { ipCidrRange: "10.77.0.0/28" });
    });
    expect(await step.locate()).toBe("elsewhere");
    expect(await step.rollback()).toMatchObject({ kind: "done" });
    expect(acting.gcp.world.connectors.has(connector)).toBe(true);
  });
});

describe("attach-egress", () => {
  test("by connector replaces Direct VPC egress, and puts exactly that back", async () => {
    await using acting = await startActing();
    const former = {
      networkInterfaces: [{ network: "default", subnetwork: "default", tags: ["b", "a"] }],
      egress: "ALL_TRAFFIC",
    };
    acting.gcp.edit((world) => setEgress(world, former));
    const before = acting.gcp.snapshot();
    const step = await acting.begin("attach-egress", BY_CONNECTOR);
    expect(step.assessment.change).toMatchObject({ symbol: "~", before: { vpcAccess: former } });
    await step.apply();
    await step.settled();
    expect(templateOf(acting)["vpcAccess"]).toEqual({
      connector: acme.connector,
      egress: "PRIVATE_RANGES_ONLY",
    });
    await step.rolledBack();
    expect(templateOf(acting)["vpcAccess"]).toEqual(former);
    expect(acting.gcp.snapshot()).toEqual(before);
  });

  test("is checked by Cloud Run first, with the etag, one mask and no name of a revision", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    const step = await acting.begin("attach-egress", BY_CONNECTOR);
    await step.apply();
    const queries = patches(acting).map(({ query }) => new URLSearchParams(query));
    expect(queries.map((query) => query.get("validateOnly"))).toEqual(["true", null]);
    for (const query of queries) expect(query.get("updateMask")).toBe("template.vpcAccess");
    for (const { body } of patches(acting)) {
      expect(docOf(body)["etag"]).toEqual(expect.any(String));
      expect(docOf(docOf(body)["template"])).not.toHaveProperty("revision");
    }
  });

  test("keeps the tags of the interface where only the egress changes", async () => {
    await using acting = await startActing();
    const network = acme.network;
    acting.gcp.edit((world) =>
      setEgress(world, {
        networkInterfaces: [{ network, subnetwork: "default", tags: ["db"] }],
        egress: "ALL_TRAFFIC",
      }),
    );
    const step = await acting.begin("attach-egress", DIRECT);
    await step.apply();
    await step.settled();
    const access = docOf(templateOf(acting)["vpcAccess"]);
    expect(docOf(listOf(access["networkInterfaces"])[0])["tags"]).toEqual(["db"]);
    expect(await acting.assess("attach-egress", DIRECT)).toMatchObject({ kind: "satisfied" });
  });

  test("whose revision does not become ready has failed, and what served before goes on serving", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    const before = acting.gcp.snapshot();
    const step = await acting.begin("attach-egress", BY_CONNECTOR);
    // The agent of Cloud Run may not use connectors.
    const held = acting.gcp.world.policies.read(`projects/${project}`);
    acting.gcp.edit(({ policies }) =>
      policies.write(`projects/${project}`, {
        version: 1,
        bindings: held.bindings.filter(({ role }) => role !== "roles/run.serviceAgent"),
      }),
    );
    await step.apply();
    expect(await step.settled()).toMatchObject({
      kind: "failed",
      because: expect.stringMatching(
        /did not become ready.*REVISION_FAILED.*permission to use it.*greenlight-api-00007-abc goes on serving/,
      ) as unknown,
    });
    expect(await step.locate()).toBe("between");
    expect(await acting.assess("attach-egress", BY_CONNECTOR)).toMatchObject({ kind: "refused" });
    acting.gcp.edit(({ policies }) => policies.write(`projects/${project}`, held));
    expect(await step.rolledBack()).toMatchObject({ kind: "done" });
    expect(acting.gcp.snapshot()).toEqual(before);
  });

  test("what Cloud Run would not take is told before anything has changed", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    const step = await acting.begin("attach-egress", BY_CONNECTOR);
    const account = `projects/${project}/serviceAccounts/${acme.runtime}`;
    acting.gcp.edit(({ policies }) => policies.write(account, { version: 1, bindings: [] }));
    const before = acting.gcp.snapshot();
    expect(await step.apply()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("iam.serviceaccounts.actAs") as unknown,
    });
    expect(patches(acting)).toHaveLength(1);
    expect(acting.gcp.snapshot()).toEqual(before);
  });

  test("while somebody else changes the service, both changes are in it in the end", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    const step = await acting.begin("attach-egress", BY_CONNECTOR);
    const act = (): void => {
      const found = docOf(acting.gcp.world.services.get(acme.service));
      found["etag"] = `"other-${Math.random()}"`;
      docOf(found["template"])["timeout"] = "60s";
    };
    acting.gcp.inject({ method: "PATCH", nth: 2, times: 2, fault: { kind: "first", act } });
    await step.apply();
    expect(await step.settled()).toMatchObject({ kind: "done" });
    expect(templateOf(acting)).toMatchObject({ timeout: "60s", vpcAccess: { connector: acme.connector } });
    acting.gcp.inject({ method: "PATCH", fault: { kind: "first", act } });
    await step.rolledBack();
    expect(templateOf(acting)).toMatchObject({ timeout: "60s" });
    expect(templateOf(acting)).not.toHaveProperty("vpcAccess");
  });

  test("without an etag nothing is written, since others could be overwritten", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    const step = await acting.begin("attach-egress", BY_CONNECTOR);
    acting.gcp.edit(({ services }) => void delete docOf(services.get(acme.service))["etag"]);
    expect(await step.apply()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("no etag") as unknown,
    });
    expect(patches(acting)).toEqual([]);
  });

  test("says by one command what a person would do, also where a connector is in the way", () => {
    const { command } = gcpAction("attach-egress");
    expect(command(DIRECT)).toBe(
      "gcloud run services update greenlight-api --project acme-stg --region us-central1 --clear-vpc-connector --network default --subnet default --vpc-egress private-ranges-only",
    );
    expect(command(BY_CONNECTOR)).toContain(
      "--region us-central1 --vpc-connector staging-connector --vpc-egress",
    );
  });

  test("where somebody is faster every time, it gives up and has changed nothing", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    const step = await acting.begin("attach-egress", BY_CONNECTOR);
    const act = (): void =>
      void Object.assign(docOf(acting.gcp.world.services.get(acme.service)), { etag: `"${Math.random()}"` });
    acting.gcp.inject({ method: "PATCH", times: 99, fault: { kind: "first", act } });
    const before = acting.gcp.snapshot();
    expect(await step.apply()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("others keep changing it") as unknown,
    });
    expect(acting.gcp.snapshot()).toEqual(before);
  });

  test("what somebody else has set since is kept on the way back", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    const step = await acting.begin("attach-egress", DIRECT);
    await step.apply();
    await step.settled();
    const theirs = { connector: acme.connector, egress: "PRIVATE_RANGES_ONLY" };
    acting.gcp.edit((world) => setEgress(world, theirs));
    expect(await step.locate()).toBe("elsewhere");
    expect(await step.settle()).toMatchObject({ kind: "failed" });
    acting.gcp.forget();
    expect(await step.rollback()).toMatchObject({
      kind: "done",
      evidence: expect.stringContaining("kept") as unknown,
    });
    expect(patches(acting)).toEqual([]);
    expect(templateOf(acting)["vpcAccess"]).toEqual(theirs);
  });

  test("a service whose revision was not ready before counts as put back when its template is", async () => {
    await using acting = await startActing();
    acting.gcp.edit((world) => {
      noEgress(world);
      world.connectors.delete(acme.connector);
      setEgress(world, { connector: acme.connector, egress: "PRIVATE_RANGES_ONLY" });
      const state = "CONDITION_FAILED";
      Object.assign(docOf(world.services.get(acme.service)), { terminalCondition: { type: "Ready", state } });
    });
    const step = await acting.begin("attach-egress", DIRECT);
    await step.apply();
    await step.settled();
    expect(await step.rolledBack()).toMatchObject({
      kind: "done",
      evidence: expect.stringContaining("no more ready than before") as unknown,
    });
    expect(await step.locate()).toBe("before");
  });

  test.each([
    [
      "a connector in ERROR",
      (world: World) => setState(world, "ERROR"),
      BY_CONNECTOR,
      /does not recover.*by hand/,
    ],
    ["a connector that goes", (world: World) => setState(world, "DELETING"), BY_CONNECTOR, /DELETING/],
    ["a subnet that is too small", small("10.9.0.0/27"), DIRECT, /is a \/27.*\/26 or larger/],
    ["a subnet of another network", noEgress, { ...DIRECT, network: "other" }, /belongs to network default/],
    ["a subnet of nowhere", noEgress, { ...DIRECT, subnet: "nowhere" }, /no subnet nowhere in us-central1/],
    ["a subnet for proxies", purpose, DIRECT, /kept for REGIONAL_MANAGED_PROXY/],
    [
      "a service that is not there",
      noEgress,
      { ...DIRECT, service: "other" },
      /there is no run service other/,
    ],
    [
      "all traffic with a public database",
      publicSql,
      { ...DIRECT, egress: "all-traffic" },
      /public address only/,
    ],
    ["traffic that is pinned", pinned, DIRECT, /pinned to greenlight-api-00007-abc.*--to-latest/],
  ] as const)("refuses %s", async (_what, arrange, params, said) => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    acting.gcp.edit(arrange);
    const found = await acting.assess("attach-egress", params);
    expect(found).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(found)).toMatch(said);
  });

  test("takes a way that is only to be made by a step before it, and checks it when its turn comes", async () => {
    await using acting = await startActing();
    acting.gcp.edit((world) => {
      noEgress(world);
      noConnectors(world);
    });
    const step = await acting.begin("attach-egress", BY_CONNECTOR);
    expect(await step.apply()).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("has to be made first") as unknown,
    });
    expect(patches(acting)).toEqual([]);
  });

  test("does not guess what a 403 hides", async () => {
    await using acting = await startActing();
    acting.gcp.edit(noEgress);
    acting.gcp.edit(({ projects }) => projects.get(project)?.enabled.delete("vpcaccess.googleapis.com"));
    expect(await acting.assess("attach-egress", BY_CONNECTOR)).toMatchObject({
      kind: "unknown",
      because: expect.stringContaining("vpcaccess.googleapis.com is off") as unknown,
    });
    acting.gcp.inject({ api: "compute", times: 9, fault: { kind: "answer", status: 403, body: {} } });
    expect(await acting.assess("attach-egress", DIRECT)).toMatchObject({ kind: "unknown" });
  });
});

function small(ipCidrRange: string) {
  return (world: World): void =>
    void Object.assign(docOf(world.subnetworks.get(acme.subnet)), { ipCidrRange });
}

function purpose(world: World): void {
  Object.assign(docOf(world.subnetworks.get(acme.subnet)), { purpose: "REGIONAL_MANAGED_PROXY" });
}

function publicSql(world: World): void {
  const settings = docOf(docOf(world.sql.get(acme.sql))["settings"]);
  settings["ipConfiguration"] = { ipv4Enabled: true };
}

function pinned(world: World): void {
  const type = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
  const traffic = [{ type, revision: "greenlight-api-00007-abc", percent: 100 }];
  Object.assign(docOf(world.services.get(acme.service)), { traffic });
}
