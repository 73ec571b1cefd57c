import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import type { ItemState, Reading } from "../../../services/drift/reading.ts";
import type { DriftSourceOptions } from "../../../src/config/drift.ts";
import { readSources } from "../../../src/drift/read-source.ts";

type Kind = Exclude<DriftSourceOptions["kind"], "variables">;

async function folderOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), "greenlight-drift-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), content);
  }
  return cwd;
}

function optionsOf(kind: Kind, path: string): DriftSourceOptions {
  const file = { shown: path, path };
  return kind === "env"
    ? { id: `env:${path}`, kind, file, dialect: "dotenv" }
    : { id: `${kind}:${path}`, kind, file };
}

const { signal } = new AbortController();

/** What a file of this kind comes to. */
async function readOne(kind: Kind, path: string, content: string | Buffer): Promise<Reading> {
  const cwd = await folderOf({ [path]: content });
  return readSources({ sources: [optionsOf(kind, path)], env: {}, cwd, signal });
}

const shown = (state: ItemState): string =>
  state.kind === "value" ? state.text : state.kind === "reference" ? `-> ${state.to}` : "(unset)";

async function itemsOf(kind: Kind, path: string, content: string): Promise<Record<string, string>> {
  const { sources, faults } = await readOne(kind, path, content);
  expect(faults).toEqual([]);
  return Object.fromEntries((sources[0]?.items ?? []).map(({ key, state }) => [key, shown(state)]));
}

const V2 = {
  name: "projects/p/locations/us-central1/services/api",
  etag: '"x"',
  generation: "7",
  scaling: { minInstanceCount: 1 },
  template: {
    serviceAccount: "run@p.iam.gserviceaccount.com",
    scaling: { maxInstanceCount: 5 },
    vpcAccess: {
      egress: "PRIVATE_RANGES_ONLY",
      networkInterfaces: [{ network: "default", subnetwork: "sub", tags: ["b", "a"] }],
    },
    volumes: [{ name: "cloudsql", cloudSqlInstance: { instances: ["p:r:two", "p:r:one"] } }],
    containers: [
      {
        image: "img@sha256:1",
        env: [
          { name: "API_URL", value: "https://api" },
          { name: "EMPTY" },
          { name: "DB_PASSWORD", valueSource: { secretKeyRef: { secret: "db-password", version: "3" } } },
        ],
      },
    ],
  },
};

