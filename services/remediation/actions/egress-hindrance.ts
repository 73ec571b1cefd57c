import { getSqlInstance } from "../../gcp/cloud-sql.ts";
import type { RunService } from "../../gcp/run-service.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import { getConnector } from "../../gcp/vpc-access.ts";
import { unknownFact } from "./gcp.ts";
import { egressSubnetHindrance } from "./subnet-hindrance.ts";
import { type EgressParams, connectorName } from "./vpc-egress.ts";

/** Why a way into the VPC would lead nowhere. */
export type Hindrance =
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string }
  /** A step before it may put that right: the connector is not there yet. */
  | { readonly kind: "later"; readonly because: string };

export interface HindranceOptions {
  readonly params: EgressParams;
  readonly service: RunService;
  readonly signal: AbortSignal;
}

/** Undefined when nothing speaks against it. */
export async function egressHindrance(
  gcp: GcpTransport,
  options: HindranceOptions,
): Promise<Hindrance | undefined> {
  const { params } = options;
  const { project, region, network = "", subnet = "" } = params;
  const way =
    params.connector === undefined
      ? await egressSubnetHindrance(gcp, { project, region, network, subnet, signal: options.signal })
      : await connectorHindrance(gcp, options);
  if (way !== undefined && way.kind !== "later") return way;
  const sql = params.egress === "all-traffic" ? await publicSqlHindrance(gcp, options) : undefined;
  return sql ?? way;
}

async function connectorHindrance(
  gcp: GcpTransport,
  { params, signal }: HindranceOptions,
): Promise<Hindrance | undefined> {
  const [, project = "", , region = "", , name = ""] = connectorName(params)?.split("/") ?? [];
  const about = `connector ${name} in ${region}`;
  const found = await getConnector(gcp, { project, region, name, signal });
  if (found.kind === "absent")
    return {
      kind: "later",
      because: `there is no ${about}, the region of the service; it has to be made first`,
    };
  if (found.kind === "unknown") return { kind: "unknown", because: unknownFact(about, found) };
  const { state } = found.value;
  if (state === "READY") return undefined;
  if (state === "ERROR") return { kind: "refused", because: errorConnector({ project, region, name }) };
  const kind = state === "DELETING" ? "refused" : "later";
  return { kind, because: `${about} is ${state}, and carries traffic only when it is READY` };
}

/** What Google says of the state ERROR: "manual deletion recommended". It keeps its name until then. */
export const errorConnector = ({
  project,
  region,
  name,
}: {
  readonly project: string;
  readonly region: string;
  readonly name: string;
}): string =>
  `connector ${name} is in ERROR, carries nothing and does not recover: it has to be deleted by hand (gcloud compute networks vpc-access connectors delete ${name} --region ${region} --project ${project}); Direct VPC egress (network and subnet) needs no connector`;

/** Google: the public address of Cloud SQL cannot be used with an egress of all traffic. */
async function publicSqlHindrance(
  gcp: GcpTransport,
  { service, signal }: HindranceOptions,
): Promise<Hindrance | undefined> {
  for (const connection of service.template.sqlInstances) {
    const parts = connection.split(":");
    const instance = parts.at(-1) ?? "";
    const project = parts.slice(0, -2).join(":");
    const about = `sql instance ${connection}`;
    const found = await getSqlInstance(gcp, { project, instance, signal });
    if (found.kind === "unknown") return { kind: "unknown", because: unknownFact(about, found) };
    if (found.kind === "known" && found.value.publicAddress && found.value.privateNetwork === undefined)
      return {
        kind: "refused",
        because: `${about} has a public address only, which cannot be reached with an egress of all-traffic: use private-ranges-only, or give it a private address first`,
      };
  }
  return undefined;
}
