import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { lintManifest } from "../../../services/deployment/lint-manifest.ts";
import { treeOf } from "../../../services/drift/tree.ts";
import { DEPLOYMENT_FINDINGS } from "../../../services/findings/deployment-table.ts";
import { readYaml } from "../../../src/drift/read-yaml.ts";

async function lint(text: string) {
  const yaml = await readYaml(text);
  if (!yaml.ok) throw new Error(yaml.found);
  return lintManifest({ file: "cloudrun.yaml", documents: yaml.documents }).findings;
}

const own = await readFile("cloudrun.yaml", "utf8");

/** Our own manifest with one thing changed; the change must be one. */
const changed = (from: string | RegExp, to: string): string => {
  const text = own.replace(from, to);
  expect(text).not.toBe(own);
  return text;
};

/** The line that ends so, else the first that has it in it. */
function lineOf(text: string, part: string): number {
  const lines = text.split("\n");
  const exact = lines.findIndex((line) => line.endsWith(part));
  return 1 + (exact === -1 ? lines.findIndex((line) => line.includes(part)) : exact);
}

test("our own manifest holds", async () => {
  await expect(lint(own)).resolves.toEqual([]);
});

const EGRESS = "run.googleapis.com/vpc-access-egress: private-ranges-only";
const NETWORK = /^ +run\.googleapis\.com\/network-interfaces.*\n/m;
const LIVE = "path: /health/live";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly code: keyof typeof DEPLOYMENT_FINDINGS;
  /** What stands in the line that it names. */
  readonly at: string;
}

