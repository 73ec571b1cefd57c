import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../../services/clock.ts";
import { getSqlInstance, getSqlOperation, setActivationPolicy } from "../../../services/gcp/cloud-sql.ts";
import { addMember, removeMember } from "../../../services/gcp/iam-policy.ts";
import { getRedisInstance } from "../../../services/gcp/memorystore.ts";
import { getPeerings, getSubnetwork } from "../../../services/gcp/networking.ts";
import { awaitOperation } from "../../../services/gcp/operations.ts";
import { preflight } from "../../../services/gcp/preflight.ts";
import { getProject } from "../../../services/gcp/projects.ts";
import {
  getRunOperation,
  getRunRevision,
  getRunService,
  patchRunService,
  rolloutOf,
} from "../../../services/gcp/run.ts";
import { getSecret, getSecretVersion } from "../../../services/gcp/secret-manager.ts";
import {
  disableApi,
  enableApi,
  getApiOperation,
  getApiState,
  getApiStates,
} from "../../../services/gcp/service-usage.ts";
import type { GcpTransport, Known } from "../../../services/gcp/transport.ts";
import {
  createConnector,
  deleteConnector,
  getConnector,
  getConnectorOperation,
  listConnectors,
} from "../../../services/gcp/vpc-access.ts";
import { openGcp } from "../../../src/gcp/open-gcp.ts";
import { acme } from "../../../src/sandbox/gcp/names.ts";
import { useGcp } from "../../support/gcp.ts";

const fake = await useGcp();
const { signal } = new AbortController();
const { project, region } = acme;
let reader: GcpTransport;
let writer: GcpTransport;

beforeEach(() => {
  for (const [name, value] of Object.entries(fake.env())) vi.stubEnv(name, value);
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
  vi.stubEnv("HOME", "/nonexistent");
  vi.stubEnv("CLOUDSDK_CONFIG", "/nonexistent");
  const gcp = openGcp(
    { endpoints: { all: fake.url }, remediator: acme.remediator },
    { clock: systemClock, backoffMs: 1 },
  );
  if (!gcp.writer) throw new Error("no writer");
  ({ reader, writer } = { reader: gcp.reader, writer: gcp.writer });
});
afterEach(() => vi.unstubAllEnvs());

const wait = { clock: systemClock, deadlineMs: 10_000, everyMs: 5, signal };

function valueOf<T>(known: Known<T>): T {
  if (known.kind !== "known") throw new Error(JSON.stringify(known));
  return known.value;
}

describe("with the service's own account", () => {
  test("everything can be read", async () => {
    const service = valueOf(
      await getRunService(reader, { project, region, service: "greenlight-api", signal }),
    );
    expect(rolloutOf(service)).toEqual({ kind: "succeeded", revision: "greenlight-api-00007-abc" });
    expect(service.template.vpcAccess).toMatchObject({ connector: acme.connector });
    const revision = await getRunRevision(reader, {
      project,
      region,
      service: "greenlight-api",
      revision: service.latestReadyRevision ?? "",
      signal,
    });
    expect(valueOf(revision).template.serviceAccount).toBe(acme.runtime);
    const connectors = valueOf(await listConnectors(reader, { project, region, signal }));
    expect(connectors).toMatchObject([{ state: "READY", network: "default" }]);
    const sql = valueOf(await getSqlInstance(reader, { project, instance: "db", signal }));
    expect(sql).toMatchObject({ activationPolicy: "ALWAYS", privateNetwork: acme.network });
    const redis = await getRedisInstance(reader, { project, region, instance: "cache", signal });
    expect(valueOf(redis)).toMatchObject({ state: "READY", port: 6379 });
    const { projectNumber } = valueOf(await getProject(reader, { project, signal }));
    expect(valueOf(await getPeerings(reader, { projectNumber, network: "default", signal }))).toHaveLength(1);
    const subnet = await getSubnetwork(reader, { project, region, subnet: "default", signal });
    expect(valueOf(subnet)).toMatchObject({ network: "default", region });
    const secret = { project, secret: "db-password", signal };
    await expect(getSecret(reader, secret)).resolves.toMatchObject({ kind: "known" });
    await expect(getSecretVersion(reader, { ...secret, version: "latest" })).resolves.toEqual({
      kind: "known",
      value: { version: "3", state: "ENABLED" },
    });
    const states = await getApiStates(reader, {
      project,
      apis: ["run.googleapis.com", "vpcaccess.googleapis.com"],
      signal,
    });
    expect([...valueOf(states).values()]).toEqual(["ENABLED", "ENABLED"]);
  });

  test("what is not there is absent, and what may not be changed is denied with the permission", async () => {
    const id = { project, region, name: "none", signal };
    await expect(getConnector(reader, id)).resolves.toEqual({ kind: "absent" });
    await expect(
      createConnector(reader, { ...id, network: "default", range: "10.9.0.0/28" }),
    ).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_DENIED", permission: "vpcaccess.connectors.create" },
    });
  });

  test("an API that is off says so, and which", async () => {
    fake.edit((world) => void world.projects.get(project)?.enabled.delete("sqladmin.googleapis.com"));
    await expect(getSqlInstance(reader, { project, instance: "db", signal })).resolves.toMatchObject({
      kind: "unknown",
      because: { code: "GCP_API_DISABLED", service: "sqladmin.googleapis.com" },
    });
    const api = { project, api: "sqladmin.googleapis.com", signal };
    await expect(getApiState(reader, api)).resolves.toEqual({ kind: "known", value: "DISABLED" });
    const begun = await enableApi(writer, api);
    if (begun.kind !== "ok") throw new Error(begun.error.message);
    const ended = await awaitOperation(
      begun.value,
      async (name) => getApiOperation(writer, { name, signal }),
      wait,
    );
    expect(ended.kind).toBe("done");
    await expect(getApiState(reader, api)).resolves.toEqual({ kind: "known", value: "ENABLED" });
  });
});

