import { expect, test } from "vitest";
import { runProgram } from "../../src/commands/run-program.ts";
import { fakeProcess } from "./process.ts";
import { runCli } from "./run-cli.ts";

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { process, written, listeners } = fakeProcess(args, { env });
  const outcome = await runProgram({ process, serve: () => Promise.reject(new Error("served")) });
  return { ...written, code: outcome.kind === "done" ? outcome.exitCode : undefined, listeners };
}

test.each([
  { args: ["chek"], says: "Did you mean check?" },
  { args: ["check", "--jsn"], says: "Did you mean --json?" },
  { args: ["check", "--timeout", "10"], says: "10s" },
  { args: ["check", "--only", ","], says: "separated by commas" },
  { args: ["check", "postgrse://db/app"], says: "did you mean postgres://?" },
  { args: ["check", "postgres://"], says: "URL 1: expected" },
  { args: ["check", "wsss://h"], says: "did you mean wss://?" },
  { args: ["check", "tcp://h"], says: "URL 1: expected a host and a port" },
  { args: ["check", "ws://a:secret-canary@h"], says: "without user and password" },
  { args: ["check", "tls://169.254.169.254:80"], says: "the address of a service" },
  { args: ["auth"], says: "Usage: greenlight auth" },
  { args: ["auth", "new-token"], says: "missing required argument" },
  { args: ["check", "postgres://a@db/app", "--config", "x.yaml"], says: "not both" },
  { args: ["serve", "--port", "70000"], says: "65535" },
  { args: ["why", "postgres", "--url", "ftp://x"], says: "http://" },
  { args: ["why", "--url", "http://a:secret-canary@127.0.0.1:1"], says: "GREENLIGHT_TOKEN" },
  { args: ["why", "one", "two"], says: "too many arguments" },
  { args: ["explain", "CONNECT_REFUSD"], says: "Did you mean CONNECT_REFUSED?" },
  { args: ["config"], says: "Usage: greenlight config" },
  { args: [], says: "Usage: greenlight" },
])("wrong arguments end with 64 on stderr: $args", async ({ args, says }) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  expect(stderr).toContain(says);
  expect(stderr).not.toContain("secret-canary");
});

test.each([
  ["postgres://app:secret-canary@db/app"],
  ["check", "--only=postgres", "postgrs://app:secret-canary@db"],
  ["check", "postgres://app:secret-canary @db/app"],
  ["check", "postgres://app:secret-canary@db/app#x"],
  ["why", "a", "postgres://app:secret-canary@db/app"],
  ["explain", "postgres://app:secret-canary@db/app"],
  ["--colour=postgres://app:secret-canary@db/app"],
])("a password among wrong arguments is not repeated: %j %j", async (...args) => {
  const { code, stdout, stderr } = await run(args);
  expect(code).toBe(64);
  expect(stdout + stderr).not.toContain("secret-canary");
});

test("nothing configured, and a file that is not there: 78", async () => {
  const nothing = await run(["check"]);
  expect(nothing).toMatchObject({ code: 78, stdout: "" });
  expect(nothing.stderr).toContain("Set DATABASE_URL");
  const missing = await run(["why", "--config", "nowhere.yaml"]);
  expect(missing).toMatchObject({ code: 78, stdout: "" });
  expect(missing.stderr).toContain("CONFIG_FILE_UNREADABLE");
});

test("faults of the configuration: 78, all of them, without their secrets", async () => {
  const env = {
    DATABASE_URL: "postgres://app:secret-canary@db:0/app",
    PORT: "x",
    GREENLIGHT_PROBE_INTERVALL: "1s",
  };
  const { code, stdout, stderr } = await run(["check"], env);
  expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
  expect(stderr).toContain("3 faults");
  expect(stderr).not.toContain("secret-canary");
});

test("config check shows the configuration masked, or its faults", async () => {
  const good = { DATABASE_URL: "postgres://app:secret-canary@db:5433/app?application_name=secret-canary" };
  for (const flags of [[], ["--json"]]) {
    const { code, stdout, stderr } = await run(["config", "check", ...flags], good);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("db:5433");
    expect(stdout).toContain("DATABASE_URL");
    expect(stdout).not.toContain("secret-canary");
  }
  const bad = await run(["config", "check", "--json"], { PORT: "x" });
  expect(bad.code).toBe(78);
  expect(JSON.parse(bad.stdout)).toMatchObject({
    schemaVersion: 1,
    ok: false,
    faults: [{ path: "listen.port" }],
  });
});

test("config check shows who may ask and the candidates, without a secret", async () => {
  const sha256 = "0123456789abcdef".repeat(4);
  const env = {
    AUTH_URL: "https://auth.example.com",
    AUTH_MOCK_URL: "http://127.0.0.1:1",
    GREENLIGHT_AUTH_CLIENT_ID: "app",
    GREENLIGHT_AUTH_CLIENT_SECRET: "secret-canary",
    GREENLIGHT_AUTH_CHECK_URL: "/me?key=secret-canary",
    WEBSOCKET_URL: "wss://h/?ticket=secret-canary",
    GREENLIGHT_ACCESS_MODE: "token",
    GREENLIGHT_ACCESS_READERS: `token:ci:${sha256}`,
  };
  const text = await run(["config", "check"], env);
  expect({ code: text.code, stderr: text.stderr }).toEqual({ code: 0, stderr: "" });
  expect(text.stdout).toContain("no mock may serve (no policy allows a mock in unknown)");
  expect(text.stdout).toContain("token: readers 1, operators 0; nothing without a token");
  const json = await run(["config", "check", "--json"], env);
  expect(JSON.parse(json.stdout)).toMatchObject({
    config: {
      access: { mode: "token", rules: [{ member: { name: "ci", sha256: "01234567…" } }] },
      dependencies: [{ candidates: [{ oidc: { client: { secret: "redacted" } } }, {}] }, {}],
    },
  });
  for (const { stdout } of [text, json]) {
    expect(stdout).not.toContain("secret-canary");
    expect(stdout).not.toContain(sha256);
  }
});

test("serve is handed its options and keeps the exit code for itself", async () => {
  const { process } = fakeProcess(["serve", "--port", "0", "--config", "a.yaml"]);
  const seen: unknown[] = [];
  const outcome = await runProgram({ process, serve: async (options) => void seen.push(options) });
  expect(outcome).toEqual({ kind: "serving" });
  expect(seen).toEqual([{ port: 0, config: "a.yaml" }]);
});

test("help and version go to stdout and end with 0", async () => {
  const help = await runCli(["--help"]);
  expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: "" });
  expect(help.stdout).toMatch(/^Exit codes:$/m);
  expect(help.stdout).toMatch(/^Examples:$/m);
  for (const command of ["serve", "check", "why", "explain", "auth", "config", "healthcheck"]) {
    expect((await run([command, "-h"])).code).toBe(0);
  }
  const version = await runCli(["--version"]);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
