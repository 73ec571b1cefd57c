import { apiError, invalid, notFound } from "./api-error.ts";
import { type Api, below, type Call, checkBody, copyOf, need, paged } from "./call.ts";
import { type Doc, docOf, textOf, asText } from "./json.ts";
import type { Outcome } from "./operations.ts";
import { connector as fields } from "./shapes.ts";

const host = "vpcaccess.googleapis.com";
const standard = { machineType: "e2-micro", minInstances: 2, maxInstances: 10 };
/** What Google says of a connector that does not get healthy; for tests that plan it. */
export const connectorUnhealthy = {
  code: 13,
  message:
    "An internal error occurred: VPC Access connector failed to get healthy. Please check GCE quotas, logs and org policies and recreate.",
};

const overlap = {
  code: 3,
  message:
    "Operation failed: Invalid IP CIDR range was provided. It conflicts with an existing subnetwork. Please delete the connector manually.",
};

/** Serverless VPC Access v1. */
export const vpcAccess: Api = {
  name: "vpcaccess",
  host,
  title: "Serverless VPC Access API",
  routes: [
    { method: "GET", path: "/v1/projects/{p}/locations", handle: locations },
    { method: "GET", path: "/v1/projects/{p}/locations/{r}/connectors", handle: list },
    { method: "POST", path: "/v1/projects/{p}/locations/{r}/connectors", handle: create },
    { method: "GET", path: "/v1/projects/{p}/locations/{r}/connectors/{c}", handle: get },
    { method: "PATCH", path: "/v1/projects/{p}/locations/{r}/connectors/{c}", handle: patch },
    { method: "DELETE", path: "/v1/projects/{p}/locations/{r}/connectors/{c}", handle: remove },
    { method: "GET", path: "/v1/projects/{p}/locations/{r}/operations/{o}", handle: operation },
  ],
};

function place(call: Call): string {
  return `projects/${call.param("p")}/locations/${call.param("r")}`;
}

function needHere(call: Call, permission: string): void {
  need(call, `vpcaccess.${permission}`, place(call), host);
}

function existing(call: Call): { name: string; found: Doc } {
  const name = `${place(call)}/connectors/${call.param("c")}`;
  const found = call.scene.world.connectors.get(name);
  if (found === undefined) throw notFound(name);
  return { name, found };
}

function locations(call: Call): Doc {
  needHere(call, "locations.list");
  const names = ["europe-west1", "us-central1", "us-east1"];
  const found = names.map((locationId) => ({
    name: `projects/${call.param("p")}/locations/${locationId}`,
    locationId,
  }));
  return { locations: found };
}

function get(call: Call): Doc {
  needHere(call, "connectors.get");
  return copyOf(existing(call).found) ?? {};
}

function list(call: Call): Doc {
  needHere(call, "connectors.list");
  return paged(call, "connectors", below(call.scene.world.connectors, `${place(call)}/connectors/`));
}

function create(call: Call): Doc {
  needHere(call, "connectors.create");
  const id = call.query.get("connectorId") ?? "";
  const name = `${place(call)}/connectors/${id}`;
  const body = { ...call.body };
  checkBody(fields, body);
  checkName(id);
  checkPlace(call, body);
  const { connectors } = call.scene.world;
  if (connectors.has(name)) {
    throw apiError("ALREADY_EXISTS", `Requested entity already exists: ${name}`);
  }
  const made: Doc = { ...standard, ...body, name, state: "CREATING", connectedProjects: [call.param("p")] };
  checkSize(made);
  connectors.set(name, made);
  const end = (state: string) => (): Doc => {
    made.state = state;
    return { "@type": "type.googleapis.com/google.cloud.vpcaccess.v1.Connector", ...made };
  };
  const outcome = overlapping(call, name, textOf(body.ipCidrRange)) ? overlap : undefined;
  return start(call, name, "CreateConnector", end("READY"), () => void end("ERROR")(), outcome);
}

function patch(call: Call): Doc {
  needHere(call, "connectors.update");
  const { name, found } = existing(call);
  checkBody(fields, call.body);
  const mask = (call.query.get("updateMask") ?? "").split(",").filter((each) => each !== "");
  const allowed = new Set(["machineType", "minInstances", "maxInstances", "minThroughput", "maxThroughput"]);
  const wanted = mask.length === 0 ? Object.keys(call.body).filter((each) => each !== "name") : mask;
  const wrong = wanted.find((each) => !allowed.has(each));
  if (wrong !== undefined)
    throw invalid(wrong, `Field ${wrong} is immutable.`, "Request contains an invalid argument.");
  const changed = { ...found, ...Object.fromEntries(wanted.map((each) => [each, call.body[each]])) };
  checkSize(changed);
  found.state = "UPDATING";
  const finish = (): Doc => Object.assign(found, changed, { state: "READY" });
  return start(call, name, "UpdateConnector", finish, () => void (found.state = "ERROR"));
}

