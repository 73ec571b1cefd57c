import { describe, expect, test } from "vitest";
import { getSqlInstance, getSqlOperation, setActivationPolicy } from "../../../services/gcp/cloud-sql.ts";
import { getRedisInstance } from "../../../services/gcp/memorystore.ts";
import { getPeerings, getSubnetwork } from "../../../services/gcp/networking.ts";
import { getProject } from "../../../services/gcp/projects.ts";
import { getSecret, getSecretVersion } from "../../../services/gcp/secret-manager.ts";
import { serviceAgents } from "../../../services/gcp/service-agents.ts";
import {
  disableApi,
  enableApi,
  getApiOperation,
  getApiState,
  getApiStates,
} from "../../../services/gcp/service-usage.ts";
import type { GcpAnswer } from "../../../services/gcp/transport.ts";
import {
  createConnector,
  deleteConnector,
  getConnector,
  getConnectorOperation,
  listConnectors,
} from "../../../services/gcp/vpc-access.ts";
import { scripted } from "../../support/google.ts";

const { signal } = new AbortController();
const REGION = "projects/p/locations/us-central1";
const CONNECTOR = {
  name: `${REGION}/connectors/c`,
  network: "default",
  ipCidrRange: "10.8.0.0/28",
  state: "ERROR",
  machineType: "e2-micro",
  minInstances: 2,
  maxInstances: 3,
  connectedProjects: ["p"],
};
const id = { project: "p", region: "us-central1", name: "c", signal };
const json = (body: unknown) => scripted(() => ({ json: body }));

test.each<[string, GcpAnswer, string]>([
  ["404", { kind: "failed", error: { code: "GCP_NOT_FOUND", status: 404, message: "m" } }, "absent"],
  ["403", { kind: "failed", error: { code: "GCP_DENIED", status: 403, message: "m" } }, "unknown"],
  ["no API", { kind: "failed", error: { code: "GCP_API_DISABLED", status: 403, message: "m" } }, "unknown"],
  ["another shape", { kind: "ok", body: { state: "READY" } }, "unknown"],
  ["no object", { kind: "ok", body: [] }, "unknown"],
])("%s makes a fact of no other kind", async (_name, answer, kind) => {
  const gcp = scripted(() => answer);
  const instance = { project: "p", region: "r", instance: "i", signal };
  const facts = await Promise.all([
    getConnector(gcp, id),
    getSqlInstance(gcp, instance),
    getRedisInstance(gcp, instance),
    getProject(gcp, { project: "p", signal }),
    getSecret(gcp, { project: "p", secret: "s", signal }),
    getSubnetwork(gcp, { project: "p", region: "r", subnet: "s", signal }),
    getApiState(gcp, { project: "p", api: "run.googleapis.com", signal }),
  ]);
  expect(facts.map((fact) => fact.kind)).toEqual(facts.map(() => kind));
});

describe("connectors", () => {
  test("one is read", async () => {
    await expect(getConnector(json(CONNECTOR), id)).resolves.toEqual({
      kind: "known",
      value: {
        name: "c",
        project: "p",
        region: "us-central1",
        state: "ERROR",
        network: "default",
        range: "10.8.0.0/28",
        machineType: "e2-micro",
        minInstances: 2,
        maxInstances: 3,
        connectedProjects: ["p"],
      },
    });
  });

  test("all pages are read, and a list without an end is unknown", async () => {
    const pages = scripted(({ query }) => ({
      json:
        query?.["pageToken"] === "2"
          ? { connectors: [{ ...CONNECTOR, name: `${REGION}/connectors/d` }] }
          : { connectors: [CONNECTOR], nextPageToken: "2" },
    }));
    const all = await listConnectors(pages, id);
    expect(all.kind === "known" && all.value.map(({ name }) => name)).toEqual(["c", "d"]);
    const endless = await listConnectors(json({ connectors: [], nextPageToken: "x" }), id);
    expect(endless).toMatchObject({ kind: "unknown", because: { code: "GCP_MALFORMED" } });
    await expect(listConnectors(json({}), id)).resolves.toEqual({ kind: "known", value: [] });
  });

  test("one is made, looked at and deleted", async () => {
    const gcp = json({ name: `${REGION}/operations/o`, done: false });
    await createConnector(gcp, { ...id, network: "default", range: "10.8.0.0/28", minInstances: 2 });
    await createConnector(gcp, { ...id, subnet: { name: "sub" } });
    await getConnectorOperation(gcp, { name: `${REGION}/operations/o`, signal });
    await deleteConnector(gcp, id);
    expect(gcp.asked.map(({ method, path, query, body }) => ({ method, path, query, body }))).toEqual([
      {
        method: "POST",
        path: `/v1/${REGION}/connectors`,
        query: { connectorId: "c" },
        body: { network: "default", ipCidrRange: "10.8.0.0/28", minInstances: 2 },
      },
      {
        method: "POST",
        path: `/v1/${REGION}/connectors`,
        query: { connectorId: "c" },
        body: { subnet: { name: "sub" } },
      },
      { method: "GET", path: `/v1/${REGION}/operations/o` },
      { method: "DELETE", path: `/v1/${REGION}/connectors/c` },
    ]);
  });
});

