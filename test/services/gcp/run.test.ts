import { expect, test } from "vitest";
import {
  getRunRevision,
  getRunService,
  patchRunService,
  rolloutOf,
  waitRunOperation,
} from "../../../services/gcp/run.ts";
import { type RunService, parseRunService } from "../../../services/gcp/run-service.ts";
import { scripted } from "../../support/google.ts";

const { signal } = new AbortController();
const ID = { project: "p", region: "us-central1", service: "api", signal };
const NAME = "projects/p/locations/us-central1/services/api";

/** As section 10 of Google's description gives it, with more members filled in. */
const SERVICE = {
  name: NAME,
  generation: "7",
  observedGeneration: "7",
  etag: '"CJ"',
  reconciling: false,
  terminalCondition: { type: "Ready", state: "CONDITION_SUCCEEDED" },
  latestReadyRevision: `${NAME}/revisions/api-00007-abc`,
  latestCreatedRevision: `${NAME}/revisions/api-00007-abc`,
  uri: "https://api-x-uc.a.run.app",
  traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
  template: {
    revision: "api-00007-abc",
    serviceAccount: "run@p.iam.gserviceaccount.com",
    vpcAccess: { connector: "projects/p/locations/us-central1/connectors/c", egress: "ALL_TRAFFIC" },
    volumes: [{ name: "cloudsql", cloudSqlInstance: { instances: ["p:us-central1:db"] } }],
    scaling: { minInstanceCount: 1 },
    containers: [
      {
        image: "img",
        env: [
          { name: "PLAIN", value: "v" },
          { name: "DATABASE_URL", valueSource: { secretKeyRef: { secret: "db", version: "3" } } },
        ],
        resources: { cpuIdle: true },
        livenessProbe: { httpGet: { path: "/health/live", port: 8080 }, periodSeconds: 5 },
      },
    ],
  },
};

const parsed = (changes: object = {}): RunService => {
  const service = parseRunService({ ...SERVICE, ...changes });
  if (!service) throw new Error("no service");
  return service;
};

test("reads a service", async () => {
  const answer = await getRunService(
    scripted(() => ({ json: SERVICE })),
    ID,
  );
  expect(answer).toMatchObject({
    kind: "known",
    value: {
      service: "api",
      project: "p",
      region: "us-central1",
      latestReadyRevision: "api-00007-abc",
      traffic: [{ latest: true, percent: 100 }],
      template: {
        vpcAccess: { egress: "ALL_TRAFFIC", networkInterfaces: [] },
        sqlInstances: ["p:us-central1:db"],
        minInstances: 1,
        containers: [
          {
            cpuIdle: true,
            env: [
              { name: "PLAIN", kind: "plain", value: "v" },
              { name: "DATABASE_URL", kind: "secret", secret: "db", version: "3" },
            ],
            livenessProbe: { kind: "http", path: "/health/live", periodSeconds: 5, timeoutSeconds: 1 },
          },
        ],
      },
    },
  });
});

const template = (vpcAccess: unknown) => ({ template: { ...SERVICE.template, vpcAccess } });

test("an empty vpcAccess is no egress, and egress unsaid is for private ranges", () => {
  expect(parsed(template({})).template.vpcAccess).toBeUndefined();
  expect(parsed(template(undefined)).template.vpcAccess).toBeUndefined();
  expect(
    parsed(template({ networkInterfaces: [{ network: "n", subnetwork: "s" }] })).template.vpcAccess,
  ).toEqual({
    networkInterfaces: [{ network: "n", subnetwork: "s", tags: [] }],
    egress: "PRIVATE_RANGES_ONLY",
  });
});

test("what is no service is unknown, never absent", async () => {
  await expect(
    getRunService(
      scripted(() => ({ json: { name: NAME } })),
      ID,
    ),
  ).resolves.toMatchObject({ kind: "unknown", because: { code: "GCP_MALFORMED" } });
});

test("a change carries the etag and the mask, and never the name of a revision", async () => {
  const transport = scripted(() => ({ json: { name: "operations/o" } }));
  const service = parsed();
  await expect(
    patchRunService(transport, {
      ...ID,
      etag: service.etag,
      template: { ...service.rawTemplate, vpcAccess: { connector: "x" } },
      updateMask: ["template.vpcAccess"],
      validateOnly: true,
    }),
  ).resolves.toEqual({ kind: "ok", value: { kind: "running", name: "operations/o" } });
  const { revision: _revision, ...rest } = SERVICE.template;
  expect(transport.asked).toMatchObject([
    {
      method: "PATCH",
      path: `/v2/${NAME}`,
      query: { updateMask: "template.vpcAccess", validateOnly: "true" },
      body: { name: NAME, etag: '"CJ"', template: { ...rest, vpcAccess: { connector: "x" } } },
    },
  ]);
  expect(JSON.stringify(transport.asked[0]?.body)).not.toContain('"revision"');
  expect(service.rawTemplate["revision"]).toBe("api-00007-abc");
});

test("waits for an operation where it is", async () => {
  const transport = scripted(() => ({ json: { name: "o", done: true, response: {} } }));
  await waitRunOperation(transport, {
    name: "projects/p/locations/r/operations/o",
    waitMs: 1500,
    signal,
  });
  expect(transport.asked).toMatchObject([
    { method: "POST", path: "/v2/projects/p/locations/r/operations/o:wait", body: { timeout: "2s" } },
  ]);
});

test("reads a revision", async () => {
  const transport = scripted(() => ({
    json: {
      name: `${NAME}/revisions/r1`,
      containers: [{ image: "img" }],
      conditions: [
        { type: "Ready", state: "CONDITION_FAILED", revisionReason: "HEALTH_CHECK_CONTAINER_ERROR" },
      ],
    },
  }));
  await expect(getRunRevision(transport, { ...ID, revision: "r1" })).resolves.toMatchObject({
    kind: "known",
    value: {
      conditions: [{ revisionReason: "HEALTH_CHECK_CONTAINER_ERROR" }],
      template: { containers: [{ image: "img", cpuIdle: true }] },
    },
  });
});

test.each<[string, object, object]>([
  ["succeeded", {}, { kind: "succeeded", revision: "api-00007-abc" }],
  ["is reconciled still", { reconciling: true }, { kind: "reconciling" }],
  ["has not been looked at", { generation: "8" }, { kind: "reconciling" }],
  [
    "is in between",
    { terminalCondition: { type: "Ready", state: "CONDITION_RECONCILING" } },
    { kind: "reconciling" },
  ],
  [
    "failed, and the former revision serves",
    {
      terminalCondition: {
        type: "Ready",
        state: "CONDITION_FAILED",
        reason: "HEALTH_CHECK_CONTAINER_ERROR",
        message: "no port",
      },
      latestCreatedRevision: `${NAME}/revisions/api-00008-bad`,
    },
    {
      kind: "failed",
      because: "CONDITION_FAILED (HEALTH_CHECK_CONTAINER_ERROR): no port",
      serving: "api-00007-abc",
    },
  ],
  [
    "says that it succeeded with an old revision",
    { latestCreatedRevision: `${NAME}/revisions/api-00008-bad` },
    { kind: "failed", because: "revision api-00008-bad was created and api-00007-abc is ready" },
  ],
  ["gives no condition", { terminalCondition: undefined }, { kind: "failed" }],
  [
    "has no revision",
    { latestCreatedRevision: undefined, latestReadyRevision: undefined },
    { kind: "failed" },
  ],
])("a rollout that %s", (_name, changes, expected) => {
  expect(rolloutOf(parsed(changes))).toMatchObject(expected);
});