function remove(call: Call): Doc {
  needHere(call, "connectors.delete");
  const { name, found } = existing(call);
  const before = found.state;
  if (before === "CREATING" || before === "DELETING") {
    throw apiError("FAILED_PRECONDITION", `Connector ${name} is ${before.toLowerCase()}.`);
  }
  found.state = "DELETING";
  const finish = (): Doc => {
    call.scene.world.connectors.delete(name);
    return { "@type": "type.googleapis.com/google.protobuf.Empty" };
  };
  return start(call, name, "DeleteConnector", finish, () => void (found.state = "ERROR"));
}

function operation(call: Call): Doc {
  needHere(call, "operations.get");
  const name = `${place(call)}/operations/${call.param("o")}`;
  const found = call.scene.operations.read(name);
  if (found === undefined) throw notFound(name);
  return found;
}

function start(
  call: Call,
  target: string,
  verb: string,
  finish: () => Doc,
  fail: () => void,
  outcome?: Outcome,
): Doc {
  return call.scene.operations.start({
    api: vpcAccess.name,
    shape: "google",
    name: (id) => `${place(call)}/operations/${id}`,
    ms: call.scene.durations.connector,
    describe: ({ start, end }) => ({
      metadata: {
        "@type": "type.googleapis.com/google.cloud.vpcaccess.v1.OperationMetadata",
        method: `google.cloud.vpcaccess.v1.VpcAccessService.${verb}`,
        createTime: start,
        ...(end === undefined ? {} : { endTime: end }),
        target,
      },
    }),
    finish,
    fail,
    outcome,
  });
}

/** Compute Engine's rules, and less than 21 characters with each hyphen counted twice. */
function checkName(id: string): void {
  const length = id.length + (id.match(/-/g)?.length ?? 0);
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(id) || length >= 21) refuse("connectorId");
}

function checkPlace(call: Call, body: Doc): void {
  const range = textOf(body.ipCidrRange);
  const subnet = docOf(body.subnet);
  if ((range === undefined) === (body.subnet === undefined)) refuse("ip_cidr_range");
  if (range !== undefined && (textOf(body.network) === undefined || !isSlash28(range)))
    refuse("ip_cidr_range");
  if (body.subnet === undefined) return;
  const project = textOf(subnet.projectId) ?? call.param("p");
  const name = `projects/${project}/regions/${call.param("r")}/subnetworks/${textOf(subnet.name) ?? ""}`;
  const found = call.scene.world.subnetworks.get(name);
  if (found === undefined || !asText(found.ipCidrRange).endsWith("/28")) refuse("subnet");
}

function checkSize({ minInstances, maxInstances }: Doc): void {
  const [least, most] = [Number(minInstances), Number(maxInstances)];
  if (least < 2 || least > 9 || most < 3 || most > 10 || least >= most) refuse("min_instances");
}

function refuse(field: string): never {
  throw invalid(field, `Invalid value for ${field}.`, "Request contains an invalid argument.");
}

function isSlash28(range: string): boolean {
  const [, a, b, c, d] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/28$/.exec(range) ?? [];
  const parts = [a, b, c, d].map(Number);
  return parts.every((each) => each <= 255) && Number(d) % 16 === 0;
}

/** Another connector's range, or an auto-mode subnetwork's. */
function overlapping(call: Call, own: string, range: string | undefined): boolean {
  if (range === undefined) return false;
  const others = [...call.scene.world.connectors].filter(([name]) => name !== own).map(([, each]) => each);
  const taken = [...others, ...call.scene.world.subnetworks.values()].map(({ ipCidrRange }) => ipCidrRange);
  return taken.some((each) => typeof each === "string" && intersects(range, each));
}

function intersects(one: string, other: string): boolean {
  const [a, b] = [bounds(one), bounds(other)];
  return a.first <= b.last && b.first <= a.last;
}

function bounds(range: string): { first: number; last: number } {
  const [address = "", bits = "32"] = range.split("/");
  const first = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
}
