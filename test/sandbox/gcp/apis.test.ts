import { afterEach, beforeEach, expect, test } from "vitest";
import { asText, at, type Doc, docOf, listOf, put } from "../../../src/sandbox/gcp/json.ts";
import { acme } from "../../../src/sandbox/gcp/names.ts";
import { type FakeGcp, startGcp } from "../../../src/sandbox/gcp/gcp.ts";
import { asker, ended } from "./ask.ts";

let gcp: FakeGcp;
let ask: ReturnType<typeof asker>;
beforeEach(async () => {
  gcp = await startGcp();
  ask = asker(gcp);
});
afterEach(() => gcp.close());

const all = `projects/${acme.project}`;
const service = `/run/v2/${acme.service}`;
const connectors = `/vpcaccess/v1/${acme.place}/connectors`;
const template = () => structuredClone(docOf(docOf(gcp.world.services.get(acme.service)).template));
const range = { network: "default", ipCidrRange: "10.9.0.0/28" };

test("without a token, or with one nobody knows, it is 401; on another path 404", async () => {
  const bare = await fetch(`${gcp.url}${service}`);
  expect([bare.status, await bare.json()]).toMatchObject([401, { error: { status: "UNAUTHENTICATED" } }]);
  const unknown = await fetch(`${gcp.url}${service}`, { headers: { authorization: "Bearer ya29.none" } });
  expect(unknown.status).toBe(401);
  expect(await ask("GET", "/run/v9/nothing")).toMatchObject({ status: 404 });
  expect((await fetch(gcp.url)).headers.get("content-type")).toContain("text/html");
});

test("an API that is off says SERVICE_DISABLED with the project's number, and Service Usage goes on", async () => {
  gcp.edit(({ projects }) => projects.get(acme.project)?.enabled.delete("vpcaccess.googleapis.com"));
  expect(await ask("GET", connectors)).toMatchObject({
    status: 403,
    body: {
      error: {
        code: 403,
        status: "PERMISSION_DENIED",
        message: expect.stringMatching(
          /^Serverless VPC Access API has not been used in project 123456789012 before or it is disabled\. Enable it by visiting https:.* then retry\. If you enabled this API recently, wait a few minutes/,
        ),
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "SERVICE_DISABLED",
            metadata: { service: "vpcaccess.googleapis.com", consumer: "projects/123456789012" },
          },
          { "@type": "type.googleapis.com/google.rpc.Help" },
        ],
      },
    },
  });
  const api = `/serviceusage/v1/${all}/services/vpcaccess.googleapis.com`;
  expect((await ask("GET", api)).body).toMatchObject({ state: "DISABLED" });
  const done = await ended(gcp, "serviceusage", await ask("POST", `${api}:enable`, {}));
  expect(done.response).toMatchObject({ service: { state: "ENABLED" } });
  expect((await ask("GET", connectors)).status).toBe(200);
});

test("a caller without the permission is told which, on what; Cloud SQL names none", async () => {
  const reader = asker(gcp, acme.runtime);
  expect(await reader("POST", `${connectors}?connectorId=x`, range)).toMatchObject({
    status: 403,
    body: {
      error: {
        message: `Permission 'vpcaccess.connectors.create' denied on resource '//vpcaccess.googleapis.com/${acme.place}' (or it may not exist).`,
        details: [
          { reason: "IAM_PERMISSION_DENIED", metadata: { permission: "vpcaccess.connectors.create" } },
        ],
      },
    },
  });
  expect(await reader("PATCH", `/sqladmin/v1/${acme.sql}`, {})).toEqual({
    status: 403,
    body: {
      error: {
        code: 403,
        message: "The client is not authorized to make this request.",
        errors: [
          {
            message: "The client is not authorized to make this request.",
            domain: "global",
            reason: "notAuthorized",
          },
        ],
      },
    },
  });
});

test("rights follow the roles of the caller's account", async () => {
  const permissions = ["run.services.get", "run.services.update", "resourcemanager.projects.setIamPolicy"];
  const held = (email: string) =>
    asker(gcp, email)("POST", `/cloudresourcemanager/v1/${all}:testIamPermissions`, { permissions });
  expect((await held(acme.runtime)).body).toEqual({ permissions: ["run.services.get"] });
  expect((await held(acme.remediator)).body).toEqual({ permissions });
  gcp.edit(({ policies }) => policies.write(all, { version: 1, bindings: [] }));
  expect((await held(acme.remediator)).body).toEqual({});
  expect((await ask("GET", service)).status).toBe(403);
});