describe("Service Usage", () => {
  test("asks for 30 at a time, and knows each by its name", async () => {
    const apis = Array.from({ length: 31 }, (_, index) => `a${index}.googleapis.com`);
    const gcp = scripted(({ query }) => ({
      json: {
        services: ((query?.["names"] ?? []) as string[]).map((name) => ({
          name: name.replace("projects/p", "projects/123"),
          state: name.includes("a30") ? "DISABLED" : "ENABLED",
        })),
      },
    }));
    const states = await getApiStates(gcp, { project: "p", apis, signal });
    expect(gcp.asked.map(({ query }) => query?.["names"]?.length)).toEqual([30, 1]);
    expect(gcp.asked[0]?.path).toBe("/v1/projects/p/services:batchGet");
    const known = states.kind === "known" ? states.value : new Map<string, string>();
    expect([known.size, known.get("a0.googleapis.com"), known.get("a30.googleapis.com")]).toEqual([
      31,
      "ENABLED",
      "DISABLED",
    ]);
  });

  test("switches on and off", async () => {
    const gcp = json({ name: "operations/acat.p1", done: true, response: {} });
    const api = { project: "p", api: "vpcaccess.googleapis.com", signal };
    await enableApi(gcp, api);
    await disableApi(gcp, api);
    await getApiOperation(gcp, { name: "operations/acat.p1", signal });
    expect(gcp.asked.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: "/v1/projects/p/services/vpcaccess.googleapis.com:enable", body: {} },
      {
        path: "/v1/projects/p/services/vpcaccess.googleapis.com:disable",
        body: { disableDependentServices: false },
      },
      { path: "/v1/operations/acat.p1" },
    ]);
  });
});

describe("Cloud SQL", () => {
  const stopped = {
    kind: "sql#instance",
    name: "db",
    state: "RUNNABLE",
    region: "us-central1",
    ipAddresses: [{ type: "PRIVATE", ipAddress: "10.20.0.3" }],
    settings: {
      activationPolicy: "NEVER",
      settingsVersion: "12",
      ipConfiguration: { ipv4Enabled: false, privateNetwork: "/projects/p/global/networks/default" },
    },
  };

  test("RUNNABLE is not on: the policy says which", async () => {
    await expect(
      getSqlInstance(json(stopped), { project: "p", instance: "db", signal }),
    ).resolves.toMatchObject({
      kind: "known",
      value: {
        state: "RUNNABLE",
        activationPolicy: "NEVER",
        addresses: [{ type: "PRIVATE", address: "10.20.0.3" }],
        privateNetwork: "projects/p/global/networks/default",
        settingsVersion: "12",
      },
    });
  });

  test("is started with the version of its settings, and its operation has another shape", async () => {
    const gcp = json({ kind: "sql#operation", name: "op", status: "PENDING" });
    await expect(
      setActivationPolicy(gcp, {
        project: "p",
        instance: "db",
        policy: "ALWAYS",
        settingsVersion: "12",
        signal,
      }),
    ).resolves.toEqual({ kind: "ok", value: { kind: "running", name: "op" } });
    await getSqlOperation(gcp, { project: "p", name: "op", signal });
    expect(gcp.asked).toMatchObject([
      {
        method: "PATCH",
        path: "/v1/projects/p/instances/db",
        body: { settings: { activationPolicy: "ALWAYS", settingsVersion: "12" } },
      },
      { method: "GET", path: "/v1/projects/p/operations/op" },
    ]);
  });
});

test("Memorystore: where it is and how it wants to be spoken to", async () => {
  const gcp = json({
    name: `${REGION}/instances/cache`,
    host: "10.30.0.4",
    port: 6378,
    state: "READY",
    authorizedNetwork: "projects/p/global/networks/default",
    authEnabled: true,
    transitEncryptionMode: "SERVER_AUTHENTICATION",
  });
  await expect(
    getRedisInstance(gcp, { project: "p", region: "us-central1", instance: "cache", signal }),
  ).resolves.toMatchObject({
    kind: "known",
    value: { instance: "cache", host: "10.30.0.4", port: 6378, authEnabled: true, tls: true },
  });
});

test("secrets: the state of a version, and never its value", async () => {
  const gcp = json({ name: "projects/123/secrets/s/versions/3", state: "DISABLED" });
  await expect(
    getSecretVersion(gcp, { project: "p", secret: "s", version: "latest", signal }),
  ).resolves.toEqual({ kind: "known", value: { version: "3", state: "DISABLED" } });
  expect(gcp.asked[0]?.path).toBe("/v1/projects/p/secrets/s/versions/latest");
});

test("networks: a subnet, and peerings by the project's number", async () => {
  const subnet = json({
    name: "default",
    ipCidrRange: "10.0.0.0/26",
    network: "https://www.googleapis.com/compute/v1/projects/p/global/networks/default",
    privateIpGoogleAccess: true,
  });
  await expect(
    getSubnetwork(subnet, { project: "p", region: "us-central1", subnet: "default", signal }),
  ).resolves.toMatchObject({
    value: { network: "default", range: "10.0.0.0/26", privateGoogleAccess: true },
  });
  expect(subnet.asked[0]?.path).toBe("/compute/v1/projects/p/regions/us-central1/subnetworks/default");
  const none = json({});
  await expect(getPeerings(none, { projectNumber: "123", network: "default", signal })).resolves.toEqual({
    kind: "known",
    value: [],
  });
  expect(none.asked[0]?.query).toEqual({ network: "projects/123/global/networks/default" });
});

test("service agents are named by the project's number", async () => {
  const project = await getProject(json({ projectId: "p", projectNumber: "123", lifecycleState: "ACTIVE" }), {
    project: "p",
    signal,
  });
  expect(project).toMatchObject({ value: { projectNumber: "123", active: true } });
  expect(serviceAgents("123").run).toBe("service-123@serverless-robot-prod.iam.gserviceaccount.com");
  expect(serviceAgents("123").defaultCompute).toBe("123-compute@developer.gserviceaccount.com");
});
