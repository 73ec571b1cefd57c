import type { RunService, RunVpcAccess } from "../../gcp/run-service.ts";
import { parseTemplate } from "../../gcp/run-service.ts";
import type { Json } from "../action.ts";
import { canonicalJson } from "../canonical.ts";

// A type alias, since an interface is not assignable to a record of JSON.
export type EgressParams = {
  readonly project: string;
  readonly region: string;
  readonly service: string;
  /** Its short or its full name; or network and subnet, never both. */
  readonly connector?: string;
  readonly network?: string;
  readonly subnet?: string;
  readonly egress: "private-ranges-only" | "all-traffic";
};

/** `projects/p/locations/r/connectors/c`. */
export const connectorName = ({ project, region, connector }: EgressParams): string | undefined =>
  connector === undefined || connector.includes("/")
    ? connector
    : `projects/${project}/locations/${region}/connectors/${connector}`;

/** What the template is to hold. Tags that stand on the same interface already stay. */
export function wantedAccess(params: EgressParams, former: Json): Readonly<Record<string, Json>> {
  const egress = params.egress === "all-traffic" ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY";
  const connector = connectorName(params);
  if (connector !== undefined) return { connector, egress };
  const { network = "", subnet = "" } = params;
  const tags = tagsOn({ network, subnet, project: params.project }, former);
  const tagged = tags.length === 0 ? {} : { tags };
  return { networkInterfaces: [{ network, subnetwork: subnet, ...tagged }], egress };
}

/** Two of them mean the same: names in full and in short, orders, and what the API fills in. */
export const sameAccess = (project: string, one: Json, other: Json): boolean =>
  meaningOf(project, one) === meaningOf(project, other);

/** As it came, so that it can be put back exactly; null where there is none. */
export const accessOf = ({ rawTemplate }: Pick<RunService, "rawTemplate">): Json =>
  (rawTemplate["vpcAccess"] as Json | undefined) ?? null;

function meaningOf(project: string, access: Json): string {
  const parsed = parsedAccess(access);
  if (parsed === undefined) return "none";
  const { connector = null, networkInterfaces, egress } = parsed;
  const interfaces = networkInterfaces.map(({ network, subnetwork, tags }) => ({
    network: shortIn(project, network),
    subnetwork: shortIn(project, subnetwork),
    tags: tags.toSorted(),
  }));
  return canonicalJson({ connector, interfaces, egress });
}

const parsedAccess = (access: Json): RunVpcAccess | undefined =>
  parseTemplate({ vpcAccess: access ?? undefined }).vpcAccess;

/** A network of another project keeps its whole name: it is another network. */
function shortIn(project: string, name: string | undefined): string | null {
  if (name === undefined) return null;
  const [, of, short] =
    /(?:^|\/)projects\/([^/]+)\/(?:global\/networks|regions\/[^/]+\/subnetworks)\/([^/]+)$/.exec(name) ?? [];
  return short !== undefined && of === project ? short : name;
}

function tagsOn(
  { network, subnet, project }: { network: string; subnet: string; project: string },
  former: Json,
): readonly string[] {
  const [one] = parsedAccess(former)?.networkInterfaces ?? [];
  const same = shortIn(project, one?.network) === network && shortIn(project, one?.subnetwork) === subnet;
  return same ? (one?.tags ?? []) : [];
}
