/** Actions on Google Cloud. Estimates are from Google's documentation and what its operations usually take. */
import type { Catalogue } from "./plan-catalogue.ts";
import { resourceName } from "./gcp-resource.ts";
import type { VerifierCall } from "./verifier.ts";

const AUTOMATIC = { kind: "automatic" } as const;
const MINUTE = 60_000;

interface ServiceId {
  readonly project: string;
  readonly region: string;
  readonly service: string;
}

const runService = ({ project, region, service }: ServiceId): string =>
  resourceName("run", "v2", "projects", project, "locations", region, "services", service);

const field = (resource: string, pointer: string, equals: string, withinMs: number): VerifierCall => ({
  kind: "gcp",
  resource,
  pointer,
  equals,
  withinMs,
});

/** The revision with the change serves. */
const rolledOut = (id: ServiceId): VerifierCall =>
  field(runService(id), "/terminalCondition/state", "CONDITION_SUCCEEDED", 5 * MINUTE);

const shortName = (account: string): string => account.replace(/^[a-zA-Z]+:/, "").replace(/@.*$/, "");

export const GCP_CATALOGUE: Pick<
  Catalogue,
  | "enable-api"
  | "create-connector"
  | "attach-egress"
  | "add-iam-binding"
  | "start-sql-instance"
  | "set-variable"
> = {
  "enable-api": {
    title: ({ api, project }) => `Enable the API ${api} in ${project}`,
    subject: ({ api }) => api.replace(/\.googleapis\.com$/, ""),
    estimateMs: 2 * MINUTE,
    risk: "low",
    destructive: false,
    rollback: AUTOMATIC,
    verify: ({ project, api }) => [
      field(
        resourceName("serviceusage", "v1", "projects", project, "services", api),
        "/state",
        "ENABLED",
        2 * MINUTE,
      ),
    ],
    success: ({ api }) => [`${api} answers.`],
  },
  "create-connector": {
    title: ({ name, network, region }) => `Create the VPC connector ${name} in ${network}, ${region}`,
    subject: ({ name }) => name,
    estimateMs: 4 * MINUTE,
    risk: "low",
    destructive: false,
    rollback: AUTOMATIC,
    verify: ({ project, region, name }) => [
      field(
        resourceName("vpcaccess", "v1", "projects", project, "locations", region, "connectors", name),
        "/state",
        "READY",
        5 * MINUTE,
      ),
    ],
    success: ({ name }) => [`${name} is READY.`],
  },
  "attach-egress": {
    title: ({ service, connector, network }) =>
      `Give ${service} a way into the VPC, by ${connector === undefined ? `Direct VPC egress in ${network ?? "its network"}` : `the connector ${connector}`}`,
    subject: ({ service }) => service,
    estimateMs: 3 * MINUTE,
    risk: "medium",
    destructive: false,
    rollback: AUTOMATIC,
    verify: (params) => [
      field(runService(params), "/template/vpcAccess/egress", "PRIVATE_RANGES_ONLY", 5 * MINUTE),
    ],
    success: ({ service }) => [`A new revision of ${service} serves, and reaches private addresses.`],
  },
  "add-iam-binding": {
    title: ({ role, member, resource }) => `Grant ${role} on ${resource} to ${shortName(member)}`,
    subject: ({ role, member }) => `${role.replace(/^.*\//, "").replaceAll(".", "-")}-${shortName(member)}`,
    // A binding spreads in two minutes, at times in more than seven.
    estimateMs: 3 * MINUTE,
    risk: "medium",
    destructive: false,
    rollback: AUTOMATIC,
    verify: () => [],
    success: ({ role, member }) => [`${member} holds ${role}.`],
  },
  "start-sql-instance": {
    title: ({ instance }) => `Start the Cloud SQL instance ${instance}`,
    subject: ({ instance }) => instance,
    estimateMs: 5 * MINUTE,
    risk: "low",
    destructive: false,
    rollback: AUTOMATIC,
    verify: ({ project, instance }) => [
      field(
        resourceName("sqladmin", "v1", "projects", project, "instances", instance),
        "/settings/activationPolicy",
        "ALWAYS",
        5 * MINUTE,
      ),
    ],
    success: ({ instance }) => [`${instance} takes connections.`],
  },
  "set-variable": {
    title: ({ name, service, value }) =>
      value === undefined ? `Remove ${name} from ${service}` : `Set ${name} of ${service}`,
    subject: ({ name }) => name,
    estimateMs: 2 * MINUTE,
    risk: "medium",
    destructive: false,
    rollback: AUTOMATIC,
    verify: (params) => [rolledOut(params)],
    success: ({ name, service, value }) => [
      value === undefined
        ? `The revision of ${service} that serves does not have ${name}.`
        : `The revision of ${service} that serves has ${name} as it should be.`,
    ],
  },
};
