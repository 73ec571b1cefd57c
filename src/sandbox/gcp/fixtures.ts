import { type Doc, without } from "./json.ts";
import type { Binding } from "./policies.ts";
import { condition, etagOf } from "./run-revision.ts";
import { seedData } from "./fixture-data.ts";
import { titles } from "./service-usage.ts";
import { acme, born } from "./names.ts";
import type { World } from "./world.ts";

const { project } = acme;
const readers = [
  "browser",
  "cloudsql.viewer",
  "compute.networkViewer",
  "iam.securityReviewer",
  "redis.viewer",
  "run.viewer",
  "secretmanager.viewer",
  "serviceusage.serviceUsageViewer",
  "vpcaccess.viewer",
];
const writers = [
  ...readers,
  "cloudsql.editor",
  "compute.networkUser",
  "resourcemanager.projectIamAdmin",
  "run.developer",
  "serviceusage.serviceUsageAdmin",
  "vpcaccess.admin",
];

/** A staging project in good order: everything is on, connected, running and allowed. */
export function seed(world: World): void {
  world.projects.set(project, { id: project, number: acme.number, enabled: new Set(Object.keys(titles)) });
  const emails = [acme.runtime, acme.remediator];
  for (const [index, email] of emails.entries()) {
    world.accounts.set(email, { email, uniqueId: `10000000000000000010${index}`, project, disabled: false });
  }
  seedPolicies(world);
  world.connectors.set(acme.connector, {
    name: acme.connector,
    network: "default",
    ipCidrRange: "10.8.0.0/28",
    state: "READY",
    machineType: "e2-micro",
    minInstances: 2,
    maxInstances: 3,
    connectedProjects: [project],
  });
  seedService(world);
  seedData(world);
}

function seedPolicies({ policies }: World): void {
  const runtime = `serviceAccount:${acme.runtime}`;
  const remediator = `serviceAccount:${acme.remediator}`;
  const bindings: Binding[] = [
    { role: "roles/cloudsql.client", members: [runtime] },
    { role: "roles/run.serviceAgent", members: [`serviceAccount:${acme.agent}`] },
    ...[...new Set([...readers, ...writers])].map((role) => ({
      role: `roles/${role}`,
      members: [
        ...(readers.includes(role) ? [runtime] : []),
        ...(writers.includes(role) ? [remediator] : []),
      ],
    })),
  ];
  policies.write(`projects/${project}`, { version: 1, bindings });
  const on = (email: string, role: string, member: string): void =>
    policies.write(`projects/${project}/serviceAccounts/${email}`, {
      version: 1,
      bindings: [{ role, members: [member] }],
    });
  on(acme.remediator, "roles/iam.serviceAccountTokenCreator", runtime);
  on(acme.runtime, "roles/iam.serviceAccountUser", remediator);
  policies.write(acme.secret, {
    version: 1,
    bindings: [{ role: "roles/secretmanager.secretAccessor", members: [runtime] }],
  });
}

function seedService(world: World): void {
  const template: Doc = {
    revision: "greenlight-api-00007-abc",
    serviceAccount: acme.runtime,
    timeout: "300s",
    maxInstanceRequestConcurrency: 80,
    scaling: { minInstanceCount: 1, maxInstanceCount: 4 },
    vpcAccess: { connector: acme.connector, egress: "PRIVATE_RANGES_ONLY" },
    volumes: [{ name: "cloudsql", cloudSqlInstance: { instances: [`${project}:${acme.region}:db`] } }],
    containers: [
      {
        image: "us-docker.pkg.dev/acme-stg/apps/greenlight:1.4.0",
        env: [
          { name: "ENABLE_STRICT_VALIDATION", value: "true" },
          {
            name: "DB_PASSWORD",
            valueSource: { secretKeyRef: { secret: "db-password", version: "latest" } },
          },
        ],
        ports: [{ name: "http1", containerPort: 8080 }],
        resources: { limits: { cpu: "1", memory: "512Mi" }, cpuIdle: false },
        volumeMounts: [{ name: "cloudsql", mountPath: "/cloudsql" }],
        startupProbe: {
          periodSeconds: 10,
          timeoutSeconds: 1,
          failureThreshold: 3,
          httpGet: { path: "/health/startup", port: 8080 },
        },
      },
    ],
  };
  const revision = `${acme.service}/revisions/greenlight-api-00007-abc`;

  world.revisions.set(revision, {
    name: revision,
    uid: "5f0f2c4e-7",
    generation: "1",
    createTime: born,
    service: "greenlight-api",
    ...without(template, "revision"),
    conditions: [condition("CONDITION_SUCCEEDED", born)],
    observedGeneration: "1",
    reconciling: false,
    etag: etagOf(7),
  });
  world.services.set(acme.service, {
    name: acme.service,
    uid: "c2d1a7b0-greenlight-api",
    generation: "7",
    createTime: born,
    updateTime: born,
    creator: "ann@example.com",
    lastModifier: "ann@example.com",
    ingress: "INGRESS_TRAFFIC_ALL",
    launchStage: "GA",
    invokerIamDisabled: true,
    template,
    traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
    observedGeneration: "7",
    reconciling: false,
    terminalCondition: condition("CONDITION_SUCCEEDED", born),
    conditions: [],
    latestReadyRevision: revision,
    latestCreatedRevision: revision,
    trafficStatuses: [
      { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100, revision: "greenlight-api-00007-abc" },
    ],
    uri: "https://greenlight-api-abcdefghij-uc.a.run.app",
    urls: ["https://greenlight-api-abcdefghij-uc.a.run.app"],
    etag: etagOf(7),
  });
}
