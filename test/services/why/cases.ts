import { viewCause } from "../../../services/health/cause-view.ts";
import type { CauseCode, Rung } from "../../../services/causes.ts";
import type { GcpErrorCode, Known } from "../../../services/gcp/transport.ts";
import type { IamPolicy } from "../../../services/gcp/iam-policy.ts";
import type { RunService } from "../../../services/gcp/run-service.ts";
import type { SqlInstance } from "../../../services/gcp/cloud-sql.ts";
import type { CloudFacts, CloudTarget } from "../../../services/why/cloud.ts";
import type { Symptom } from "../../../services/why/symptom.ts";

export const known = <T>(value: T): Known<T> => ({ kind: "known", value });
export const absent = { kind: "absent" } as const;

export const denied = (code: GcpErrorCode = "GCP_DENIED"): Known<never> => ({
  kind: "unknown",
  because: { code, status: 403, message: "The caller may not", permission: "x.y.get" },
});

export const target: CloudTarget = {
  project: "acme-stg",
  region: "us-central1",
  service: "api",
  network: "default",
  subnet: "default",
  dependencies: new Map([
    ["postgres", { kind: "sql", project: "acme-stg", region: "us-central1", instance: "db" }],
    ["redis", { kind: "memorystore", project: "acme-stg", region: "us-central1", instance: "cache" }],
  ]),
};

export const sql: SqlInstance = {
  project: "acme-stg",
  instance: "db",
  state: "RUNNABLE",
  activationPolicy: "ALWAYS",
  addresses: [{ type: "PRIVATE", address: "10.20.0.3" }],
  publicAddress: false,
  privateNetwork: "projects/acme-stg/global/networks/default",
  connectorsRequired: false,
  suspensionReasons: [],
};

const CONNECTOR = "projects/acme-stg/locations/us-central1/connectors/c";

export function service(template: Partial<RunService["template"]> = {}): RunService {
  return {
    name: "projects/acme-stg/locations/us-central1/services/api",
    project: "acme-stg",
    region: "us-central1",
    service: "api",
    reconciling: false,
    conditions: [],
    invokerIamDisabled: true,
    traffic: [],
    template: {
      serviceAccount: "api@acme-stg.iam.gserviceaccount.com",
      vpcAccess: { connector: CONNECTOR, networkInterfaces: [], egress: "PRIVATE_RANGES_ONLY" },
      containers: [],
      sqlInstances: [],
      ...template,
    },
    rawTemplate: {},
  };
}

export const member = "serviceAccount:api@acme-stg.iam.gserviceaccount.com";
const agent = "serviceAccount:service-123@serverless-robot-prod.iam.gserviceaccount.com";

export const policyOf = (...roles: readonly (readonly [string, string])[]): IamPolicy => ({
  version: 1,
  etag: "e",
  bindings: roles.map(([role, who]) => ({ role, members: [who] })),
  raw: {},
});

const connector = {
  name: "c",
  project: "acme-stg",
  region: "us-central1",
  state: "READY",
  network: "default",
  connectedProjects: [],
} as const;

/** A cloud in good order, in which nothing explains a failure. */
export const good: CloudFacts = {
  target,
  resource: { kind: "sql", project: "acme-stg", region: "us-central1", instance: "db" },
  apis: known(
    new Map([
      ["sqladmin.googleapis.com", "ENABLED"],
      ["vpcaccess.googleapis.com", "ENABLED"],
    ]),
  ),
  sql: known(sql),
  run: known(service()),
  connector: known(connector),
  connectors: known([connector]),
  peerings: known([{ reservedRanges: [] }]),
  project: known({ projectId: "acme-stg", projectNumber: "123", active: true }),
  projectPolicy: known(policyOf(["roles/cloudsql.client", member], ["roles/run.serviceAgent", agent])),
  instancePolicy: known(policyOf(["roles/cloudsql.client", member])),
  secrets: [],
};

/** The members of `good` that were asked for; each may be unknown. */
export const ASKED = [
  "apis",
  "sql",
  "run",
  "connector",
  "connectors",
  "peerings",
  "project",
  "projectPolicy",
  "instancePolicy",
] as const;

const RUNG: Partial<Record<CauseCode, Rung>> = {
  LOGIN_TIMEOUT: "authenticate",
  AUTH_FAILED: "authenticate",
  TOO_MANY_CONNECTIONS: "authenticate",
};

export function symptom(
  code: CauseCode,
  changed: Partial<Symptom> & { readonly message?: string } = {},
): Symptom {
  const { message = "as it was met", ...rest } = changed;
  const dependency = rest.dependency ?? "postgres";
  return {
    dependency,
    kind: "postgres",
    status: "fail",
    cause: viewCause({ code, rung: RUNG[code] ?? "connect", message }, dependency, {
      host: "10.20.0.3",
      port: 5432,
    }),
    held: [],
    host: "10.20.0.3",
    port: 5432,
    breakerOpen: false,
    answers: false,
    ...rest,
  };
}
