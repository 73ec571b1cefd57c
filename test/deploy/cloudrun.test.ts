import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../src/config/load.ts";
import { readKeyTable } from "../../src/config/keys.ts";

const probe = v.strictObject({
  httpGet: v.strictObject({ path: v.string(), port: v.number() }),
  periodSeconds: v.number(),
  timeoutSeconds: v.number(),
  failureThreshold: v.number(),
});

const variable = v.union([
  v.strictObject({ name: v.string(), value: v.string() }),
  v.strictObject({
    name: v.string(),
    valueFrom: v.strictObject({ secretKeyRef: v.strictObject({ name: v.string(), key: v.string() }) }),
  }),
]);

const service = v.strictObject({
  apiVersion: v.literal("serving.knative.dev/v1"),
  kind: v.literal("Service"),
  metadata: v.strictObject({ name: v.string() }),
  spec: v.strictObject({
    template: v.strictObject({
      metadata: v.strictObject({ annotations: v.record(v.string(), v.string()) }),
      spec: v.strictObject({
        serviceAccountName: v.string(),
        containerConcurrency: v.number(),
        timeoutSeconds: v.number(),
        containers: v.strictTuple([
          v.strictObject({
            image: v.string(),
            ports: v.strictTuple([v.strictObject({ name: v.string(), containerPort: v.number() })]),
            resources: v.strictObject({ limits: v.strictObject({ cpu: v.string(), memory: v.string() }) }),
            env: v.array(variable),
            startupProbe: probe,
            livenessProbe: probe,
          }),
        ]),
      }),
    }),
  }),
});

const text = readFileSync("cloudrun.yaml", "utf8");
const { template } = v.parse(service, parse(text)).spec;
const { annotations } = template.metadata;
const [container] = template.spec.containers;

describe("cloudrun.yaml", () => {
  test("keeps the processor between requests, and an instance alive", () => {
    expect(annotations["run.googleapis.com/cpu-throttling"]).toBe("false");
    expect(Number(annotations["autoscaling.knative.dev/minScale"])).toBeGreaterThanOrEqual(1);
  });

  test("reaches the databases by Direct VPC egress, set on the revision", () => {
    const interfaces: unknown = JSON.parse(annotations["run.googleapis.com/network-interfaces"] ?? "");
    expect(interfaces).toEqual([{ network: "default", subnetwork: "default" }]);
    expect(annotations["run.googleapis.com/vpc-access-egress"]).toBe("private-ranges-only");
    expect(annotations).not.toHaveProperty(["run.googleapis.com/vpc-access-connector"]);
  });

  test("asks the service about itself, never about a dependency", () => {
    expect(container.startupProbe.httpGet).toEqual({ path: "/health/startup", port: 8080 });
    expect(container.livenessProbe.httpGet).toEqual({ path: "/health/live", port: 8080 });
    expect(container.ports[0].containerPort).toBe(8080);
  });

  test.each(["startupProbe", "livenessProbe"] as const)("%s keeps to Cloud Run's limits", (name) => {
    const { timeoutSeconds, periodSeconds, failureThreshold } = container[name];
    expect(timeoutSeconds).toBeLessThan(periodSeconds);
    expect(periodSeconds * failureThreshold).toBeLessThanOrEqual(240);
  });

  test("takes the connection URLs from secrets, of a fixed version", () => {
    const secrets = container.env.filter((entry) => "valueFrom" in entry);
    expect(secrets.map(({ name }) => name)).toEqual(["DATABASE_URL", "CLICKHOUSE_URL", "REDIS_URL"]);
    for (const { valueFrom } of secrets) expect(valueFrom.secretKeyRef.key).toMatch(/^\d+$/);
  });

  test("sets only variables that are read, and none that Cloud Run reserves", () => {
    const known = readKeyTable().rows.flatMap((row) => row.variable ?? []);
    for (const { name } of container.env) expect(known).toContain(name);
    expect(container.env.map(({ name }) => name)).not.toContain("PORT");
  });

  test("starts with what it sets: the configuration accepts it on Cloud Run, and asks every caller for a token", async () => {
    const secrets: Record<string, string> = {
      DATABASE_URL: "postgres://app:password@10.0.0.3/app",
      CLICKHOUSE_URL: "https://app:password@10.0.0.4:8443/app",
      REDIS_URL: "redis://:password@10.0.0.5:6379/0",
    };
    const values = container.env.map((entry) => [
      entry.name,
      "value" in entry ? entry.value : secrets[entry.name],
    ]);
    const text = JSON.stringify(values)
      .replaceAll("PROJECT_ID", "project")
      .replaceAll("REGION", "europe-west1");
    const env = Object.fromEntries(JSON.parse(text) as [string, string][]);
    const result = await loadConfig({ env: { ...env, K_SERVICE: "greenlight", PORT: "8080" } });
    if (!result.ok) throw new Error(JSON.stringify(result.faults));
    expect(result.config.listen.host).toBe("0.0.0.0");
    expect(result.config.access).toMatchObject({ mode: "google", public: "nothing", trustedProxies: 1 });
    expect(result.config.access).toHaveProperty("rules.length", 3);
  });

  test("says which mode to choose", () => {
    for (const mode of ["google", "platform"]) expect(text).toMatch(new RegExp(`^# ${mode} +\\S`, "m"));
  });
});
