/** Networks: a subnet, and the peering by which managed services are reached at private addresses. */
import { ask, pathOf } from "./ask.ts";
import { fieldsOf, flagOf, lastPart, listOf, present, textOf, textsOf } from "./fields.ts";
import type { GcpTransport, Known } from "./transport.ts";

export interface Subnetwork {
  readonly name: string;
  readonly range?: string;
  /** The short name. */
  readonly network?: string;
  readonly region?: string;
  readonly purpose?: string;
  readonly privateGoogleAccess: boolean;
}

export interface Peering {
  readonly network?: string;
  readonly peering?: string;
  readonly reservedRanges: readonly string[];
}

export async function getSubnetwork(
  gcp: GcpTransport,
  id: {
    readonly project: string;
    readonly region: string;
    readonly subnet: string;
    readonly signal: AbortSignal;
  },
): Promise<Known<Subnetwork>> {
  const path = pathOf("compute/v1", "projects", id.project, "regions", id.region, "subnetworks", id.subnet);
  return ask(gcp, { api: "compute", method: "GET", path, signal: id.signal }, (body) => {
    const fields = fieldsOf(body);
    const name = textOf(fields["name"]);
    if (name === undefined) return undefined;
    const [network, region] = [textOf(fields["network"]), textOf(fields["region"])];
    return present({
      name,
      range: textOf(fields["ipCidrRange"]),
      network: network === undefined ? undefined : lastPart(network),
      region: region === undefined ? undefined : lastPart(region),
      purpose: textOf(fields["purpose"]),
      privateGoogleAccess: flagOf(fields["privateIpGoogleAccess"]) ?? false,
    });
  });
}

/** Without one, private addresses of Cloud SQL are reached from nowhere. The API wants the project's number. */
export async function getPeerings(
  gcp: GcpTransport,
  {
    projectNumber,
    network,
    signal,
  }: { readonly projectNumber: string; readonly network: string; readonly signal: AbortSignal },
): Promise<Known<readonly Peering[]>> {
  const path = pathOf("v1", "services", "servicenetworking.googleapis.com", "connections");
  const query = { network: `projects/${projectNumber}/global/networks/${network}` };
  return ask(gcp, { api: "servicenetworking", method: "GET", path, query, signal }, (body) =>
    listOf(fieldsOf(body)["connections"]).map((each) =>
      present({
        network: textOf(each["network"]),
        peering: textOf(each["peering"]),
        reservedRanges: textsOf(each["reservedPeeringRanges"]),
      }),
    ),
  );
}
