import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { startGoogle } from "../../src/sandbox/google/google.ts";
import { gcloudClientId, person, serviceAccount } from "../../src/sandbox/google/identities.ts";
import type { WhoamiReport } from "../../src/views/whoami-report.ts";
import { freePort } from "../../src/sandbox/ports.ts";
import { configOf } from "../config/load.ts";
import { fakeGcloud, personScript } from "./gcloud.ts";
import { health, serve, serveGuarded } from "./guarded-service.ts";
import { runCli } from "./run-cli.ts";

const google = await startGoogle();
afterAll(() => google.close());

const alone = (path = "/nowhere") => ({ METADATA_SERVER_DETECTION: "none", HOME: "/nowhere", PATH: path });

async function whoami(env: Record<string, string>, url?: string) {
  const flags = ["--json", ...(url === undefined ? [] : ["--url", url])];
  const { code, stdout, stderr } = await runCli(["auth", "whoami", ...flags], { env });
  expect(stderr).toBe("");
  const report = JSON.parse(stdout) as WhoamiReport;
  expect(report).toMatchObject({ schemaVersion: 1, command: "auth whoami", exitCode: code });
  expect(stdout).not.toMatch(/eyJ|ya29|gl_/);
  return report;
}

describe("auth whoami", () => {
  test("no token: 77, and why each source gave none", async () => {
    const report = await whoami(alone());
    expect(report).toMatchObject({ exitCode: 77, audience: "http://127.0.0.1:8080", credential: null });
    expect(report).not.toHaveProperty("service");
    expect(report.tried).toEqual([
      { source: "GREENLIGHT_TOKEN", given: false, reason: "it is not set" },
      {
        source: "metadata server",
        given: false,
        reason: "METADATA_SERVER_DETECTION=none forbids to look for it",
      },
      {
        source: "application default credentials",
        given: false,
        reason: "there are none (gcloud auth application-default login makes them)",
      },
      { source: "gcloud", given: false, reason: "gcloud is not installed (not on the PATH)" },
    ]);
  });

  test("a person's token of gcloud: whose it is, for whom, until when, and that others accept it", async () => {
    const exp = 2_000_000_000;
    const gcloud = await fakeGcloud(personScript(await google.mintIdToken({ exp })));
    const report = await whoami(alone(gcloud.path));
    expect(report.exitCode).toBe(0);
    expect(report.credential).toEqual({
      source: "gcloud",
      kind: "ID token",
      audiences: [gcloudClientId],
      email: person.email,
      expiresAt: "2033-05-18T03:33:20.000Z",
      bound: false,
    });
    const { stdout } = await runCli(["auth", "whoami"], { env: alone(gcloud.path) });
    expect(stdout).toMatch(/^ann@example\.com, by gcloud\.\n/);
    expect(stdout).toContain(`${person.email} (not verified here)`);
    expect(stdout).not.toContain("eyJ");
  });

  test("a machine's token, which the service accepts", async () => {
    const { url, seen } = await serveGuarded(() => true);
    const env = { GCE_METADATA_HOST: google.metadataHost, PATH: "/nowhere", HOME: "/nowhere" };
    const report = await whoami(env, `${url}/`);
    expect(report).toMatchObject({
      exitCode: 0,
      audience: url,
      credential: { source: "metadata server", audiences: [url], email: serviceAccount.email, bound: true },
      service: { outcome: "accepted", url, status: 200 },
    });
    expect(seen).toHaveLength(2);
  });

  test("an access token in the variable, which the service refuses: 77, the code and the command", async () => {
    const { url } = await serveGuarded(() => false);
    const env = { ...alone(), GREENLIGHT_TOKEN: google.mintAccessToken() };
    const report = await whoami(env, url);
    expect(report).toMatchObject({
      exitCode: 77,
      credential: { source: "GREENLIGHT_TOKEN", kind: "access token", audiences: [], bound: false },
      service: { outcome: "refused", status: 401, code: "TOKEN_UNKNOWN", run: "gcloud auth login" },
      tried: [{ source: "GREENLIGHT_TOKEN", given: true }],
    });
    const { code, stdout } = await runCli(["auth", "whoami"], { env: { ...env, GREENLIGHT_URL: url } });
    expect(code).toBe(77);
    expect(stdout).toContain("TOKEN_UNKNOWN");
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/ya29|\u001B/);
  });

  test("an open service is not shown the token", async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(503).end(health);
    });
    const report = await whoami({ ...alone(), GREENLIGHT_TOKEN: "gl_canary" }, url);
    expect(report).toMatchObject({
      exitCode: 0,
      credential: { kind: "static token" },
      service: { outcome: "open" },
    });
    expect(seen).toEqual([undefined]);
  });

  test("a service that shows everybody the verdict is shown the token, anything else that speaks JSON is not", async () => {
    const env = { ...alone(), GREENLIGHT_TOKEN: "gl_canary" };
    const seen: (string | undefined)[] = [];
    const url = await serve(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end(headers.authorization === undefined ? '{"status":"pass"}' : health);
    });
    expect(await whoami(env, url)).toMatchObject({ exitCode: 0, service: { outcome: "accepted" } });
    expect(seen).toEqual([undefined, "Bearer gl_canary"]);
    const other = await serve(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end('{"ok":true}');
    });
    expect(await whoami(env, other)).toMatchObject({ exitCode: 75, service: { outcome: "unexpected" } });
    expect(seen).toHaveLength(3);
  });

  test("a service that is not there, and one of another kind: 75", async () => {
    const env = { ...alone(), GREENLIGHT_TOKEN: "gl_canary" };
    const away = await whoami(env, `http://127.0.0.1:${await freePort()}`);
    expect(away).toMatchObject({ exitCode: 75, service: { outcome: "unreachable" } });
    const other = await whoami(env, await serve((_, response) => response.writeHead(404).end("<html>")));
    expect(other).toMatchObject({ exitCode: 75, service: { outcome: "unexpected", status: 404 } });
  });

  test("a URL with credentials, and a token that no header can carry: 64, not repeated", async () => {
    for (const [args, env] of [
      [["--url", "http://a:secret-canary@h"], {}],
      [[], { GREENLIGHT_TOKEN: "secret-canary\nx" }],
    ] as const) {
      const { code, stdout, stderr } = await runCli(["auth", "whoami", ...args], {
        env: { ...alone(), ...env },
      });
      expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
      expect(stderr).not.toContain("secret-canary");
    }
  });
});