test("the remediator's token is given to whoever may impersonate it, for an hour at most", async () => {
  const path = `/iamcredentials/v1/projects/-/serviceAccounts/${acme.remediator}:generateAccessToken`;
  const scope = ["https://www.googleapis.com/auth/cloud-platform"];
  const given = await asker(gcp, acme.runtime)("POST", path, { scope, lifetime: "1800s" });
  expect(given.body).toEqual({
    accessToken: expect.stringMatching(/^ya29\./),
    expireTime: expect.any(String),
  });
  const response = await fetch(`${gcp.url}${service}`, {
    headers: { authorization: `Bearer ${asText(given.body.accessToken)}` },
  });
  expect(response.status).toBe(200);
  expect(gcp.requests().at(-1)).toMatchObject({ api: "run", status: 200, caller: acme.remediator });
  expect((await ask("POST", path, { scope })).status).toBe(403);
  expect((await asker(gcp, acme.runtime)("POST", path, { scope, lifetime: "7200s" })).status).toBe(400);
});

test.each([
  ["a name whose hyphens make it too long", "a-b-c-d-e-f-g-h", range],
  ["a name in capitals", "Conn", range],
  ["a range that is no /28", "conn", { network: "default", ipCidrRange: "10.9.0.0/24" }],
  ["a /28 that begins between two", "conn", { network: "default", ipCidrRange: "10.9.0.1/28" }],
  ["neither range nor subnet", "conn", { network: "default" }],
  ["a subnet that is no /28", "conn", { subnet: { name: "default" } }],
  ["more instances at least than at most", "conn", { ...range, minInstances: 5, maxInstances: 4 }],
])("a connector with %s is an invalid argument", async (_what, id, body) => {
  const { status, body: answer } = await ask("POST", `${connectors}?connectorId=${id}`, body);
  expect({ status, error: answer.error }).toMatchObject({
    status: 400,
    error: { status: "INVALID_ARGUMENT", message: "Request contains an invalid argument." },
  });
  expect(gcp.world.connectors.size).toBe(1);
});

test("JSON that the description does not know is refused with its place", async () => {
  expect(await ask("POST", `${connectors}?connectorId=conn`, { ...range, colour: "red" })).toMatchObject({
    status: 400,
    body: { error: { message: `Invalid JSON payload received. Unknown name "colour": Cannot find field.` } },
  });
  expect(await ask("PATCH", `${service}?updateMask=template`, { template: { nope: 1 } })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining(`Unknown name "nope" at 'template'`) } },
  });
});

test("a connector is made, cannot be made twice, changes in size alone, and is removed", async () => {
  const made = await ask("POST", `${connectors}?connectorId=conn`, range);
  expect((await ask("GET", `${connectors}/conn`)).body).toMatchObject({ state: "CREATING", minInstances: 2 });
  expect((await ask("POST", `${connectors}?connectorId=conn`, range)).status).toBe(409);
  await ended(gcp, "vpcaccess", made);
  expect((await ask("GET", `${connectors}/conn`)).body).toMatchObject({ state: "READY" });
  const wrong = await ask("PATCH", `${connectors}/conn?updateMask=network`, { network: "other" });
  expect(wrong.status).toBe(400);
  const grown = await ask("PATCH", `${connectors}/conn?updateMask=maxInstances`, { maxInstances: 5 });
  expect((await ended(gcp, "vpcaccess", grown)).response).toMatchObject({ maxInstances: 5, state: "READY" });
  await ended(gcp, "vpcaccess", await ask("DELETE", `${connectors}/conn`));
  expect(await ask("GET", `${connectors}/conn`)).toMatchObject({
    status: 404,
    body: { error: { status: "NOT_FOUND" } },
  });
});

test("a range that another has makes the operation end in an error, and the connector stays in ERROR", async () => {
  const started = await ask("POST", `${connectors}?connectorId=conn`, {
    network: "default",
    ipCidrRange: "10.8.0.0/28",
  });
  expect(await ended(gcp, "vpcaccess", started)).toMatchObject({
    error: { code: 3, message: expect.stringContaining("It conflicts with an existing subnetwork") },
  });
  expect((await ask("GET", `${connectors}/conn`)).body).toMatchObject({ state: "ERROR" });
  expect((await ask("POST", `${connectors}?connectorId=conn`, range)).status).toBe(409);
});

