import { GoogleAuth } from "google-auth-library";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakeGcp, startGcp } from "../../../src/sandbox/gcp/gcp.ts";
import { asText, docOf, listOf } from "../../../src/sandbox/gcp/json.ts";
import { acme } from "../../../src/sandbox/gcp/names.ts";
import { createVirtualTime, type VirtualTime } from "../../../src/sandbox/gcp/time.ts";
import { connectorUnhealthy } from "../../../src/sandbox/gcp/vpc-access.ts";
import { eventually, isPendingAfter } from "../../support/wait.ts";
import { asker } from "./ask.ts";

let time: VirtualTime;
let gcp: FakeGcp;
let ask: ReturnType<typeof asker>;
beforeEach(async () => {
  time = createVirtualTime();
  gcp = await startGcp({ time, durations: { connector: 300_000, iam: 120_000 } });
  ask = asker(gcp);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await gcp.close();
});

const all = `projects/${acme.project}`;
const connectors = `/vpcaccess/v1/${acme.place}/connectors`;
const range = { network: "default", ipCidrRange: "10.9.0.0/28" };
const make = () => ask("POST", `${connectors}?connectorId=conn`, range);
const poll = (name: unknown) => ask("GET", `/vpcaccess/v1/${asText(name)}`);

test("an operation takes its time, and ends when that is over", async () => {
  const changes = vi.fn<() => void>();
  gcp.onChange(changes);
  const { name } = (await make()).body;
  changes.mockClear();
  time.advance(299_999);
  expect((await poll(name)).body).toMatchObject({ done: false });
  expect(changes).not.toHaveBeenCalled();
  time.advance(1);
  expect(changes).toHaveBeenCalledOnce();
  expect((await poll(name)).body).toMatchObject({ done: true, response: { state: "READY" } });
  expect(gcp.pending()).toBe(0);
});

test("an operation can end in an error, never end, or be lost", async () => {
  gcp.planOperation({ api: "vpcaccess", outcome: connectorUnhealthy, ms: 10 });
  const failed = await make();
  time.advance(10);
  expect((await poll(failed.body.name)).body).toMatchObject({ done: true, error: { code: 13 } });
  expect((await ask("GET", `${connectors}/conn`)).body).toMatchObject({ state: "ERROR" });

  gcp.planOperation({ outcome: "never" });
  const endless = await ask("DELETE", `${connectors}/conn`);
  time.advance(86_400_000 / 48);
  expect((await poll(endless.body.name)).body).toMatchObject({ done: false });

  gcp.planOperation({ outcome: "lost", ms: 10 });
  const lost = await ask("PATCH", `/run/v2/${acme.service}?updateMask=template.vpcAccess`, { template: {} });
  time.advance(10);
  expect((await ask("GET", `/run/v2/${asText(lost.body.name)}`)).status).toBe(404);
  expect(docOf(gcp.world.services.get(acme.service))).toMatchObject({ reconciling: false, generation: "8" });
});

