import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { useDependency } from "../support/environment.ts";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "greenlight-context-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const context = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCli(["context", ...args], { env });
const first = (text: string) => text.split("\n")[0];

describe("greenlight context", () => {
  test("says the verdict in its first line, then who says what, and what to do", async () => {
    const env = {
      DATABASE_URL: "postgres://u:canary-pw@db.staging.acme.internal/app",
      REDIS_URL: "redis://:canary-pw@cache.prod.acme.internal",
      K_SERVICE: "api-staging",
      GREENLIGHT_ENVIRONMENT: "staging",
      APP_ENV: "canary-pw",
    };
    const { code, stdout, stderr } = await context(["--env", "staging"], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(first(stdout)).toBe("STAGING CONTEXT DETECTED  indicators 4/5  decided by --env");
    expect(stdout).toContain("Nothing may be written: redis.host points at production.");
    expect(stdout).toMatch(/✗ url +redis\.host +production +cache\.prod\.acme\.internal: label `prod`/);
    expect(stdout).toContain("CONTEXT_PRODUCTION_INDICATED");
    expect(stdout).toMatch(/\nNext\n {2}1\. /);
    expect(stdout).toMatch(/\d more that say nothing: --verbose shows them\./);
    expect(stdout).not.toContain("canary");
  });

  test.each([
    ["postgres://db.nonprod.acme.internal/app", "UNKNOWN", "0/0", "nothing"],
    ["postgres://my-device-app.acme.com/app", "UNKNOWN", "0/0", "nothing"],
    ["postgres://devices.acme.com/app", "UNKNOWN", "0/0", "nothing"],
    ["postgres://prod-like.acme.com/app", "UNKNOWN", "0/0", "nothing"],
    ["postgres://staging-prod-mirror.acme.com/app", "STAGING", "1/1", "postgres.host"],
    ["postgres://preprod.acme.com/app", "STAGING", "1/1", "postgres.host"],
    ["postgres://acme-prod.internal/app", "PRODUCTION", "1/1", "postgres.host"],
  ])("takes %s for %s", async (url, environment, indicators, by) => {
    const { stdout } = await context([], { DATABASE_URL: url });
    expect(first(stdout)).toBe(`${environment} CONTEXT DETECTED  indicators ${indicators}  decided by ${by}`);
    const project = await context(["--json"], {
      GOOGLE_CLOUD_PROJECT: new URL(url).hostname.split(".")[0] ?? "",
    });
    expect(JSON.parse(project.stdout)).toMatchObject({
      environment: /unknown/i.test(environment) ? "unknown" : environment.toLowerCase(),
    });
  });

  test("--verbose shows what says nothing, with weights", async () => {
    const { stdout } = await context(["--verbose"], { CI: "true", GOOGLE_CLOUD_PROJECT: "my-device-app" });
    expect(first(stdout)).toBe("CI CONTEXT DETECTED  indicators 1/1  decided by CI");
    expect(stdout).toMatch(/project +GOOGLE_CLOUD_PROJECT +- +silent +30 +names no environment/);
  });

  test("--json has all of it, and the findings with their remedies", async () => {
    const { code, stdout } = await context(["--json", "--env", "test"], { APP_ENV: "staging" });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "context",
      exitCode: 0,
      environment: "test",
      decidedBy: "--env",
      tier: "flag",
      confidence: 0.4,
      indicators: { agree: 1, total: 2 },
      evidence: [{ source: "--env" }, { source: "APP_ENV", says: "staging", standing: "contradicts" }],
      contradictions: [{ code: "CONTEXT_CONTRADICTION" }],
      findings: [{ id: "CONTEXT_CONTRADICTION:APP_ENV", severity: "error" }],
      mayWrite: true,
    });
  });

  test.each([
    ["eu-prod", "PRODUCTION"],
    ["stg", "STAGING"],
  ])("--env %s is understood", async (name, environment) => {
    expect(first((await context(["--env", name])).stdout)).toContain(`${environment} CONTEXT DETECTED`);
  });

  test("--env with a name that means nothing is wrong usage, and labels of the configuration teach it", async () => {
    const unknown = await context(["--env", "stagging"]);
    expect(unknown).toMatchObject({ code: 64, stdout: "" });
    expect(unknown.stderr).toContain('there is no environment "stagging". Did you mean staging?');
    const env = { GREENLIGHT_CONTEXT_LABELS_STAGING: "uat" };
    expect(first((await context(["--env", "uat"], env)).stdout)).toContain("STAGING");
  });
});

