import { expect, test } from "vitest";
import { acme } from "../../../src/sandbox/gcp/names.ts";
import { type Fields, faultsOf } from "../../../src/sandbox/gcp/shape.ts";
import {
  account,
  api,
  connector,
  operation,
  policy,
  project,
  role,
} from "../../../src/sandbox/gcp/shapes.ts";
import { revision, service } from "../../../src/sandbox/gcp/shapes-run.ts";
import {
  connectSettings,
  peering,
  redisInstance,
  secret,
  secretVersion,
  sqlInstance,
  sqlOperation,
  subnetwork,
} from "../../../src/sandbox/gcp/shapes-data.ts";
import { docOf, listOf } from "../../../src/sandbox/gcp/json.ts";
import { useGcp } from "../../support/gcp.ts";
import { asker, ended } from "./ask.ts";

const gcp = await useGcp();
const ask = asker(gcp);
const all = `projects/${acme.project}`;

/** What is asked, the shape of what is answered, and members that every answer must have. */
const table: readonly [string, string, Fields, readonly string[]][] = [
  ["a service", `/run/v2/${acme.service}`, service, ["etag", "generation", "template", "terminalCondition"]],
  ["a revision", `/run/v2/${acme.service}/revisions/greenlight-api-00007-abc`, revision, ["containers"]],
  ["a connector", `/vpcaccess/v1/${acme.connector}`, connector, ["name", "network", "ipCidrRange", "state"]],
  ["an API", `/serviceusage/v1/${all}/services/run.googleapis.com`, api, ["name", "parent", "state"]],
  ["a project", `/cloudresourcemanager/v1/${all}`, project, ["projectId", "projectNumber", "lifecycleState"]],
  ["a policy of a service", `/run/v2/${acme.service}:getIamPolicy`, policy, ["version", "etag"]],
  [
    "a policy of a secret",
    `/secretmanager/v1/${acme.secret}:getIamPolicy?options.requestedPolicyVersion=3`,
    policy,
    ["bindings"],
  ],
  [
    "an account",
    `/iam/v1/${all}/serviceAccounts/${acme.runtime}`,
    account,
    ["email", "uniqueId", "projectId"],
  ],
  ["a role", "/iam/v1/roles/cloudsql.client", role, ["name", "includedPermissions"]],
  ["a Cloud SQL instance", `/sqladmin/v1/${acme.sql}`, sqlInstance, ["state", "settings", "ipAddresses"]],
  [
    "its settings for connectors",
    `/sqladmin/v1/${acme.sql}/connectSettings`,
    connectSettings,
    ["ipAddresses"],
  ],
  ["a Memorystore instance", `/redis/v1/${acme.redis}`, redisInstance, ["host", "port", "state"]],
  ["a secret", `/secretmanager/v1/${acme.secret}`, secret, ["name"]],
  [
    "the latest version of a secret",
    `/secretmanager/v1/${acme.secret}/versions/latest`,
    secretVersion,
    ["state"],
  ],
  ["a subnetwork", `/compute/compute/v1/${acme.subnet}`, subnetwork, ["network", "ipCidrRange"]],
];

test.each(table)("%s has the shape that Google describes", async (_what, path, fields, required) => {
  const { status, body } = await ask("GET", path);
  expect(status).toBe(200);
  expect(faultsOf({ fields }, body)).toEqual([]);
  expect(Object.keys(body)).toEqual(expect.arrayContaining([...required]));
});

const lists: readonly [string, string, string, Fields][] = [
  ["services", `/run/v2/${acme.place}/services`, "services", service],
  ["revisions", `/run/v2/${acme.service}/revisions`, "revisions", revision],
  ["connectors", `/vpcaccess/v1/${acme.place}/connectors`, "connectors", connector],
  ["APIs", `/serviceusage/v1/${all}/services`, "services", api],
  ["Cloud SQL instances", `/sqladmin/v1/${all}/instances`, "items", sqlInstance],
  ["Memorystore instances", `/redis/v1/${acme.place}/instances`, "instances", redisInstance],
  [
    "peerings",
    `/servicenetworking/v1/services/servicenetworking.googleapis.com/connections?network=projects/${acme.number}/global/networks/default`,
    "connections",
    peering,
  ],
];

test.each(lists)("a list of %s has the shape that Google describes", async (_what, path, member, fields) => {
  const { status, body } = await ask("GET", path);
  expect(status).toBe(200);
  expect(listOf(body[member]).length).toBeGreaterThan(0);
  expect(faultsOf({ list: { fields } }, body[member])).toEqual([]);
});

test("operations of both shapes are as Google describes them, under way and ended", async () => {
  const created = await ask("POST", `/vpcaccess/v1/${acme.place}/connectors?connectorId=shape`, {
    network: "default",
    ipCidrRange: "10.9.0.0/28",
  });
  expect(faultsOf({ fields: operation }, created.body)).toEqual([]);
  expect(created.body).toMatchObject({ done: false, metadata: { target: `${acme.place}/connectors/shape` } });
  const made = await ended(gcp, "vpcaccess", created);
  expect(faultsOf({ fields: operation }, made)).toEqual([]);
  const { "@type": type, ...resource } = docOf(made.response);
  expect(type).toBe("type.googleapis.com/google.cloud.vpcaccess.v1.Connector");
  expect(faultsOf({ fields: connector }, resource)).toEqual([]);

  const stopped = await ask("PATCH", `/sqladmin/v1/${acme.sql}`, { settings: { activationPolicy: "NEVER" } });
  expect(faultsOf({ fields: sqlOperation }, stopped.body)).toEqual([]);
  expect(stopped.body).toMatchObject({ kind: "sql#operation", status: "RUNNING" });
  expect(stopped.body).not.toHaveProperty("done");
  const done = await ended(gcp, "sqladmin", stopped);
  expect(faultsOf({ fields: sqlOperation }, done)).toEqual([]);
  const list = `/sqladmin/v1/${all}/operations?maxResults=1&instance=`;
  expect((await ask("GET", `${list}db`)).body).toEqual({ kind: "sql#operationsList", items: [done] });
  expect((await ask("GET", `${list}other`)).body).toEqual({ kind: "sql#operationsList" });
});

test("a shape tells what is unknown, of another type or no member of an enum, with its place", () => {
  expect(
    faultsOf({ fields: service }, { generation: 7, template: { vpcAccess: { egress: "ALL", via: "x" } } }),
  ).toEqual([
    "generation: expected int64, found 7",
    expect.stringContaining("template.vpcAccess.egress: expected one of"),
    "template.vpcAccess.via: unknown",
  ]);
});