test("a change of IAM is read at once, and in force after a while", async () => {
  const path = `/cloudresourcemanager/v1/${all}`;
  const member = `serviceAccount:${acme.runtime}`;
  const { body } = await ask("POST", `${path}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } });
  const bindings = [...listOf(body.bindings), { role: "roles/redis.viewer", members: [member] }];
  const more = [...bindings, { role: "roles/vpcaccess.admin", members: [member] }];
  await ask("POST", `${path}:setIamPolicy`, { policy: { ...body, bindings: more } });
  const again = await ask("POST", `${path}:getIamPolicy`, {});
  expect(JSON.stringify(again.body)).toContain(`{"role":"roles/vpcaccess.admin","members":["${member}"]}`);
  const held = async () =>
    (
      await asker(gcp, acme.runtime)("POST", `${path}:testIamPermissions`, {
        permissions: ["vpcaccess.connectors.create"],
      })
    ).body;
  expect(await held()).toEqual({});
  time.advance(120_000);
  expect(await held()).toEqual({ permissions: ["vpcaccess.connectors.create"] });
});

test("the Nth request that fits is hit, and no other", async () => {
  gcp.inject({
    api: "vpcaccess",
    method: "GET",
    path: "/connectors",
    nth: 2,
    fault: { kind: "answer", status: 503, body: { error: { code: 503, status: "UNAVAILABLE" } } },
  });
  const seen: number[] = [];
  for (let index = 0; index < 3; index += 1) {
    await ask("GET", `/run/v2/${acme.service}`);
    seen.push((await ask("GET", connectors)).status);
  }
  expect(seen).toEqual([200, 503, 200]);
});

test("a request can be carried out and never answered, or the connection cut", async () => {
  gcp.inject({ method: "POST", fault: { kind: "cut", after: true } });
  await expect(make()).rejects.toThrow("fetch failed");
  expect(gcp.world.connectors.has(`${acme.place}/connectors/conn`)).toBe(true);
  gcp.inject({ fault: { kind: "silence" } });
  gcp.forget();
  const caller = new AbortController();
  const silent = fetch(`${gcp.url}${connectors}`, {
    headers: { authorization: `Bearer ${gcp.token(acme.remediator)}` },
    signal: caller.signal,
  });
  // One that gives up before it was heard would leave its fault to the next request.
  await eventually(() => gcp.requests().length === 1);
  expect(await isPendingAfter(silent, 50)).toBe(true);
  caller.abort(new Error("given up"));
  await expect(silent).rejects.toThrow("given up");
  gcp.inject({ fault: { kind: "delay", ms: 1 } });
  expect((await ask("GET", connectors)).status).toBe(200);
});

test("the world can move right before a request, so that its etag is stale", async () => {
  const path = `/run/v2/${acme.service}`;
  const { etag } = (await ask("GET", path)).body;
  gcp.inject({
    method: "PATCH",
    fault: {
      kind: "first",
      act: () => void Object.assign(docOf(gcp.world.services.get(acme.service)), { etag: "x" }),
    },
  });
  expect(await ask("PATCH", `${path}?updateMask=template.vpcAccess`, { etag, template: {} })).toMatchObject({
    status: 409,
    body: { error: { status: "ABORTED" } },
  });
});

test("requests are logged with who asked and how it was answered, and no token", async () => {
  gcp.forget();
  await ask("GET", `${connectors}?pageSize=2`);
  await make();
  expect(gcp.requests()).toEqual([
    expect.objectContaining({ method: "GET", query: "pageSize=2", status: 200, caller: acme.remediator }),
    expect.objectContaining({ method: "POST", body: range, status: 200 }),
  ]);
  expect(JSON.stringify(gcp.requests())).not.toContain("ya29");
});

test("Google's own library finds its credentials at the metadata server, and they are known here", async () => {
  for (const [name, value] of Object.entries({ ...gcp.env(), CLOUDSDK_CONFIG: "/nowhere" }))
    vi.stubEnv(name, value);
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", undefined);
  const client = await new GoogleAuth({
    scopes: ["https://www.googleapis.com/auth/cloud-platform"],
  }).getClient();
  const headers = await client.getRequestHeaders();
  const response = await fetch(`${gcp.url}/run/v2/${acme.service}`, { headers });
  expect(response.status).toBe(200);
  expect(gcp.requests().at(-1)).toMatchObject({ caller: acme.runtime });
});

async function get(path: string, headers: Record<string, string> = { "metadata-flavor": "Google" }) {
  const response = await fetch(`http://${gcp.metadataHost}/computeMetadata/v1/${path}`, { headers });
  return {
    status: response.status,
    flavor: response.headers.get("metadata-flavor"),
    text: await response.text(),
  };
}

test("the metadata server answers those who say they mean it", async () => {
  expect(await get("project/project-id")).toEqual({ status: 200, flavor: "Google", text: acme.project });
  expect((await get("instance/region")).text).toBe(`projects/${acme.number}/regions/${acme.region}`);
  expect((await get("instance/service-accounts/default/email")).text).toBe(acme.runtime);
  expect(JSON.parse((await get(`instance/service-accounts/${acme.remediator}/token`)).text)).toMatchObject({
    token_type: "Bearer",
  });
  expect((await get("project/project-id", {})).status).toBe(403);
  expect((await get("universe/universe-domain")).status).toBe(404);
  expect((await get("instance/service-accounts/none@x/token")).status).toBe(404);
});

test("a token ends when its time is over", async () => {
  expect((await ask("GET", connectors)).status).toBe(200);
  time.advance(3_600_000);
  expect((await ask("GET", connectors)).status).toBe(401);
});
