import type { RunVpcAccess } from "../gcp/run-service.ts";
import { lastPart } from "../gcp/fields.ts";
import type { Connector } from "../gcp/vpc-access.ts";
import type { CloudFacts } from "./cloud.ts";
import type { ProposedAction } from "./proposed-action.ts";
import type { WrongRemedy } from "./root-cause.ts";

/** The VPC network in which the resource has its private address, by its short name; undefined while it is not known. */
export function networkOf({ sql, redis }: CloudFacts): string | undefined {
  const name =
    sql?.kind === "known"
      ? sql.value.privateNetwork
      : redis?.kind === "known"
        ? redis.value.network
        : undefined;
  return name === undefined ? undefined : lastPart(name);
}

/** What the service's revisions have now; undefined when the service is not known. `none`: it has no egress. */
export function egressOf({ run }: CloudFacts): RunVpcAccess | "none" | undefined {
  return run?.kind === "known" ? (run.value.template.vpcAccess ?? "none") : undefined;
}

/** A connector of the region that works and ends in that network; where the network is not known, any that works. */
export function goodConnector(
  { connectors }: CloudFacts,
  network: string | undefined,
): Connector | undefined {
  if (connectors?.kind !== "known") return undefined;
  return connectors.value
    .filter((each) => each.state === "READY")
    .filter((each) => network === undefined || each.network === undefined || each.network === network)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))[0];
}

export interface WayInto {
  readonly actions: readonly ProposedAction[];
  readonly notHelpful: readonly WrongRemedy[];
}

/**
 * How the service gets into the network: by a connector that is there, by one that the configuration describes, directly
 * by network and subnet, or by a person. `avoid` is a connector that is of no use.
 */
export function wayInto(facts: CloudFacts, avoid?: string): WayInto {
  const { target } = facts;
  const { project, region, service } = target;
  const network = networkOf(facts) ?? target.network;
  if (service === undefined) return byHand("Set gcp.service to the name of the Cloud Run service.");
  const attach = { project, region, service, egress: "private-ranges-only" } as const;
  const good = goodConnector(facts, network);
  if (good !== undefined && good.name !== avoid) {
    return {
      actions: [{ kind: "attach-egress", params: { ...attach, connector: good.name } }],
      notHelpful: [
        {
          remedy: "Making a second connector",
          because: `${good.name} is READY in the same region and network; what is missing is its attachment`,
        },
      ],
    };
  }
  const { connector, subnet } = target;
  // In a network other than the database's, neither would lead to it.
  const fits = target.network === undefined || network === target.network;
  if (connector !== undefined && connector.name !== avoid && network !== undefined && fits) {
    const { name, range } = connector;
    return {
      actions: [
        ...enableVpcAccess(facts),
        { kind: "create-connector", params: { project, region, name, network, range } },
        { kind: "attach-egress", params: { ...attach, connector: name } },
      ],
      notHelpful: [],
    };
  }
  if (subnet !== undefined && network !== undefined && fits)
    return {
      actions: [{ kind: "attach-egress", params: { ...attach, network, subnet } }],
      notHelpful: [],
    };
  return byHand(
    `Set gcp.network${network === undefined ? "" : ` to ${network}`} and gcp.subnet to a subnet of it in ${region}, then ask again.`,
  );
}

const byHand = (instruction: string): WayInto => ({
  actions: [{ kind: "manual", params: { instructions: [instruction] } }],
  notHelpful: [],
});

/** A connector cannot be made while the API is off; when that is not known, the action finds out. */
function enableVpcAccess({ apis, target: { project } }: CloudFacts): readonly ProposedAction[] {
  const name = "vpcaccess.googleapis.com";
  if (apis?.kind !== "known" || apis.value.get(name) !== "DISABLED") return [];
  return [{ kind: "enable-api", params: { project, api: name } }];
}

/** What people try when a private address cannot be reached, and why it does not help. */
export const EGRESS_WRONG_REMEDIES: readonly WrongRemedy[] = [
  {
    remedy: "Granting roles/vpcaccess.user to the account that the service runs as",
    because:
      "that account does not use the connector; Cloud Run's service agent does, and has the right in roles/run.serviceAgent",
  },
];

/** What the remedies of egress name. */
export const egressNames = (facts: CloudFacts): Readonly<Record<string, string | undefined>> => ({
  service: facts.target.service,
  region: facts.target.region,
  project: facts.target.project,
  network: networkOf(facts) ?? facts.target.network,
  subnet: facts.target.subnet,
  attachment: attachmentOf(facts),
});

/** What {@link wayInto} attaches, as gcloud takes it. */
function attachmentOf(facts: CloudFacts): string {
  const { network = networkOf(facts) ?? facts.target.network, subnet, connector } = attachedBy(facts) ?? {};
  if (connector !== undefined) return `--vpc-connector ${connector}`;
  return `--network ${network ?? "NETWORK"} --subnet ${subnet ?? "SUBNET"}`;
}

function attachedBy(facts: CloudFacts): AttachParams | undefined {
  for (const action of wayInto(facts).actions) if (action.kind === "attach-egress") return action.params;
  return undefined;
}

type AttachParams = Extract<ProposedAction, { kind: "attach-egress" }>["params"];

export const serviceName = ({ target }: CloudFacts): string =>
  `run service ${target.service ?? "(none configured)"}`;
