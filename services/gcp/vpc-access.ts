/** Serverless VPC Access: the connectors of a region. */
import { type Written, ask, askPages, pathOf, pathOfName, send } from "./ask.ts";
import {
  fieldsOf,
  lastPart,
  listOf,
  numberOf,
  partAfter,
  present,
  textOf,
  textsOf,
  wordOf,
} from "./fields.ts";
import { type Operation, parseOperation } from "./operations.ts";
import type { GcpTransport, Known } from "./transport.ts";

export type ConnectorState = "READY" | "CREATING" | "DELETING" | "UPDATING" | "ERROR" | "UNSPECIFIED";

export interface Connector {
  /** The short one. */
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly state: ConnectorState;
  /** The short name of the VPC network. */
  readonly network?: string;
  readonly range?: string;
  readonly subnet?: { readonly name: string; readonly project?: string };
  readonly machineType?: string;
  readonly minInstances?: number;
  readonly maxInstances?: number;
  readonly connectedProjects: readonly string[];
}

export interface Region {
  readonly project: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

export interface ConnectorId extends Region {
  /** The short one. */
  readonly name: string;
}

export interface NewConnector extends ConnectorId {
  /** With `range`; a subnet has its own. */
  readonly network?: string;
  /** A /28 of its own. */
  readonly range?: string;
  readonly subnet?: { readonly name: string; readonly project?: string };
  readonly minInstances?: number;
  readonly maxInstances?: number;
  readonly machineType?: string;
}

const STATES = ["READY", "CREATING", "DELETING", "UPDATING", "ERROR"] as const;

/** Why a connector is in ERROR it does not say: only the operation that made it, and the audit log. */
export async function getConnector(gcp: GcpTransport, id: ConnectorId): Promise<Known<Connector>> {
  const { signal } = id;
  return ask(gcp, { api: "vpcaccess", method: "GET", path: connectorPath(id), signal }, parseConnector);
}

export async function listConnectors(
  gcp: GcpTransport,
  { project, region, signal }: Region,
): Promise<Known<readonly Connector[]>> {
  const path = pathOf("v1", "projects", project, "locations", region, "connectors");
  return askPages(gcp, { api: "vpcaccess", method: "GET", path, signal }, (body) => {
    const fields = fieldsOf(body);
    const items = listOf(fields["connectors"]).map(parseConnector);
    if (!items.every((item) => item !== undefined)) return undefined;
    return present({ items, next: textOf(fields["nextPageToken"]) });
  });
}

/** Takes minutes. GCP_CONFLICT when there is one of this name; after GCP_TIMEOUT only `getConnector` can tell. */
export async function createConnector(gcp: GcpTransport, wanted: NewConnector): Promise<Written<Operation>> {
  const { project, region, name, range, signal, ...rest } = wanted;
  const path = pathOf("v1", "projects", project, "locations", region, "connectors");
  const { network, minInstances, maxInstances, machineType } = rest;
  const subnet = rest.subnet && present({ name: rest.subnet.name, projectId: rest.subnet.project });
  const body = present({ network, ipCidrRange: range, subnet, minInstances, maxInstances, machineType });
  const query = { connectorId: name };
  return send(gcp, { api: "vpcaccess", method: "POST", path, query, body, signal }, parseOperation);
}

export async function deleteConnector(gcp: GcpTransport, id: ConnectorId): Promise<Written<Operation>> {
  const request = { api: "vpcaccess", method: "DELETE", path: connectorPath(id), signal: id.signal } as const;
  return send(gcp, request, parseOperation);
}

/** `name` as an operation gives it: `projects/p/locations/r/operations/o`. */
export async function getConnectorOperation(
  gcp: GcpTransport,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<Known<Operation>> {
  return ask(gcp, { api: "vpcaccess", method: "GET", path: pathOfName("v1", name), signal }, parseOperation);
}

const connectorPath = ({ project, region, name }: ConnectorId): string =>
  pathOf("v1", "projects", project, "locations", region, "connectors", name);

export function parseConnector(body: unknown): Connector | undefined {
  const fields = fieldsOf(body);
  const full = textOf(fields["name"]);
  const project = full && partAfter(full, "projects");
  const region = full && partAfter(full, "locations");
  if (!full || !project || !region) return undefined;
  const subnet = fieldsOf(fields["subnet"]);
  const subnetName = textOf(subnet["name"]);
  const network = textOf(fields["network"]);
  return present({
    name: lastPart(full),
    project,
    region,
    state: wordOf(fields["state"], STATES) ?? "UNSPECIFIED",
    network: network === undefined ? undefined : lastPart(network),
    range: textOf(fields["ipCidrRange"]),
    subnet:
      subnetName === undefined
        ? undefined
        : present({ name: subnetName, project: textOf(subnet["projectId"]) }),
    machineType: textOf(fields["machineType"]),
    minInstances: numberOf(fields["minInstances"]),
    maxInstances: numberOf(fields["maxInstances"]),
    connectedProjects: textsOf(fields["connectedProjects"]),
  });
}