const CASES: readonly Case[] = [
  {
    name: "a connector on the service",
    text: changed(
      "  name: greenlight\nspec:",
      "  name: greenlight\n  annotations:\n    run.googleapis.com/vpc-access-connector: c\nspec:",
    ),
    code: "DEPLOYMENT_ANNOTATION_LEVEL",
    at: "vpc-access-connector",
  },
  {
    name: "scaling on the service",
    text: changed(
      "  name: greenlight\nspec:",
      '  name: greenlight\n  annotations:\n    autoscaling.knative.dev/minScale: "1"\nspec:',
    ),
    code: "DEPLOYMENT_ANNOTATION_LEVEL",
    at: "autoscaling.knative.dev/minScale",
  },
  {
    name: "ingress on the revision",
    text: changed(EGRESS, `${EGRESS}\n        run.googleapis.com/ingress: internal`),
    code: "DEPLOYMENT_ANNOTATION_LEVEL",
    at: "run.googleapis.com/ingress",
  },
  {
    name: "a connector beside network interfaces",
    text: changed(EGRESS, `${EGRESS}\n        run.googleapis.com/vpc-access-connector: c`),
    code: "DEPLOYMENT_TWO_EGRESSES",
    at: "vpc-access-connector",
  },
  { name: "no egress", text: changed(NETWORK, ""), code: "DEPLOYMENT_NO_EGRESS", at: "apiVersion" },
  {
    name: "CPU for requests alone, by default",
    text: changed(/^ +run\.googleapis\.com\/cpu-throttling.*\n/m, ""),
    code: "DEPLOYMENT_CPU_THROTTLED",
    at: "apiVersion",
  },
  {
    name: "CPU for requests alone, said",
    text: changed('cpu-throttling: "false"', 'cpu-throttling: "true"'),
    code: "DEPLOYMENT_CPU_THROTTLED",
    at: "cpu-throttling:",
  },
  {
    name: "no instance at all",
    text: changed('minScale: "1"', 'minScale: "0"'),
    code: "DEPLOYMENT_CPU_THROTTLED",
    at: "apiVersion",
  },
  {
    name: "no account",
    text: changed(/^ +serviceAccountName.*\n/m, ""),
    code: "DEPLOYMENT_NO_SERVICE_ACCOUNT",
    at: "apiVersion",
  },
  {
    name: "no liveness probe",
    text: changed(/^ +livenessProbe:[^]*$/m, ""),
    code: "DEPLOYMENT_PROBE_MISSING",
    at: "- image:",
  },
  {
    name: "a time-out as long as the period",
    text: changed("timeoutSeconds: 1\n", "timeoutSeconds: 7\n"),
    code: "DEPLOYMENT_PROBE_TIMES",
    at: "timeoutSeconds: 7",
  },
  {
    name: "a time-out above the default period",
    text: changed(
      "            periodSeconds: 10\n            timeoutSeconds: 2",
      "            timeoutSeconds: 30",
    ),
    code: "DEPLOYMENT_PROBE_TIMES",
    at: "timeoutSeconds: 30",
  },
  {
    name: "a period that is none",
    text: changed("periodSeconds: 10", "periodSeconds: often"),
    code: "DEPLOYMENT_PROBE_TIMES",
    at: "periodSeconds: often",
  },
  {
    name: "a startup probe that is delayed too long",
    text: changed("periodSeconds: 2", "periodSeconds: 2\n            initialDelaySeconds: 241"),
    code: "DEPLOYMENT_PROBE_TIMES",
    at: "initialDelaySeconds: 241",
  },
  {
    name: "no failure allowed",
    text: changed("failureThreshold: 30", "failureThreshold: 0"),
    code: "DEPLOYMENT_PROBE_TIMES",
    at: "failureThreshold: 0",
  },
  ...["/health", "/health/database", "/health/ready", "/ready", "/api/db-check", "/gate/e2e"].map(
    (path): Case => ({
      name: `liveness on ${path}`,
      text: changed(LIVE, `path: ${path}`),
      code: "DEPLOYMENT_LIVENESS_DEPENDENCY",
      at: `path: ${path}`,
    }),
  ),
  ...["/healthz", "/_ah/health", "/eventlog", "/livez?full=1"].map((path): Case => ({
    name: `a probe at ${path}`,
    text: changed(LIVE, `path: ${path}`),
    code: "DEPLOYMENT_PATH_RESERVED",
    at: `path: ${path}`,
  })),
  {
    name: "a password in plain text",
    text: changed(
      "            - name: DATABASE_URL\n              valueFrom:",
      "            - name: DATABASE_URL\n              value: postgres://app:canary-pw-81@db.internal/app\n            - name: OTHER_URL\n              valueFrom:",
    ),
    code: "DEPLOYMENT_PLAIN_SECRET",
    at: "name: DATABASE_URL",
  },
  {
    name: "a token in plain text",
    text: changed(
      "          env:\n",
      "          env:\n            - name: API_TOKEN\n              value: canary-pw-81\n",
    ),
    code: "DEPLOYMENT_PLAIN_SECRET",
    at: "name: API_TOKEN",
  },
  ...['"true"', "1", "maybe"].map((value): Case => ({
    name: `a bypass that is ${value}`,
    text: changed(
      "          env:\n",
      `          env:\n            - name: BYPASS_STARTUP_VALIDATION\n              value: ${value}\n`,
    ),
    code: "DEPLOYMENT_PERMISSIVE",
    at: "BYPASS_STARTUP_VALIDATION",
  })),
  {
    name: "a skipped check that comes from a secret",
    text: changed("            - name: DATABASE_URL", "            - name: SKIP_AUTH_CHECK"),
    code: "DEPLOYMENT_PERMISSIVE",
    at: "SKIP_AUTH_CHECK",
  },
];

test.each(CASES)("$name: $code", async ({ text, code, at }) => {
  const findings = await lint(text);
  expect(findings).toMatchObject([{ code, place: { file: "cloudrun.yaml", line: lineOf(text, at) } }]);
  expect(JSON.stringify(findings)).not.toContain("canary-pw-81");
  expect(JSON.stringify(findings)).not.toMatch(/\{(?:file|annotation|variable)\}/);
});