test("a masked patch changes what the mask names, makes a revision, and asks for the newest etag", async () => {
  const { etag } = (await ask("GET", service)).body;
  const next: Doc = { ...template(), vpcAccess: undefined, timeout: "10s" };
  delete next.revision;
  const body = { name: acme.service, etag, template: next };
  const patched = await ended(
    gcp,
    "run",
    await ask("PATCH", `${service}?updateMask=template.vpcAccess`, body),
  );
  expect(patched.response).toMatchObject({
    generation: "8",
    observedGeneration: "8",
    reconciling: false,
    template: { timeout: "300s" },
    terminalCondition: { state: "CONDITION_SUCCEEDED" },
  });
  const now = docOf(gcp.world.services.get(acme.service));
  expect(now.latestReadyRevision).toBe(now.latestCreatedRevision);
  expect(at(now, "template.vpcAccess")).toBeUndefined();
  expect(gcp.world.revisions.size).toBe(2);
  expect(await ask("PATCH", `${service}?updateMask=template.vpcAccess`, body)).toMatchObject({
    status: 409,
    body: { error: { status: "ABORTED" } },
  });
});

test("the name of a revision resent with another template is a conflict, whatever the mask", async () => {
  const body = { template: { ...template(), vpcAccess: undefined } };
  expect(await ask("PATCH", `${service}?updateMask=template.vpcAccess`, body)).toMatchObject({
    status: 409,
    body: {
      error: {
        message: "Revision named 'greenlight-api-00007-abc' with different configuration already exists.",
      },
    },
  });
});

test.each<[string, unknown, string]>([
  [
    "both a connector and an interface",
    { connector: acme.connector, networkInterfaces: [{ network: "default" }] },
    "one and only one of connector and network_interfaces must be set.",
  ],
  ["neither", { egress: "ALL_TRAFFIC" }, "one and only one of connector and network_interfaces must be set."],
  [
    "a connector of another region",
    { connector: `${all}/locations/europe-west1/connectors/conn` },
    "must be the same as the region of the connector",
  ],
  [
    "an egress that does not exist",
    { connector: acme.connector, egress: "all-traffic" },
    "template.vpcAccess.egress",
  ],
])("a service with %s is refused and stays as it was", async (_what, vpcAccess, message) => {
  const before = gcp.snapshot();
  const { status, body } = await ask("PATCH", `${service}?updateMask=template.vpcAccess`, {
    template: { vpcAccess },
  });
  expect({ status, error: body.error }).toMatchObject({
    status: 400,
    error: { status: "INVALID_ARGUMENT", message: expect.stringContaining(message) },
  });
  expect(gcp.snapshot()).toEqual(before);
});

test("annotations of Cloud Run's first version are refused, reserved variables too, and a dry run changes nothing", async () => {
  const before = gcp.snapshot();
  const annotations = { "run.googleapis.com/vpc-access-connector": "staging-connector" };
  expect((await ask("PATCH", `${service}?updateMask=annotations`, { annotations })).status).toBe(400);
  const { containers } = template();
  const [first] = listOf(containers).map(docOf);
  const reserved = { containers: [{ ...first, env: [{ name: "K_SERVICE", value: "x" }] }] };
  expect(
    (await ask("PATCH", `${service}?updateMask=template.containers`, { template: reserved })).status,
  ).toBe(400);
  const path = `${service}?updateMask=template.vpcAccess&validateOnly=true`;
  const dry = await ended(gcp, "run", await ask("PATCH", path, { template: {} }));
  expect(docOf(docOf(dry.response).template)).not.toHaveProperty("vpcAccess");
  expect(gcp.snapshot()).toEqual(before);
});

test("whoever may not act as the service's account cannot change the service", async () => {
  gcp.edit(({ policies }) =>
    policies.write(`${all}/serviceAccounts/${acme.runtime}`, { version: 1, bindings: [] }),
  );
  expect(await ask("PATCH", `${service}?updateMask=template.vpcAccess`, { template: {} })).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringContaining("iam.serviceaccounts.actAs") } },
  });
});

test("a revision that does not get ready leaves the former one serving", async () => {
  const vpcAccess = { connector: `${acme.place}/connectors/gone` };
  const started = await ask("PATCH", `${service}?updateMask=template.vpcAccess`, { template: { vpcAccess } });
  const message = `VPC connector ${vpcAccess.connector} does not exist, or Cloud Run does not have permission to use it.`;
  expect(await ended(gcp, "run", started)).toMatchObject({ error: { code: 9, message } });
  expect((await ask("GET", service)).body).toMatchObject({
    terminalCondition: { state: "CONDITION_FAILED", reason: "REVISION_FAILED", message },
    latestReadyRevision: `${acme.service}/revisions/greenlight-api-00007-abc`,
    latestCreatedRevision: expect.stringContaining("greenlight-api-00008-"),
  });
});

