import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { acme } from "../../src/sandbox/gcp/names.ts";
import { useGcp } from "../support/gcp.ts";
import { startHttp } from "../support/listeners.ts";
import { runCli } from "./run-cli.ts";

const fake = await useGcp();

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), "greenlight-deployment-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return cwd;
}

describe("a manifest", () => {
  test("our own holds, and nobody is asked", async () => {
    const { code, stdout, stderr } = await runCli(["check", "deployment", "--manifest", "cloudrun.yaml"], {
      cwd: resolve("."),
      env: { GCE_METADATA_HOST: "127.0.0.1:1", HTTPS_PROXY: "http://127.0.0.1:1" },
    });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "cloudrun.yaml holds: greenlight.\n",
      stderr: "",
    });
  });

  test("with faults: each at its line, next steps, 65, and no value", async () => {
    const cwd = await folder({
      "run.yaml": `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: api
  annotations:
    run.googleapis.com/vpc-access-connector: c
spec:
  template:
    spec:
      serviceAccountName: a@p.iam.gserviceaccount.com
      containers:
        - image: web:1
          env:
            - { name: API_TOKEN, value: canary-of-a-manifest }
            - { name: BYPASS_STARTUP_VALIDATION, value: "true" }
          startupProbe: { httpGet: { path: /up } }
          livenessProbe: { httpGet: { path: /healthz } }
`,
    });
    const human = await runCli(["check", "deployment", "--manifest", "run.yaml"], { cwd });
    expect(human.code).toBe(65);
    expect(human.stdout).toMatch(/^run\.yaml has 4 faults\.\n/);
    for (const place of ["run.yaml:6", "run.yaml:14", "run.yaml:15", "run.yaml:17"])
      expect(human.stdout).toContain(place);
    expect(human.stdout).toMatch(/\nNext\n {2}1\. /);
    const json = await runCli(["check", "deployment", "--manifest", "run.yaml", "--json"], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      command: "check deployment",
      subject: { kind: "manifest", file: "run.yaml", services: ["api"] },
      status: "fail",
      exitCode: 65,
    });
    expect(human.stdout + human.stderr + json.stdout).not.toContain("canary-of-a-manifest");
  });

  test.each([
    ["none.yaml", "no such file"],
    ["broken.yaml", "YAML syntax error"],
    ["other.yaml", "no Cloud Run service"],
  ])("%s: %s", async (file, said) => {
    const cwd = await folder({ "broken.yaml": "a: [b\nc: d", "other.yaml": "kind: ConfigMap\n" });
    const { code, stdout } = await runCli(["check", "deployment", "--manifest", file], { cwd });
    expect(code).toBe(65);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(said);
  });

  test("goes with nothing that asks somebody", async () => {
    const args = ["check", "deployment", "--manifest", "x", "--image", "y"];
    await expect(runCli(args)).resolves.toMatchObject({ code: 64 });
  });
});

describe("a service that runs", () => {
  /** What the service says of itself. */
  let health: { status: number; body: object };
  beforeEach(() => {
    health = { status: 200, body: { status: "pass", version: "1.4.0", checks: {} } };
  });

  async function check(...args: string[]) {
    const self = await startHttp((request, response) => {
      const { status, body } =
        request.url === "/health/ready" ? { status: 200, body: { status: "pass" } } : health;
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    const cwd = await folder({
      "greenlight.yaml": `gcp:\n  service: greenlight-api\n  endpoints: { all: "${fake.url}" }\n`,
    });
    const url = `http://127.0.0.1:${self.port}`;
    return runCli(["check", "deployment", "--url", url, ...args], { cwd, env: fake.env() });
  }

  test("in good order but for a probe: a warning, 0; project and region are those of the metadata server", async () => {
    const { code, stdout, stderr } = await check("--release", "1.4.0");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "greenlight-api (us-central1, greenlight-api-00007-abc) is deployed, with a warning",
    );
    expect(stdout).toMatch(/pass +release +it is 1\.4\.0 \(tag of the image\)/);
    expect(stdout).toContain("DEPLOYMENT_PROBE_MISSING");
    expect(stdout + stderr).not.toMatch(/ya29\./);
  });

  test("another image than expected: 69, and what to do", async () => {
    const { code, stdout } = await check(
      "--image",
      "us-docker.pkg.dev/acme-stg/apps/greenlight:2.0.0",
      "--json",
    );
    expect(code).toBe(69);
    const report = JSON.parse(stdout) as { checks: { name: string; status: string }[] };
    expect(report).toMatchObject({ status: "fail", subject: { kind: "service", project: acme.project } });
    expect(report.checks.find(({ name }) => name === "image")).toMatchObject({ status: "fail" });
  });

  test("a dependency that fails: 69", async () => {
    health = {
      status: 503,
      body: {
        status: "fail",
        checks: { "postgres:responseTime": [{ status: "fail", cause: { code: "CONNECT_TIMEOUT" } }] },
      },
    };
    const { code, stdout } = await check();
    expect(code).toBe(69);
    expect(stdout).toContain("postgres (CONNECT_TIMEOUT)");
  });

  test("a permission that is missing: it cannot be told, 75", async () => {
    fake.inject({
      api: "run",
      fault: {
        kind: "answer",
        status: 403,
        body: {
          error: {
            code: 403,
            status: "PERMISSION_DENIED",
            message: "Permission 'run.services.get' denied on resource (or it may not exist).",
          },
        },
      },
    });
    const { code, stdout } = await check();
    fake.clearFaults();
    expect(code).toBe(75);
    expect(stdout).toContain("run.services.get");
    expect(stdout).toContain("cannot be judged");
  });

  test("one that is not there: 69", async () => {
    const { code, stdout } = await runCli(["check", "deployment"], {
      cwd: await folder({
        "greenlight.yaml": `gcp:\n  project: acme-stg\n  region: us-central1\n  service: none\n  endpoints: { all: "${fake.url}" }\n`,
      }),
      env: fake.env(),
    });
    expect(code).toBe(69);
    expect(stdout).toContain("there is no service none in us-central1 of acme-stg");
  });

  test("without any word of which one: 78, and the keys", async () => {
    const { code, stderr } = await runCli(["check", "deployment"], { cwd: await folder({}) });
    expect(code).toBe(78);
    expect(stderr).toContain("gcp.service");
    expect(stderr).toContain("GREENLIGHT_GCP_SERVICE");
  });
});

test("check takes URLs as before", async () => {
  const { code, stdout } = await runCli(["check", "tcp://127.0.0.1:1"]);
  expect(code).toBe(75);
  expect(stdout).toContain("CONNECT_REFUSED");
});
