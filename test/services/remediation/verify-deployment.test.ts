import { describe, expect, test } from "vitest";
import { createRedact } from "../../../services/redact.ts";
import { createVerify } from "../../../services/remediation/verify.ts";
import type { GcpAnswer } from "../../../services/gcp/transport.ts";
import { createHttpVerifier } from "../../../src/remediation/http-verifier.ts";
import { scripted } from "../../support/google.ts";
import { startHttp } from "../../support/listeners.ts";

const { signal } = new AbortController();
const redact = createRedact([]);
const NAME = "projects/p/locations/us-central1/services/api";
const CALL = { kind: "deployment", project: "p", region: "us-central1", service: "api" } as const;
const http = createHttpVerifier({ dependencies: [], env: {}, asks: "person" });

/** A service in good order that answers at an address of this machine, changed. */
async function serve(changes: object = {}, { ready = 200, health = 200 } = {}) {
  const { port } = await startHttp((request, response) => {
    const isReady = request.url === "/health/ready";
    response.writeHead(isReady ? ready : health).end(isReady ? "{}" : '{"status":"pass"}');
  });
  const json = {
    name: NAME,
    generation: "1",
    observedGeneration: "1",
    terminalCondition: { type: "Ready", state: "CONDITION_SUCCEEDED" },
    latestReadyRevision: `${NAME}/revisions/api-1`,
    latestCreatedRevision: `${NAME}/revisions/api-1`,
    uri: `http://127.0.0.1:${port}`,
    template: { containers: [{ image: "host/api:1" }] },
    ...changes,
  };
  return createVerify({ gcp: scripted(() => ({ json })), http, redact });
}

describe("a deployment as a check", () => {
  test("holds, with what was seen", async () => {
    const verify = await serve();
    const found = await verify({ ...CALL, image: "host/api:1" }, signal);
    expect(found).toMatchObject({ kind: "held" });
    expect(JSON.stringify(found)).toContain("revision api-1 is the newest, and is ready");
  });

  test("who may not see dependencies may still see that it serves", async () => {
    const verify = await serve({}, { health: 401 });
    expect(await verify(CALL, signal)).toMatchObject({ kind: "held" });
  });

  test.each<[string, object, { ready?: number }, string]>([
    ["still reconciling", { reconciling: true }, {}, "pending"],
    ["starting", {}, { ready: 503 }, "pending"],
    ["a newest revision that failed", { latestCreatedRevision: `${NAME}/revisions/api-2` }, {}, "broken"],
    ["another image", { template: { containers: [{ image: "host/api:2" }] } }, {}, "broken"],
    ["no address", { uri: undefined }, {}, "unknown"],
  ])("%s", async (_name, changes, answers, kind) => {
    const verify = await serve(changes, answers);
    expect(await verify({ ...CALL, image: "host/api:1" }, signal)).toMatchObject({ kind });
  });

  test.each<[number, "GCP_NOT_FOUND" | "GCP_DENIED", string]>([
    [404, "GCP_NOT_FOUND", "pending"],
    [403, "GCP_DENIED", "unknown"],
  ])("%i of Cloud Run", async (status, code, kind) => {
    const failed: GcpAnswer = { kind: "failed", error: { code, status, message: "m" } };
    const verify = createVerify({ gcp: scripted(() => failed), http, redact });
    expect(await verify(CALL, signal)).toMatchObject({ kind });
  });

  test("is unknown where nobody can ask Google Cloud", async () => {
    expect(await createVerify({ http, redact })(CALL, signal)).toMatchObject({ kind: "unknown" });
  });
});
