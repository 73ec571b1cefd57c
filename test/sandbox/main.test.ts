import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, onTestFinished, test } from "vitest";
import type { DependencyName } from "../../src/sandbox/dependency.ts";
import { eventually } from "../support/wait.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = "src/sandbox/main.ts";

interface Ready {
  url: string;
  control: string;
  token: string | null;
  dependencies: Record<DependencyName, { url: string; pid: number }>;
}

// A folder of our own: in the common one, sandboxes of other tests tidy up after ours.
const temporary = mkdtempSync(join(tmpdir(), "greenlight-main-"));
// Postgres runs as another user where we are root.
chmodSync(temporary, 0o755);
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function start(...args: string[]): ReturnType<typeof spawn> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

async function readReady(child: ReturnType<typeof spawn>): Promise<Ready> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const ready: Ready = JSON.parse(line);
    return ready;
  }
  throw new Error(`The sandbox ended before it was ready: ${errors}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie has ended; only its parent has not taken note yet.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !readFileSync(stat, "utf8").includes(") Z ");
}

function directoriesOf(pid: number | undefined): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith(`greenlight-sandbox-${pid}-`));
}

function setup(...args: string[]): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, ["src/sandbox/setup.ts", ...args], { cwd: root, encoding: "utf8" });
}

function withToken({ token }: Ready): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}

async function keysOf(url: string, init?: RequestInit): Promise<string[]> {
  return Object.keys((await (await fetch(`${url}/health`, init)).json()) as object);
}

function pidsOf(ready: Ready): number[] {
  return Object.values(ready.dependencies).map(({ pid }) => pid);
}

test("it says in one line where everything is, and SIGINT leaves nothing behind", async () => {
  const child = start("--port", "0", "--json");
  const ready = await readReady(child);
  expect(ready.token).toMatch(/^[\w-]{32}$/);
  expect(ready.dependencies.postgres.url).toMatch(/^postgres:\/\/app:.+@127\.0\.0\.1:\d+\/app$/);
  expect(ready.dependencies.auth.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(ready.dependencies["auth-mock"].url).toMatch(/^http:/);
  expect(ready.dependencies.websocket.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/$/);
  const response = await fetch(`${ready.url}/health/database`, withToken(ready));
  expect(await response.text()).toContain("postgres");
  expect(pidsOf(ready).every(isAlive)).toBe(true);
  expect(directoriesOf(child.pid)).toHaveLength(4);

  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  expect(pidsOf(ready).some(isAlive)).toBe(false);
  expect(directoriesOf(child.pid)).toEqual([]);
  await expect(fetch(`${ready.url}/health/ready`)).rejects.toThrow();
});

test("without the token the service tells the verdict alone, and with --open anybody may ask", async () => {
  const [guarded, open] = [start("--port", "0", "--json"), start("--port", "0", "--json", "--open")];
  const [ready, openReady] = await Promise.all([readReady(guarded), readReady(open)]);
  expect(await keysOf(ready.url)).toEqual(["status"]);
  expect(await keysOf(ready.url, withToken(ready))).toContain("checks");
  expect(openReady.token).toBeNull();
  expect(await keysOf(openReady.url)).toContain("checks");
});

test("SIGTERM while it starts ends it with 0 and leaves nothing behind", async () => {
  const child = start("--port", "0");
  await once(child.stderr ?? child, "data");
  await eventually(() => directoriesOf(child.pid).length > 0);
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  expect(directoriesOf(child.pid)).toEqual([]);
});

test("killed, it takes its children along, and the next start tidies up", async (context) => {
  context.skip(
    !existsSync("/usr/bin/setpriv"),
    "without setpriv nothing ends the children of a killed process",
  );
  const child = start("--port", "0", "--json");
  const ready = await readReady(child);
  child.kill("SIGKILL");
  await once(child, "exit");
  await eventually(() => !pidsOf(ready).some(isAlive));
  await eventually(() =>
    fetch(`${ready.url}/health/ready`).then(
      () => false,
      () => true,
    ),
  );
  expect(directoriesOf(child.pid)).toHaveLength(4);
  const next = start("--port", "0", "--json");
  await readReady(next);
  expect(directoriesOf(child.pid)).toEqual([]);
  next.kill("SIGINT");
  await once(next, "exit");
});

test("a scenario says in one line where everything is and what is wrong, and SIGINT leaves nothing behind", async () => {
  const child = start("--scenario", "vpc-missing", "--json");
  const ready: unknown = await readReady(child);
  expect(ready).toMatchObject({ scenario: "vpc-missing", root: "NO_VPC_EGRESS" });
  const { gcp, config, folder, variables, dependencies } = ready as {
    gcp: string;
    config: string;
    folder: string;
    variables: Record<string, string>;
    dependencies: { postgres: { pid: number } };
  };
  expect(variables).toMatchObject({ GREENLIGHT_CONFIG: config, GCE_METADATA_HOST: expect.any(String) });
  expect(JSON.parse(readFileSync(config, "utf8"))).toMatchObject({ gcp: { endpoints: { all: gcp } } });
  expect((await fetch(`${gcp}/run/v2/projects/acme-stg/locations/us-central1/services`)).status).toBe(401);

  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  expect(isAlive(dependencies.postgres.pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
  expect(directoriesOf(child.pid)).toEqual([]);
});

test("for people a scenario tells what is wrong, what stands for what, and what to try", async () => {
  const child = start("--scenario", "role-missing");
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  await eventually(() => said.includes("Ctrl-C"), { deadlineMs: 20_000 });
  const variables = /^ +variables +(\S+)$/m.exec(said)?.[1] ?? "";
  expect(said).toContain("has lost roles/cloudsql.client");
  expect(said).toContain("the proxy is in mode reset");
  for (const command of [
    "why database",
    "plan database",
    "apply PLAN_ID --confirm DIGEST",
    "rollback RUN_ID",
  ]) {
    expect(said).toContain(`npm run --silent greenlight -- ${command}`);
  }
  expect(readFileSync(variables, "utf8")).toMatch(/^export GREENLIGHT_CONFIG='.+'$/m);
  child.kill("SIGTERM");
  await once(child, "exit");
  expect(existsSync(variables)).toBe(false);
});

test("a port that is taken is said so, with what to run, and exit code 69", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const result = spawnSync(process.execPath, [main, "--port", String(port)], { cwd: root, encoding: "utf8" });
  expect(result.status).toBe(69);
  expect(result.stderr).toContain(`Port ${port} of 127.0.0.1 is taken. Run: npm run sandbox -- --port 0`);
});

test.each([
  [["--nope"], "Unknown option '--nope'"],
  [["--scenario", "flood"], "Expected --scenario to be one of vpc-missing, connector-error"],
  [["--port", "many"], 'Expected --port to be a number from 0 to 65535; found "many".'],
])("the arguments %j are answered with usage and exit code 64", (args, text) => {
  const result = spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: "utf8" });
  expect(result.status).toBe(64);
  expect(result.stderr).toContain(text);
  expect(result.stderr).toContain("Usage: npm run sandbox");
});

test("the setup script has nothing to do here, quietly, and refuses unknown flags", () => {
  expect(setup()).toMatchObject({ status: 0, stdout: "", stderr: "" });
  expect(setup("--nope")).toMatchObject({ status: 64 });
});