test.each([
  ["a flag that is off", "- name: BYPASS_STARTUP_VALIDATION\n              value: 'false'"],
  ["a list of paths", "- name: BYPASS_PATHS\n              value: /health,/docs"],
  ["what is skipped for comfort", "- name: SKIP_INSTALL\n              value: 'true'"],
  [
    "a reference to a secret",
    "- name: API_TOKEN\n              valueFrom: { secretKeyRef: { name: t, key: '1' } }",
  ],
  ["a placeholder", "- name: API_TOKEN\n              value: <token>"],
])("%s is no fault", async (_name, variable) => {
  await expect(
    lint(changed("          env:\n", `          env:\n            ${variable}\n`)),
  ).resolves.toEqual([]);
});

test("other services need no CPU between requests", async () => {
  const text = changed(/^ +run\.googleapis\.com\/cpu-throttling.*\n/m, "")
    .replaceAll("GREENLIGHT_", "APP_")
    .replace("greenlight/greenlight:0.1.0", "apps/web:1");
  await expect(lint(text)).resolves.toEqual([]);
});

test("ids hold no lines, and are the same wherever the fault stands", async () => {
  const [one] = await lint(changed(LIVE, "path: /health"));
  const [other] = await lint(`# a comment\n\n${changed(LIVE, "path: /health")}`);
  expect(one?.id).toBe("DEPLOYMENT_LIVENESS_DEPENDENCY:cloudrun.yaml:greenlight:livenessProbe");
  expect(other?.id).toBe(one?.id);
});

test("what is no service says so", async () => {
  for (const text of ["", "a: b", "kind: Service\nspec: { template: { spec: { containers: x } } }", "[]"])
    await expect(lint(text)).resolves.toMatchObject([{ code: "DEPLOYMENT_MANIFEST_UNREADABLE" }]);
});

describe("in the shape of the API's version 2", () => {
  const template = {
    serviceAccount: "run@p.iam.gserviceaccount.com",
    vpcAccess: { networkInterfaces: [{ network: "default" }] },
    scaling: { minInstanceCount: 1 },
    containers: [
      {
        image: "greenlight:1",
        resources: { cpuIdle: false },
        startupProbe: { httpGet: { path: "/health/startup" } },
        livenessProbe: { httpGet: { path: "/health/live" } },
      },
    ],
  };
  const codes = (changes: object, service: object = {}) =>
    lintManifest({
      documents: [
        treeOf({
          name: "projects/p/locations/r/services/api",
          ...service,
          template: { ...template, ...changes },
        }),
      ],
    }).findings.map(({ code }) => code);

  test("a good one holds", () => expect(codes({})).toEqual([]));

  test.each<[string, object, string]>([
    ["an empty vpcAccess", { vpcAccess: {} }, "DEPLOYMENT_NO_EGRESS"],
    ["both ways", { vpcAccess: { connector: "c", networkInterfaces: [{}] } }, "DEPLOYMENT_TWO_EGRESSES"],
    ["no account", { serviceAccount: "" }, "DEPLOYMENT_NO_SERVICE_ACCOUNT"],
    ["no instances", { scaling: {} }, "DEPLOYMENT_CPU_THROTTLED"],
    [
      "an annotation of version 1",
      { annotations: { "run.googleapis.com/cpu-throttling": "false" } },
      "DEPLOYMENT_ANNOTATION_LEVEL",
    ],
    [
      "a bypass",
      {
        containers: [
          { ...template.containers[0], env: [{ name: "BYPASS_STARTUP_VALIDATION", value: "true" }] },
        ],
      },
      "DEPLOYMENT_PERMISSIVE",
    ],
    [
      "throttled CPU",
      { containers: [{ ...template.containers[0], resources: { cpuIdle: true } }] },
      "DEPLOYMENT_CPU_THROTTLED",
    ],
  ])("%s", (_name, changes, code) => expect(codes(changes)).toEqual([code]));
});
