import { expect, test } from "vitest";
import { formatFaults } from "../../src/config/format.ts";
import { loadConfig } from "../../src/config/load.ts";

const load = async (text: string, env: Record<string, string> = {}) =>
  loadConfig({ env, file: { path: "greenlight.yaml", text } });

async function gcpOf(text: string, env?: Record<string, string>) {
  const result = await load(text, env);
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return result.config.gcp;
}

test("names what was given, and which resource each dependency is", async () => {
  const gcp = await gcpOf(`gcp:
  project: acme-stg
  region: us-central1
  service: greenlight-api
  remediator: remediator@acme-stg.iam.gserviceaccount.com
  dependencies:
    postgres: { sql: "acme-stg:us-central1:db" }
    redis: { memorystore: "cache" }
    queue: { memorystore: "projects/other/locations/europe-west1/instances/q" }
  subnet: apps
  connector: { name: staging-connector, range: 10.8.0.0/28 }
  endpoints: { all: "http://127.0.0.1:4711" }
`);
  expect(gcp).toEqual({
    project: "acme-stg",
    region: "us-central1",
    service: "greenlight-api",
    remediator: "remediator@acme-stg.iam.gserviceaccount.com",
    dependencies: new Map<string, unknown>([
      [
        "postgres",
        {
          kind: "sql",
          project: "acme-stg",
          region: "us-central1",
          instance: "db",
          connectionName: "acme-stg:us-central1:db",
        },
      ],
      ["redis", { kind: "memorystore", instance: "cache" }],
      ["queue", { kind: "memorystore", project: "other", region: "europe-west1", instance: "q" }],
    ]),
    network: "default",
    subnet: "apps",
    connector: { name: "staging-connector", range: "10.8.0.0/28" },
    endpoints: { all: "http://127.0.0.1:4711" },
  });
});

test("takes project and service from the variables of Google's, and prefers what is configured", async () => {
  const env = { GOOGLE_CLOUD_PROJECT: "from-variable", K_SERVICE: "api", HOST: "127.0.0.1" };
  await expect(gcpOf("{}", env)).resolves.toMatchObject({ project: "from-variable", service: "api" });
  await expect(gcpOf("gcp: { project: acme-stg, service: web }", env)).resolves.toMatchObject({
    project: "acme-stg",
    service: "web",
  });
  await expect(
    gcpOf("gcp: { project: acme-stg }", { GREENLIGHT_GCP_PROJECT: "acme-dev" }),
  ).resolves.toMatchObject({ project: "acme-dev" });
});

test("the project of an organisation keeps its colon", async () => {
  const gcp = await gcpOf('gcp: { dependencies: { postgres: { sql: "example.com:acme-stg:us-east1:db" } } }');
  expect(gcp.dependencies.get("postgres")).toMatchObject({ project: "example.com:acme-stg", instance: "db" });
});

test.each([
  "https://run.googleapis.com",
  "http://10.0.0.5:8080",
  "http://user:secret@127.0.0.1:1",
  "https://127.0.0.1:1",
  "http://localhost.example.com",
  "no URL",
])("refuses the endpoint %s, which would be sent a token", async (url) => {
  const result = await load(`gcp: { endpoints: { run: "${url}" } }`);
  expect(result).toMatchObject({
    ok: false,
    faults: [{ path: "gcp.endpoints.run" }],
  });
  expect(JSON.stringify(result)).not.toContain("secret");
});

test.each(["http://127.0.0.1:4711/run", "http://localhost:1", "http://[::1]:80"])(
  "takes the endpoint %s",
  async (url) => {
    await expect(gcpOf(`gcp: { endpoints: { run: "${url}" } }`)).resolves.toMatchObject({
      endpoints: { run: url },
    });
  },
);

test.each([
  ["gcp: { project: Acme }", "gcp.project"],
  ["gcp: { region: 'us; rm' }", "gcp.region"],
  ["gcp: { remediator: somebody@example.com }", "gcp.remediator"],
  ["gcp: { connector: { range: 10.8.0.0/24 } }", "gcp.connector.range"],
  ["gcp: { dependencies: { postgres: { sql: db } } }", "gcp.dependencies"],
  ["gcp: { dependencies: { postgres: {} } }", "gcp.dependencies.postgres"],
  [
    "gcp: { dependencies: { postgres: { sql: 'acme-stg:us-east1:db', memorystore: c } } }",
    "gcp.dependencies.postgres",
  ],
  ["gcp: { dependencies: { 'Post Gres': { memorystore: c } } }", "gcp.dependencies"],
  ["gcp: { endpoint: x }", "gcp.endpoint"],
])("refuses %s", async (text, path) => {
  const result = await load(text);
  expect(result.ok).toBe(false);
  const paths = result.ok ? [] : result.faults.map((fault) => fault.path ?? "");
  expect(paths.filter((each) => each.startsWith(path))).toHaveLength(1);
});
