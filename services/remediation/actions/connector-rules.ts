import type { Connector } from "../../gcp/vpc-access.ts";
import type { ParamFault } from "../action.ts";
import { CONNECTOR_RULE, NETWORK_RULE, PROJECT_RULE, REGION_RULE, SUBNET_RULE, optional } from "./names.ts";
import { type Rule, type Rules, fault } from "./params.ts";

// A type alias, since an interface is not assignable to a record of JSON.
export type ConnectorParams = {
  readonly project: string;
  readonly region: string;
  readonly name: string;
  readonly network: string;
  /** A /28 with nothing else in it; or a subnet of that size, never both. */
  readonly range?: string;
  readonly subnet?: string;
  readonly minInstances?: number;
  readonly maxInstances?: number;
  readonly machineType?: string;
};

const between = (least: number, most: number): Rule => ({
  expected: `a whole number from ${least} to ${most}`,
  optional: true,
  accepts: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
});

const MACHINES = ["f1-micro", "e2-micro", "e2-standard-4"];

export const CONNECTOR_RULES: Rules<ConnectorParams> = {
  project: PROJECT_RULE,
  region: REGION_RULE,
  name: CONNECTOR_RULE,
  network: NETWORK_RULE,
  range: {
    expected: "a private /28 that begins at its first address, such as 10.8.0.0/28",
    optional: true,
    accepts: (value) => typeof value === "string" && isPrivate28(value),
  },
  subnet: optional(SUBNET_RULE),
  minInstances: between(2, 9),
  maxInstances: between(3, 10),
  machineType: {
    expected: `one of ${MACHINES.join(", ")}`,
    optional: true,
    accepts: (value) => typeof value === "string" && MACHINES.includes(value),
  },
};

/** Google's defaults: 2 and 10. */
export function connectorFaults(params: ConnectorParams): readonly ParamFault[] {
  const { range, subnet, minInstances = 2, maxInstances = 10 } = params;
  const faults: ParamFault[] = [];
  if ((range === undefined) === (subnet === undefined)) {
    const found = range === undefined ? "neither" : "both";
    faults.push({ path: "params.range", expected: "either a range or a subnet", found });
  }
  if (minInstances >= maxInstances)
    faults.push(fault("params.maxInstances", `more than minInstances (${minInstances})`, maxInstances));
  return faults;
}

/** Whether it is the one that these parameters ask for, in whatever state. */
export function isAsAsked(connector: Connector, params: ConnectorParams): boolean {
  const { range, subnet, network, minInstances, maxInstances, machineType } = params;
  const sameRange = range === undefined || connector.range === range;
  const sameSubnet = subnet === undefined || connector.subnet?.name === subnet;
  const sameNetwork = connector.network === undefined || connector.network === network;
  const given = [
    [minInstances, connector.minInstances],
    [maxInstances, connector.maxInstances],
    [machineType, connector.machineType],
  ];
  const sameSize = given.every(([asked, is]) => asked === undefined || is === undefined || asked === is);
  return sameRange && sameSubnet && sameNetwork && sameSize;
}

/** Whether two ranges have an address in common; a text that is none has not. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [boundsOf(one), boundsOf(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

function isPrivate28(range: string): boolean {
  const bounds = boundsOf(range);
  if (bounds === undefined || bounds.last - bounds.first !== 15 || bounds.first % 16 !== 0) return false;
  return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].some((all) =>
    overlap(range, all),
  );
}

function boundsOf(range: string): { readonly first: number; readonly last: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || bits > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return { first, last: first + 2 ** (32 - bits) - 1 };
}

/** What Google's sentences about a connector that could not be made ask for. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /needs editor role/i,
    "grant roles/editor to the Google APIs Service Agent again, then delete the connector",
  ],
  [/conflicts with an existing subnetwork/i, "delete the connector and plan with another range"],
  [
    /cannot overlap with 10\.128/i,
    "the network's own subnets lie in 10.128.0.0/9: plan with a range outside it",
  ],
  [
    /failed to get healthy/i,
    "look at quotas, organisation policies and firewall rules, delete the connector and make it again, or use Direct VPC egress",
  ],
];

/** Google's sentence, and what to do about it where that is known. */
export function withAdvice(message: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(message))?.[1];
  return advice === undefined ? message : `${message} (${advice})`;
}
