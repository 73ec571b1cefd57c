import { lastPart } from "../gcp/fields.ts";
import type { CloudFacts } from "./cloud.ts";
import { EGRESS_WRONG_REMEDIES, egressNames, egressOf, networkOf, serviceName, wayInto } from "./egress.ts";
import { api, exclude, type Hypothesis, link, missing, show, unknownFor } from "./hypothesis.ts";
import { hasVanished, leadsTo, mayLackRoute } from "./relevance.ts";

/** The network in which the service's packets come out. */
function outOf(facts: CloudFacts): {
  readonly network?: string;
  readonly asked: CloudFacts["connector" | "subnet"];
} {
  const egress = egressOf(facts);
  if (egress === undefined || egress === "none") return { asked: undefined };
  const known = egress.connector === undefined ? facts.subnet : facts.connector;
  const own = egress.networkInterfaces[0]?.network;
  const network =
    own === undefined ? (known?.kind === "known" ? known.value.network : undefined) : lastPart(own);
  return { ...(network === undefined ? {} : { network }), asked: known };
}

export const wrongNetwork: Hypothesis = (its) => {
  const { facts } = its;
  const egress = facts === undefined ? undefined : egressOf(facts);
  if (facts === undefined || egress === undefined || egress === "none") return [];
  if (!mayLackRoute(its) || leadsTo(its) !== "private" || facts.resource === undefined) return [];
  const { network: from, asked } = outOf(facts);
  const to = networkOf(facts);
  if (from === undefined)
    return unknownFor("WRONG_NETWORK", "the network that the service is attached to", asked);
  const resource = facts.resource.instance;
  if (to === undefined)
    return unknownFor("WRONG_NETWORK", `the network of ${resource}`, facts.sql ?? facts.redis);
  const evidence = [
    api(serviceName(facts), `leaves into the network ${from}`),
    api(resource, `is in the network ${to}`),
  ];
  if (from === to) return evidence.slice(0, 1).map((each) => exclude("WRONG_NETWORK", each));
  const { actions, notHelpful } = wayInto(facts);
  return [
    show({
      code: "WRONG_NETWORK",
      about: `${serviceName(facts)} in ${from}`,
      links: [
        link(`the Cloud Run service ${facts.target.service ?? ""} leaves into another network`, ...evidence),
        link(`it is attached to ${from}, and ${resource} is in ${to}`, ...evidence),
      ],
      actions,
      facts: egressNames(facts),
      notHelpful: [...notHelpful, ...EGRESS_WRONG_REMEDIES],
    }),
  ];
};

/** A private address of Cloud SQL is on the other side of a peering; those of Memorystore are reached in other ways too. */
export const peering: Hypothesis = (its) => {
  const { facts } = its;
  if (facts?.resource?.kind !== "sql" || !mayLackRoute(its) || leadsTo(its) !== "private") return [];
  const network = networkOf(facts);
  if (network === undefined) return [];
  const { peerings: known } = facts;
  const name = `peerings of ${network}`;
  if (known?.kind !== "known") return unknownFor("PEERING_MISSING", name, known);
  if (known.value.length > 0)
    return [exclude("PEERING_MISSING", api(name, "servicenetworking.googleapis.com is peered"))];
  const evidence = api(name, "none with servicenetworking.googleapis.com");
  return [
    show({
      code: "PEERING_MISSING",
      about: name,
      links: [link(`the network ${network} has no peering with Google's services`, evidence)],
      actions: [
        {
          kind: "manual",
          params: {
            instructions: [
              `Peer ${network} with servicenetworking.googleapis.com again, with the range that was reserved for it.`,
            ],
          },
        },
      ],
      facts: egressNames(facts),
    }),
  ];
};

/** With ALL_TRAFFIC public addresses are asked from inside the VPC; Cloud SQL's cannot be reached that way at all. */
export const withoutNat: Hypothesis = (its) => {
  const { facts } = its;
  const egress = facts === undefined ? undefined : egressOf(facts);
  if (facts === undefined || egress === undefined || egress === "none") return [];
  if (!hasVanished(its) || leadsTo(its) !== "public") return [];
  const { project, region, service } = facts.target;
  const evidence = api(serviceName(facts), `template.vpcAccess.egress is ${egress.egress}`);
  if (egress.egress !== "ALL_TRAFFIC" || service === undefined)
    return [exclude("EGRESS_WITHOUT_NAT", evidence)];
  const short = egress.connector === undefined ? undefined : lastPart(egress.connector);
  const [own] = egress.networkInterfaces;
  // The API lets the network be left out beside a subnet; whoever attaches needs both.
  const { network } = outOf(facts);
  const subnet = own?.subnetwork === undefined ? undefined : lastPart(own.subnetwork);
  const way =
    short === undefined
      ? { ...(network !== undefined && { network }), ...(subnet !== undefined && { subnet }) }
      : { connector: short };
  return [
    show({
      code: "EGRESS_WITHOUT_NAT",
      about: serviceName(facts),
      links: [
        link("public addresses are asked from inside the VPC", evidence),
        link("its egress is ALL_TRAFFIC", evidence),
      ],
      actions: [
        {
          kind: "attach-egress",
          params: { project, region, service, ...way, egress: "private-ranges-only" },
        },
      ],
      facts: egressNames(facts),
      missing:
        facts.resource?.kind === "sql" ? [] : [missing("whether the network has a Cloud NAT", undefined)],
    }),
  ];
};
