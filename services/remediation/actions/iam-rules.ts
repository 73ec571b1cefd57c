import { ask, pathOf } from "../../gcp/ask.ts";
import { fieldsOf, listOf } from "../../gcp/fields.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import { permissionsOfRole } from "./holds-role.ts";

// A type alias, since an interface is not assignable to a record of JSON.
export type BindingParams = {
  /** `projects/p`, or another resource with a policy of its own. */
  readonly resource: string;
  readonly role: string;
  readonly member: string;
};

/** Cloud Run's own agent, and Google's that makes machines. */
const RUN_AGENT = /^serviceAccount:service-\d+@serverless-robot-prod\.iam\.gserviceaccount\.com$/;
const CLOUD_SERVICES = /^serviceAccount:\d+@cloudservices\.gserviceaccount\.com$/;

export interface RoleQuestion {
  readonly params: BindingParams;
  readonly signal: AbortSignal;
}

/** Why the grant would not help, or gives away too much; undefined when nothing speaks against it. */
export async function roleHindrance(
  gcp: GcpTransport,
  { params, signal }: RoleQuestion,
): Promise<string | undefined> {
  const said = wrongRemedy(params) ?? tooMuch(params);
  if (said !== undefined) return said;
  const { resource, role } = params;
  const granted = await permissionsOfRole(gcp, { role, signal });
  if (granted.kind === "absent") return `there is no role ${role}`;
  if (!role.startsWith("roles/cloudsql.")) return undefined;
  if (!isProject(resource)) return `${role} is granted on the project of the instance, not on ${resource}`;
  return (await hasNoInstance(gcp, { resource, signal }))
    ? `${resource} has no Cloud SQL instance: ${role} has to be granted in the project that owns the instance, which may be another than that of the service`
    : undefined;
}

/** The account that a service runs as does not use the connector: Cloud Run's own agent does. */
function wrongRemedy({ role, member, resource }: BindingParams): string | undefined {
  if (role !== "roles/vpcaccess.user" || !member.startsWith("serviceAccount:") || RUN_AGENT.test(member))
    return undefined;
  return `${role} on ${member} does not help: the account that a service runs as does not use the connector, Cloud Run's agent does. See that service-PROJECT_NUMBER@serverless-robot-prod.iam.gserviceaccount.com has roles/run.serviceAgent on ${resource}; with a Shared VPC, grant that agent ${role} in the host project`;
}

function tooMuch({ role, member }: BindingParams): string | undefined {
  if (role !== "roles/owner" && role !== "roles/editor") return undefined;
  // Without it that agent cannot make connectors, and Google has no narrower role for it.
  if (role === "roles/editor" && CLOUD_SERVICES.test(member)) return undefined;
  return `${role} gives away far more than any way to a database needs: grant the one role that is missing`;
}

const isProject = (resource: string): boolean => /^projects\/[^/]+$/.test(resource);

/** Known to have none; what cannot be listed may have some. */
async function hasNoInstance(
  gcp: GcpTransport,
  { resource, signal }: { readonly resource: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const path = `${pathOf("v1", ...resource.split("/"))}/instances`;
  const found = await ask(gcp, { api: "sqladmin", method: "GET", path, signal }, (body) => ({
    count: listOf(fieldsOf(body)["items"]).length,
  }));
  return found.kind === "known" && found.value.count === 0;
}

/** What Google's sentences about a grant ask for. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/service account .* does not exist/i, "a slip in its name, or it was made a moment ago: try again then"],
  [
    /do not belong to a permitted customer/i,
    "an organisation policy allows members of certain domains only: ask whoever keeps it",
  ],
];

export function grantAdvice(message: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1];
  return advice === undefined ? message : `${message} (${advice})`;
}