describe("as the remediator", () => {
  test("a connector is made and deleted", async () => {
    const before = fake.snapshot();
    const id = { project, region, name: "second", signal };
    const poll = async (name: string) => getConnectorOperation(writer, { name, signal });
    const made = await createConnector(writer, {
      ...id,
      network: "default",
      range: "10.9.0.0/28",
      minInstances: 2,
      maxInstances: 3,
    });
    if (made.kind !== "ok") throw new Error(made.error.message);
    expect((await awaitOperation(made.value, poll, wait)).kind).toBe("done");
    await expect(getConnector(reader, id)).resolves.toMatchObject({
      kind: "known",
      value: { state: "READY" },
    });
    const gone = await deleteConnector(writer, id);
    if (gone.kind !== "ok") throw new Error(gone.error.message);
    expect((await awaitOperation(gone.value, poll, wait)).kind).toBe("done");
    expect(fake.snapshot()).toEqual(before);
  });

  test("a service is changed, and an old etag is a conflict", async () => {
    const id = { project, region, service: "greenlight-api", signal };
    const before = valueOf(await getRunService(writer, id));
    const { vpcAccess: _gone, ...without } = before.rawTemplate;
    const patch = {
      ...id,
      etag: before.etag,
      template: without,
      updateMask: ["template.vpcAccess"] as [string],
    };
    await expect(patchRunService(writer, { ...patch, validateOnly: true })).resolves.toMatchObject({
      kind: "ok",
    });
    const changed = await patchRunService(writer, patch);
    if (changed.kind !== "ok") throw new Error(changed.error.message);
    const poll = async (name: string) => getRunOperation(writer, { name, signal });
    expect((await awaitOperation(changed.value, poll, wait)).kind).toBe("done");
    const after = valueOf(await getRunService(writer, id));
    expect(after.template.vpcAccess).toBeUndefined();
    await expect(patchRunService(writer, patch)).resolves.toMatchObject({
      kind: "failed",
      error: { code: "GCP_CONFLICT" },
    });
    const back = await patchRunService(writer, { ...patch, etag: after.etag, template: before.rawTemplate });
    if (back.kind !== "ok") throw new Error(back.error.message);
    expect((await awaitOperation(back.value, poll, wait)).kind).toBe("done");
    expect(rolloutOf(valueOf(await getRunService(writer, id))).kind).toBe("succeeded");
  });

  test("a member is added and taken away, and the policy is as before", async () => {
    const before = fake.snapshot();
    const change = {
      resource: `projects/${project}`,
      role: "roles/cloudsql.client",
      member: `serviceAccount:${acme.remediator}`,
      signal,
    };
    await expect(addMember(writer, change)).resolves.toMatchObject({ kind: "ok", value: { changed: true } });
    expect(fake.snapshot()).not.toEqual(before);
    await expect(removeMember(writer, change)).resolves.toMatchObject({
      kind: "ok",
      value: { changed: true },
    });
    expect(fake.snapshot()).toEqual(before);
  });

  test("a database is stopped and started", async () => {
    const id = { project, instance: "db", signal };
    for (const policy of ["NEVER", "ALWAYS"] as const) {
      const begun = await setActivationPolicy(writer, { ...id, policy });
      if (begun.kind !== "ok") throw new Error(begun.error.message);
      const poll = async (name: string) => getSqlOperation(writer, { project, name, signal });
      expect((await awaitOperation(begun.value, poll, wait)).kind).toBe("done");
      expect(valueOf(await getSqlInstance(reader, id)).activationPolicy).toBe(policy);
    }
  });

  test("an API is switched off and on again", async () => {
    const api = { project, api: "redis.googleapis.com", signal };
    const poll = async (name: string) => getApiOperation(writer, { name, signal });
    for (const [act, state] of [
      [disableApi, "DISABLED"],
      [enableApi, "ENABLED"],
    ] as const) {
      const begun = await act(writer, api);
      if (begun.kind !== "ok") throw new Error(begun.error.message);
      expect((await awaitOperation(begun.value, poll, wait)).kind).toBe("done");
      await expect(getApiState(reader, api)).resolves.toEqual({ kind: "known", value: state });
    }
  });

  test("what it may do is known before the first change", async () => {
    const needed = [
      { permission: "run.services.update", resource: acme.service },
      {
        permission: "iam.serviceAccounts.actAs",
        resource: `projects/${project}/serviceAccounts/${acme.runtime}`,
      },
      { permission: "vpcaccess.connectors.create", resource: `projects/${project}` },
      { permission: "resourcemanager.projects.setIamPolicy", resource: `projects/${project}` },
      { permission: "cloudsql.instances.update", resource: `projects/${project}` },
    ];
    await expect(preflight(writer, { needed, signal })).resolves.toEqual({ kind: "held", asked: 5 });
    const refused = await preflight(reader, { needed, signal });
    expect(refused.kind === "missing" && new Set(refused.missing)).toEqual(new Set(needed));
  });
});