test("policies want the newest etag, a known role and an account that exists; conditions want version 3", async () => {
  const path = `/cloudresourcemanager/v1/${all}`;
  const read = async (requestedPolicyVersion: number) =>
    (await ask("POST", `${path}:getIamPolicy`, { options: { requestedPolicyVersion } })).body;
  const policy = await read(3);
  const set = (changes: object) => ask("POST", `${path}:setIamPolicy`, { policy: { ...policy, ...changes } });
  const bindings = listOf(policy.bindings);
  const member = `serviceAccount:${acme.runtime}`;
  const condition = { title: "until", expression: "request.time < timestamp('2027-01-01T00:00:00Z')" };
  const added = (each: object) => ({ bindings: [...bindings, each] });
  expect(
    await set(
      added({ role: "roles/cloudsql.client", members: ["serviceAccount:none@x.iam.gserviceaccount.com"] }),
    ),
  ).toMatchObject({
    status: 400,
    body: { error: { message: "Service account none@x.iam.gserviceaccount.com does not exist." } },
  });
  expect((await set(added({ role: "roles/none", members: [member] }))).status).toBe(400);
  expect((await set(added({ role: "roles/run.invoker", members: ["allUsers"] }))).status).toBe(400);
  expect((await set(added({ role: "roles/run.invoker", members: [member], condition }))).status).toBe(400);
  expect(
    (await set({ ...added({ role: "roles/run.invoker", members: [member], condition }), version: 3 })).status,
  ).toBe(200);
  expect(await set({})).toMatchObject({
    status: 409,
    body: { error: { status: "ABORTED", message: expect.stringContaining("concurrent policy changes") } },
  });
  expect((await read(3)).version).toBe(3);
  expect(JSON.stringify(await read(3))).toContain("until");
  expect(JSON.stringify(await read(1))).not.toContain("until");
});

test("an instance takes one operation at a time, and knows the version of its settings", async () => {
  const path = `/sqladmin/v1/${acme.sql}`;
  const stopping = await ask("PATCH", path, { settings: { activationPolicy: "NEVER" } });
  const starting = { settings: { activationPolicy: "ALWAYS", settingsVersion: "12" } };
  expect(await ask("PATCH", path, starting)).toMatchObject({
    status: 409,
    body: { error: { errors: [{ reason: "operationInProgress" }] } },
  });
  await ended(gcp, "sqladmin", stopping);
  expect((await ask("GET", path)).body).toMatchObject({
    state: "RUNNABLE",
    settings: { activationPolicy: "NEVER", settingsVersion: "13", tier: "db-custom-1-3840" },
  });
  expect((await ask("PATCH", path, starting)).status).toBe(412);
  expect((await ask("PATCH", path, { settings: { activationPolicy: "SOMETIMES" } })).status).toBe(400);
  expect((await ask("PATCH", path, { region: "europe-west1" })).status).toBe(400);
  expect((await ask("GET", `/sqladmin/v1/${all}/instances/none`)).status).toBe(404);
});

test("lists come in pages, each with the token of the next", async () => {
  const path = `/serviceusage/v1/${all}/services?filter=state:ENABLED&pageSize=5`;
  const names: unknown[] = [];
  let token = "";
  do {
    const { body } = await ask("GET", `${path}&pageToken=${token}`);
    names.push(...listOf(body.services).map((each) => docOf(each).name));
    expect(listOf(body.services).length).toBeLessThanOrEqual(5);
    token = typeof body.nextPageToken === "string" ? body.nextPageToken : "";
  } while (token !== "");
  expect(new Set(names).size).toBe(13);
  expect(names).toHaveLength(13);
  const many = Array.from({ length: 31 }, () => "names=x").join("&");
  expect((await ask("GET", `/serviceusage/v1/${all}/services:batchGet?${many}`)).status).toBe(400);
});

test("a secret is told to exist, and nothing gives its payload", async () => {
  expect((await ask("GET", `/secretmanager/v1/${acme.secret}/versions/2`)).body).toMatchObject({
    state: "DISABLED",
  });
  expect((await ask("GET", `/secretmanager/v1/${acme.secret}/versions/9`)).status).toBe(404);
  expect((await ask("GET", `/secretmanager/v1/${acme.secret}/versions/latest:access`)).status).toBe(404);
});

test("two worlds that differ in an etag alone are the same, and one more variable is a difference", () => {
  const before = gcp.snapshot();
  gcp.edit(({ services }) => put(docOf(services.get(acme.service)), "etag", "other"));
  expect(gcp.snapshot()).toEqual(before);
  gcp.edit(({ services }) => put(docOf(services.get(acme.service)), "template.timeout", "1s"));
  expect(gcp.snapshot()).not.toEqual(before);
});