const KNATIVE = {
  apiVersion: "serving.knative.dev/v1",
  kind: "Service",
  metadata: { name: "api", annotations: { "run.googleapis.com/minScale": "1" } },
  spec: {
    template: {
      metadata: {
        annotations: {
          "run.googleapis.com/vpc-access-egress": "private-ranges-only",
          "run.googleapis.com/network-interfaces":
            '[{"tags": ["a", "b"], "subnetwork": "sub", "network": "default"}]',
          "run.googleapis.com/cloudsql-instances": "p:r:one,p:r:two",
          "autoscaling.knative.dev/maxScale": "5",
        },
      },
      spec: {
        serviceAccountName: "run@p.iam.gserviceaccount.com",
        containers: [
          {
            image: "img@sha256:1",
            env: [
              { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db-password", key: "3" } } },
              { name: "API_URL", value: "https://api" },
              { name: "EMPTY" },
            ],
          },
        ],
      },
    },
  },
};

const SERVICE = {
  name: "api",
  image: "img@sha256:1",
  serviceAccount: "run@p.iam.gserviceaccount.com",
  cloudSqlInstances: "p:r:one,p:r:two",
  "vpcAccess/egress": "PRIVATE_RANGES_ONLY",
  "vpcAccess/networkInterfaces": '[[["network","default"],["subnetwork","sub"],["tags",["a","b"]]]]',
  "scaling/maxInstanceCount": "5",
  "scaling/service/minInstanceCount": "1",
  "env/API_URL": "https://api",
  "env/EMPTY": "",
  "env/DB_PASSWORD": "-> secret db-password@3",
};

describe("a Cloud Run service", () => {
  test.each([
    ["the v2 API as JSON", "s.json", JSON.stringify(V2)],
    ["the v2 API as YAML", "s.yaml", stringify(V2)],
    ["gcloud describe as JSON", "s.json", JSON.stringify(KNATIVE, undefined, 4)],
    ["gcloud describe as YAML", "s.yaml", stringify(KNATIVE)],
    ["a list of one", "s.json", JSON.stringify([KNATIVE])],
  ])("%s comes to the same keys", async (_name, path, text) => {
    expect(await itemsOf("cloudrun", path, text)).toEqual(SERVICE);
  });

  test("several containers and several services have their names before their keys", async () => {
    const containers = [
      { name: "app", image: "a", env: [{ name: "X", value: "1" }] },
      { name: "proxy", image: "b", envFrom: [{ configMapRef: { name: "shared" } }] },
    ];
    const one = { name: "x/services/one", template: { containers } };
    const two = { metadata: { name: "two" }, spec: { template: { spec: { containers: [{ image: "c" }] } } } };
    expect(await itemsOf("cloudrun", "s.json", JSON.stringify([one, two]))).toEqual({
      "services/one/name": "one",
      "services/one/containers/app/image": "a",
      "services/one/containers/app/env/X": "1",
      "services/one/containers/proxy/image": "b",
      "services/one/containers/proxy/envFrom/shared": "-> configMap shared",
      "services/two/name": "two",
      "services/two/image": "c",
    });
  });
});

const map = (name: string, data: object) => ({ kind: "ConfigMap", metadata: { name }, data });

describe("a ConfigMap", () => {
  test("data and binaryData; other objects are passed over", async () => {
    const text = `
kind: Deployment
metadata: { name: d }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: app }
data:
  PORT: "8080"
  app.ini: |
    [a]
    b=c
binaryData:
  logo: |
    AAEC
    AwQ=
`;
    expect(await itemsOf("configmap", "cm.yaml", text)).toEqual({
      "data/PORT": "8080",
      "data/app.ini": "[a]\nb=c\n",
      "binaryData/logo": "AAECAwQ=",
    });
  });

  test("several of a list, and of documents", async () => {
    const items = [map("a", { X: "1" }), map("b", { X: "2" })];
    const expected = { "a/data/X": "1", "b/data/X": "2" };
    const list = JSON.stringify({ kind: "ConfigMapList", items });
    expect(await itemsOf("configmap", "cm.json", list)).toEqual(expected);
    const documents = items.map((each) => stringify(each)).join("---\n");
    expect(await itemsOf("configmap", "cm.yaml", documents)).toEqual(expected);
  });
});

describe("a compose file", () => {
  const expected = {
    "api/environment/A": "${VAR:-x}",
    "api/environment/VERSION": "1.10",
    "api/environment/FLAG": "no",
    "api/environment/HANDED_ON": "(unset)",
    "api/environment/EMPTY": "",
    "api/env_file": "-> file a.env, b.env (optional)",
  };
  const env_file = `env_file: [a.env, { path: b.env, required: false }]`;

  test.each([
    [
      "mapping",
      `services: { api: { environment: { A: "\${VAR:-x}", VERSION: 1.10, FLAG: no, HANDED_ON: , EMPTY: "" }, ${env_file} } }`,
    ],
    [
      "list",
      `services:
  api:
    ${env_file}
    environment:
      - EMPTY=
      - HANDED_ON
      - FLAG=no
      - VERSION=1.10
      - A=\${VAR:-x}
`,
    ],
    [
      "merge",
      `
x-common: &common { A: "\${VAR:-x}", VERSION: 1.0, FLAG: no }
services:
  api:
    ${env_file}
    environment:
      VERSION: "1.10"
      <<: *common
      HANDED_ON: null
      EMPTY: ""
`,
    ],
  ])("environment as %s comes to the same", async (_name, text) => {
    expect(await itemsOf("compose", "compose.yaml", text)).toEqual(expected);
  });
});

describe("variables of the process", () => {
  test("those that a pattern names, and never the key of the fingerprints", async () => {
    const env = { APP_A: "1", APP_B: "", OTHER: "x", GREENLIGHT_BASELINE_KEY: "k" };
    const sources: DriftSourceOptions[] = [
      { id: "variables:APP_*", kind: "variables", patterns: ["APP_*"] },
      { id: "variables:*", kind: "variables", patterns: ["*"] },
    ];
    const reading = await readSources({ sources, env, cwd: tmpdir(), signal });
    expect(reading.sources.map(({ items }) => items.map(({ key }) => key))).toEqual([
      ["APP_A", "APP_B"],
      ["APP_A", "APP_B", "OTHER"],
    ]);
  });
});

const CANARY = "Xk9canaryQz7";
const BOMB = ["a: &a [x, x, x, x, x, x, x, x, x]"]
  .concat(
    "bcdefghi"
      .split("")
      .map(
        (name, index) =>
          `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefghi"[index]}`).join(", ")}]`,
      ),
  )
  .join("\n");

describe("bad input is named with its place, and quoted nowhere", () => {
  test.each<[string, Kind, string, string | Buffer, object]>([
    ["NUL", "env", ".env", `A=1\nB=${CANARY}\0`, { line: 2, column: 15, expected: "text" }],
    [
      "Latin-1",
      "env",
      ".env",
      Buffer.from(`A=1\nB=caf\xe9 ${CANARY}`, "latin1"),
      { line: 2, column: 6, expected: "UTF-8" },
    ],
    ["huge", "env", ".env", Buffer.alloc(5_000_000, "A"), { expected: "at most 4194304 bytes" }],
    ["JSON", "cloudrun", "s.json", `{\n "a": "${CANARY}",\n}`, { line: 3, column: 1 }],
    ["YAML", "compose", "c.yaml", `services:\n  a: [${CANARY}\n`, { line: 3 }],
    [
      "YAML with a key twice",
      "compose",
      "c.yaml",
      `services:\n  ${CANARY}: 1\n  ${CANARY}: 2\n`,
      { line: 3, found: "a key that is there before" },
    ],
    [
      "an alias bomb",
      "compose",
      "c.yaml",
      BOMB,
      { expected: expect.stringContaining("its aliases followed") as unknown },
    ],
    ["an alias of itself", "compose", "c.yaml", "services: &a [*a]\n", { line: 1 }],
    [
      "an alias of nothing",
      "compose",
      "c.yaml",
      "services:\n  a: *b\n",
      { line: 2, found: "one without an anchor" },
    ],
    ["a great many aliases", "compose", "c.yaml", `a: &a b\nc: [${"*a,".repeat(300_000)}]`, { line: 1 }],
    ["a great many documents", "compose", "c.yaml", "- x\n---\n".repeat(100_000), { found: "100000" }],
    [
      "a great many characters",
      "compose",
      "c.yaml",
      `a: ${"x".repeat(1_200_000)}`,
      { found: "1200003 characters" },
    ],
    ["nesting", "compose", "c.yaml", "[".repeat(5000), { line: 1 }],
    ["no service", "cloudrun", "s.json", "{}", { found: "nothing of that shape" }],
    ["no ConfigMap", "configmap", "c.yaml", "kind: Secret\n", { found: "nothing of that shape" }],
    ["no compose file", "compose", "c.yaml", "a: 1\n", { found: "nothing of that shape" }],
    ["empty", "compose", "c.yaml", "", { found: "nothing of that shape" }],
  ])("%s", async (_name, kind, path, content, expected) => {
    const { sources, faults } = await readOne(kind, path, content);
    expect(sources).toEqual([]);
    expect(faults).toMatchObject([{ id: `${kind}:${path}`, file: path, ...expected }]);
    expect(JSON.stringify(faults)).not.toContain(CANARY);
  });

  test("a missing file, a folder, a circle of links; the others are read all the same", async () => {
    const cwd = await folderOf({ "good.env": "A=1\n", "folder/x": "" });
    await symlink("loop", join(cwd, "loop"));
    const sources = ["none", "folder", "loop", "good.env"].map((path) => optionsOf("env", path));
    const reading = await readSources({ sources, env: {}, cwd, signal });
    expect(reading.faults.map(({ file, found }) => `${file}: ${found}`)).toEqual([
      "none: no such file",
      "folder: a folder",
      "loop: links that lead round in a circle",
    ]);
    expect(reading.sources.map(({ id, items }) => [id, items.length])).toEqual([["env:good.env", 1]]);
  });

  test("stops when it is told to", async () => {
    const stopped = AbortSignal.abort(new Error("enough"));
    const sources = [optionsOf("env", ".env")];
    await expect(readSources({ sources, env: {}, cwd: tmpdir(), signal: stopped })).rejects.toThrow("enough");
  });
});
