import { afterAll, expect, test, vi } from "vitest";
import { createFactReader } from "../../../services/why/facts.ts";
import { createMemoTransport } from "../../../services/why/memo-transport.ts";
import type { GcpTransport } from "../../../services/gcp/transport.ts";
import { useGcp } from "../../support/gcp.ts";
import { openGcp } from "../../../src/gcp/open-gcp.ts";
import { systemClock } from "../../../services/clock.ts";
import { scripted } from "../../support/google.ts";
import { symptom, target as anyTarget } from "./cases.ts";

const gcp = await useGcp();
for (const [name, value] of Object.entries(gcp.env())) vi.stubEnv(name, value);
afterAll(() => vi.unstubAllEnvs());
const { reader: transport } = openGcp({ endpoints: { all: gcp.url } }, { clock: systemClock });
const target = { ...anyTarget, service: "greenlight-api" };
const { signal } = new AbortController();
const gone = symptom("CONNECT_TIMEOUT");

test("a private address that times out: all that the way needs is read, each once for two dependencies", async () => {
  gcp.forget();
  const reader = createFactReader({ gcp: transport, target, signal });
  const [facts] = await Promise.all([
    reader.of(gone),
    reader.of(symptom("CONNECT_TIMEOUT", { dependency: "redis", host: "10.30.0.4" })),
  ]);
  expect(facts).toMatchObject({
    sql: { kind: "known", value: { activationPolicy: "ALWAYS" } },
    run: { kind: "known", value: { service: "greenlight-api" } },
    connector: { kind: "known", value: { state: "READY" } },
    peerings: { kind: "known" },
    instancePolicy: { kind: "known" },
    secrets: [],
  });
  const paths = gcp.requests().map(({ method, path }) => `${method} ${path}`);
  expect(paths.length).toBeGreaterThan(6);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths.filter((path) => path.includes("secretmanager"))).toEqual([]);
});

test.each([
  { what: "a cause that no cloud explains", seen: symptom("DATABASE_MISSING") },
  {
    what: "a public server that is none of the resources",
    seen: symptom("CONNECT_TIMEOUT", { dependency: "other", host: "34.1.2.3" }),
  },
])("$what: nothing is read", async ({ seen }) => {
  const nobody = scripted(() => ({ json: {} }));
  const reader = createFactReader({ gcp: nobody, target, signal });
  await expect(reader.of(seen)).resolves.toBeUndefined();
  expect(nobody.asked).toEqual([]);
});

test("a rejected login has the secrets looked at, and never a value", async () => {
  gcp.forget();
  const reader = createFactReader({ gcp: transport, target, signal });
  const facts = await reader.of(symptom("AUTH_FAILED"));
  expect(facts?.secrets).toMatchObject([
    {
      secret: "db-password",
      version: { kind: "known", value: { state: "ENABLED" } },
      policy: { kind: "known" },
    },
  ]);
  expect(gcp.requests().some(({ path }) => path.includes(":access"))).toBe(false);
});

test("an API that never answers is unknown after its time, and holds nobody; an abort ends all of it", async () => {
  const silent: GcpTransport = { request: () => new Promise(() => undefined) };
  const late = createFactReader({ gcp: silent, target, factMs: 20, signal });
  await expect(late.of(gone)).resolves.toMatchObject({
    sql: { kind: "unknown", because: { code: "GCP_TIMEOUT" } },
  });
  const stop = new AbortController();
  const asked = createFactReader({ gcp: silent, target, signal: stop.signal }).of(gone);
  stop.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
});

test("nothing can be written through it", () => {
  const writes = createMemoTransport(scripted(() => ({ json: {} })));
  expect(() => writes.request({ api: "run", method: "PATCH", path: "/v2/x", signal })).toThrow("only reads");
  expect(() =>
    writes.request({ api: "iam", method: "POST", path: "/v1/projects/p:setIamPolicy", signal }),
  ).toThrow("only reads");
});
