import { getSubnetwork } from "../../gcp/networking.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import { unknownFact } from "./gcp.ts";

/** Why a subnet will not do. */
export type SubnetHindrance = {
  readonly kind: "refused" | "unknown";
  readonly because: string;
};

interface SubnetNeed {
  readonly project: string;
  readonly region: string;
  readonly network: string;
  readonly subnet: string;
  readonly signal: AbortSignal;
  /** Undefined when a range of so many bits will do. */
  readonly size: (bits: number, about: string) => string | undefined;
}

/** Of a service that is to have its egress there. */
export async function egressSubnetHindrance(
  gcp: GcpTransport,
  place: Omit<SubnetNeed, "size">,
): Promise<SubnetHindrance | undefined> {
  return judgeSubnet(gcp, {
    ...place,
    size: (bits, about) =>
      bits <= 26
        ? undefined
        : `${about} is a /${bits}: Direct VPC egress needs a /26 or larger, twice as many addresses as instances`,
  });
}

/** Of a connector that is to be made in a subnet: Google takes a /28 with nothing else in it. */
export async function connectorSubnetHindrance(
  gcp: GcpTransport,
  place: Omit<SubnetNeed, "size" | "subnet"> & { readonly subnet?: string },
): Promise<SubnetHindrance | undefined> {
  const { subnet } = place;
  if (subnet === undefined) return undefined;
  return judgeSubnet(gcp, {
    ...place,
    subnet,
    size: (bits, about) =>
      bits === 28 ? undefined : `${about} is a /${bits}: a connector needs a /28 of its own`,
  });
}

async function judgeSubnet(
  gcp: GcpTransport,
  { project, region, network, subnet, signal, size }: SubnetNeed,
): Promise<SubnetHindrance | undefined> {
  const about = `subnet ${subnet} in ${region}`;
  const found = await getSubnetwork(gcp, { project, region, subnet, signal });
  if (found.kind === "absent")
    return { kind: "refused", because: `there is no ${about}, and one of another region cannot be used` };
  if (found.kind === "unknown") return { kind: "unknown", because: unknownFact(about, found) };
  const { range, network: of, purpose = "PRIVATE" } = found.value;
  if (of !== undefined && of !== network)
    return { kind: "refused", because: `${about} belongs to network ${of}, not to ${network}` };
  if (purpose !== "PRIVATE")
    return { kind: "refused", because: `${about} is kept for ${purpose} and takes no services` };
  const wrong = range === undefined ? undefined : size(Number(range.split("/")[1]), about);
  return wrong === undefined ? undefined : { kind: "refused", because: wrong };
}
