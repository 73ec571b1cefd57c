import { describe, expect, test } from "vitest";
import type { SelfAnswer } from "../../../services/deployment/check.ts";
import { compareImages } from "../../../services/deployment/image.ts";
import { type DeploymentInput, judgeDeployment } from "../../../services/deployment/judge.ts";
import { parseRunService } from "../../../services/gcp/run-service.ts";

const NAME = "projects/p/locations/r/services/api";
const answered = (status: number, body: unknown): SelfAnswer => ({ kind: "answered", status, body });

function input(changes: Record<string, unknown> = {}, rest: Partial<DeploymentInput> = {}): DeploymentInput {
  const service = parseRunService({
    name: NAME,
    generation: "7",
    observedGeneration: "7",
    terminalCondition: { type: "Ready", state: "CONDITION_SUCCEEDED" },
    latestReadyRevision: `${NAME}/revisions/api-7`,
    latestCreatedRevision: `${NAME}/revisions/api-7`,
    traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
    template: {
      serviceAccount: "run@p.iam.gserviceaccount.com",
      vpcAccess: { connector: "c" },
      scaling: { minInstanceCount: 1 },
      containers: [
        {
          image: "host/repo/greenlight:1.4.0",
          resources: { cpuIdle: false },
          startupProbe: { httpGet: { path: "/health/startup" } },
          livenessProbe: { httpGet: { path: "/health/live" } },
        },
      ],
    },
    ...changes,
  });
  if (!service) throw new Error("no service");
  return {
    service,
    expected: {},
    ready: answered(200, { status: "pass" }),
    health: answered(200, { status: "pass", version: "1.4.0", checks: {} }),
    ...rest,
  };
}

const statuses = (given: DeploymentInput): Record<string, string> =>
  Object.fromEntries(judgeDeployment(given).checks.map(({ name, status }) => [name, status]));

test("one in good order passes all", () => {
  const judged = judgeDeployment(
    input({}, { expected: { image: "host/repo/greenlight:1.4.0", release: "1.4.0" } }),
  );
  expect(judged.status).toBe("pass");
  expect(judged.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
    "reconciled pass",
    "traffic pass",
    "image pass",
    "release pass",
    "manifest pass",
    "ready pass",
    "dependencies pass",
  ]);
  expect(judged.checks.every(({ nextStep }) => nextStep === undefined)).toBe(true);
});

test.each<[string, Record<string, unknown>, Partial<DeploymentInput>, Record<string, string>]>([
  ["reconciling", { reconciling: true }, {}, { reconciled: "pending" }],
  [
    "a newest revision that failed",
    { latestCreatedRevision: `${NAME}/revisions/api-8` },
    {},
    { reconciled: "fail" },
  ],
  [
    "requests that go to an old revision",
    {
      traffic: [
        { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision: "api-6", percent: 90 },
        { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 10 },
      ],
    },
    {},
    { traffic: "fail" },
  ],
  [
    "requests that go to the newest by its name",
    { traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision: "api-7", percent: 100 }] },
    {},
    { traffic: "pass" },
  ],
  ["another image", {}, { expected: { image: "host/repo/greenlight:1.5.0" } }, { image: "fail" }],
  [
    "an image by its digest",
    {},
    { expected: { image: "host/repo/greenlight@sha256:aa" } },
    { image: "unknown" },
  ],
  ["another release", {}, { expected: { release: "1.5.0" } }, { release: "fail" }],
  ["the release with a v", {}, { expected: { release: "v1.4.0" } }, { release: "pass" }],
  [
    "a commit, cut short",
    {},
    {
      expected: { release: "0123456789abcdef" },
      health: answered(200, { status: "pass", releaseId: "0123456" }),
    },
    { release: "pass" },
  ],
  [
    "a release that nobody says",
    {},
    { expected: { release: "1.5.0" }, health: { kind: "silent", because: "no" } },
    { release: "unknown" },
  ],
  ["no egress, nor probes", { template: { containers: [{ image: "i" }] } }, {}, { manifest: "warn" }],
  [
    "a protection switched off",
    {
      template: { containers: [{ image: "i", env: [{ name: "BYPASS_STARTUP_VALIDATION", value: "true" }] }] },
    },
    {},
    { manifest: "fail" },
  ],
  ["one that starts", {}, { ready: answered(503, {}) }, { ready: "pending" }],
  ["another service at the address", {}, { ready: answered(404, {}) }, { ready: "fail" }],
  ["one that cannot be asked", {}, { ready: { kind: "silent", because: "m" } }, { ready: "unknown" }],
  [
    "one whose database is down",
    {},
    {
      health: answered(503, {
        status: "fail",
        checks: { "postgres:responseTime": [{ status: "fail", cause: { code: "CONNECT_TIMEOUT" } }] },
      }),
    },
    { dependencies: "fail" },
  ],
  ["one that warns", {}, { health: answered(200, { status: "warn" }) }, { dependencies: "warn" }],
  [
    "a health document of another kind",
    {},
    { health: answered(200, { ok: true }) },
    { dependencies: "unknown" },
  ],
])("%s", (_name, changes, rest, expected) => {
  expect(statuses(input(changes, rest))).toMatchObject(expected);
});

test("says which dependency fails and why, and no secret that is in the answer", () => {
  const { checks } = judgeDeployment(
    input(
      {},
      {
        ready: { kind: "silent", because: "refused: Bearer canary-9137-token" },
        health: answered(503, {
          status: "fail",
          checks: { "postgres:responseTime": [{ status: "fail", cause: { code: "CONNECT_TIMEOUT" } }] },
        }),
      },
    ),
  );
  expect(checks.find(({ name }) => name === "dependencies")?.evidence).toBe(
    "it fails: postgres (CONNECT_TIMEOUT)",
  );
  expect(JSON.stringify(checks)).not.toContain("canary-9137");
});

describe("images", () => {
  test.each([
    ["h:5000/r/i:1", "h:5000/r/i:1", "same"],
    ["h:5000/r/i:1", "h:5000/r/i", "same"],
    ["h/r/i:1", "h/r/i:2", "other"],
    ["h/r/i:1", "h/r/j:1", "other"],
    ["h/r/i@sha256:a", "h/r/i@sha256:a", "same"],
    ["h/r/i@sha256:a", "h/r/i@sha256:b", "other"],
    ["h/r/i@sha256:a", "h/r/i:1", "unknown"],
    ["h/r/i:1", "h/r/i@sha256:a", "unknown"],
    ["h/r/i:1@sha256:a", "h/r/i:1", "same"],
    ["h/r/i", "h/r/i:1", "other"],
  ])("%s for %s is %s", (found, expected, result) => {
    expect(compareImages(found, expected)).toBe(result);
  });
});