describe("auth new-token", () => {
  test("the token alone on stdout, its member on stderr, and the member is good in a configuration", async () => {
    const { code, stdout, stderr } = await runCli(["auth", "new-token", "ci"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^gl_[\w-]{43}\n$/);
    const sha256 = createHash("sha256").update(stdout.trim()).digest("hex");
    const [member = ""] = stderr.split("\n");
    expect(member).toBe(`token:ci:${sha256}`);
    expect(stderr).not.toContain(stdout.trim());
    const { config } = await configOf("access: { mode: token }", { GREENLIGHT_ACCESS_READERS: member });
    expect(config.access).toMatchObject({ rules: [{ role: "reader", member: { name: "ci", sha256 } }] });
  });

  test("with --json both in one object, and each time another", async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(async () => {
        const { stdout, stderr } = await runCli(["auth", "new-token", "a.b", "--json"]);
        expect(stderr).toBe("");
        return JSON.parse(stdout) as { token: string; member: string };
      }),
    );
    expect(one?.member).toBe(
      `token:a.b:${createHash("sha256")
        .update(one?.token ?? "")
        .digest("hex")}`,
    );
    expect(one?.token).not.toBe(two?.token);
  });

  test.each(["", "a b", "a:b", "-x", "x".repeat(65)])(
    "a name that no member can have: 64 (%j)",
    async (name) => {
      const { code, stdout } = await runCli(["auth", "new-token", "--", name]);
      expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    },
  );
});