describe("--strict-validation", () => {
  test("fails with 78 on contradictions and on unknown, and with 0 when all agree", async () => {
    expect((await context(["--strict-validation"])).code).toBe(78);
    const strict = ["--strict-validation", "--env", "staging"];
    expect((await context(strict, { APP_ENV: "test" })).code).toBe(78);
    expect((await context(strict, { APP_ENV: "staging", GITHUB_ACTIONS: "true" })).code).toBe(0);
    expect((await context(["--env", "staging"], { APP_ENV: "test" })).code).toBe(0);
  });

  test("is in force by the configuration too, and a waiver takes a finding out of it", async () => {
    expect((await context([], { GREENLIGHT_STRICT: "true" })).code).toBe(78);
    const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const file = join(folder, "waived.yaml");
    writeFileSync(
      file,
      `waivers: [{ finding: "CONTEXT_CONTRADICTION:APP_ENV", reason: "moves next week", owner: ops, expires: ${expires} }]\n`,
    );
    const args = ["--strict-validation", "--env", "staging", "--config", file];
    const { code, stdout } = await context(args, { APP_ENV: "test" });
    expect(code).toBe(0);
    expect(stdout).toContain(`waived until ${expires}`);
  });
});

describe("--export", () => {
  const env = { REDIS_URL: "redis://cache.staging.acme.internal" };

  test("github writes what GITHUB_OUTPUT and GITHUB_ENV take, and nothing else, to stdout", async () => {
    const { code, stdout, stderr } = await context(["--export", "github"], env);
    expect(code).toBe(0);
    const blocks = [...stdout.matchAll(/^(\w+)<<(ghadelimiter_[\da-f-]{36})\n(.*)\n\2\n/gm)];
    expect(blocks.map(([whole]) => whole).join("")).toBe(stdout);
    expect(Object.fromEntries(blocks.map(([, name, , value]) => [name, value]))).toEqual({
      CONTEXT_ENVIRONMENT: "staging",
      CONTEXT_DECIDED_BY: "redis.host",
      CONTEXT_CONFIDENCE: "0.20",
      CONTEXT_INDICATORS: "1/1",
      CONTEXT_CONTRADICTIONS: "0",
      CONTEXT_MAY_WRITE: "false",
    });
    expect(first(stderr)).toBe("STAGING CONTEXT DETECTED  indicators 1/1  decided by redis.host");
  });

  test("dotenv writes plain lines that GitLab takes, also when it fails", async () => {
    const { code, stdout, stderr } = await context(["--export", "dotenv", "--strict-validation"]);
    expect(code).toBe(78);
    expect(stdout).toMatch(/^(?:[A-Z_]+=[\w .,:/@+-]+\n){6}$/);
    expect(stdout).toContain("CONTEXT_ENVIRONMENT=unknown\n");
    expect(stderr).toContain("CONTEXT_UNKNOWN: ");
  });

  test("does not go with --json, nor with another format", async () => {
    expect(await context(["--export", "github", "--json"])).toMatchObject({ code: 64, stdout: "" });
    expect(await context(["--export", "xml"])).toMatchObject({ code: 64, stdout: "" });
  });
});

test("a configuration that is wrong is 78, with its faults", async () => {
  const { code, stderr } = await context([], { GREENLIGHT_CONTEXT_WEIGHTS_URL: "heavy" });
  expect(code).toBe(78);
  expect(stderr).toContain("GREENLIGHT_CONTEXT_WEIGHTS_URL");
});

describe("a server that declares its environment", async () => {
  const redis = await useDependency("redis", { redis: { password: "canary-rd-52" } });
  const file = join(folder, "declares.yaml");
  // The sandbox's own seed: any text that is there will do.
  writeFileSync(file, "dependencies: { redis: { declares: 'seed:done' } }\n");
  const args = ["--config", file];
  const env = { REDIS_URL: redis.url() };

  test("is asked with --probe alone, and pointed out without it", async () => {
    const without = await context(args, env);
    expect(without.stdout).toContain("Ask redis which environment this is: `greenlight context --probe`.");
    const { code, stdout } = await context([...args, "--probe", "--env", "test"], env);
    expect(code).toBe(0);
    expect(stdout).toContain("CONTEXT_DECLARATION_UNKNOWN");
    expect(stdout).toContain("redis declares an environment that is not known");
    expect(stdout).not.toContain("canary");
  });

  test("is asked in strict mode, which fails when what it says is not known", async () => {
    expect((await context([...args, "--env", "test", "--strict-validation"], env)).code).toBe(78);
  });
});
