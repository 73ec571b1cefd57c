import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { SandboxDependency } from "../../src/sandbox/dependency.ts";
import { CANARY, expectNoSecret } from "../support/auth.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { ask, askQuickly, checkOf } from "./ask.ts";
import { found } from "./found.ts";
import { type Spawned, spawnReady } from "./spawned.ts";

const environment = await useEnvironment({
  dependencies: ["auth", "auth-mock"],
  auth: { clientSecret: CANARY },
});
const dependency = (name: "auth" | "auth-mock"): SandboxDependency => {
  const known = environment.dependencies.get(name);
  if (known === undefined) throw new Error(`no ${name}`);
  return known;
};
const auth = dependency("auth");
const mock = dependency("auth-mock");

const folder = mkdtempSync(join(tmpdir(), "greenlight-auth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  await auth.setMode("none");
  await mock.setMode("none");
});

/** The process, with a real candidate and a mock; `strict` keeps the mock from serving. */
function start(strict: boolean): Promise<Spawned> {
  const path = join(folder, `${strict}.yaml`);
  writeFileSync(
    path,
    `environment: test
policies: [{ environment: test, allowMock: true }]
dependencies:
  auth:
    url: ${auth.url()}
    mockUrl: ${mock.url()}
    clientId: greenlight
    clientSecret: \${AUTH_CLIENT_SECRET}
    audience: suite
    service: sandbox-auth
    ttl: 500ms
`,
  );
  return spawnReady({
    env: {
      LOG_LEVEL: "debug",
      GREENLIGHT_CONFIG: path,
      AUTH_CLIENT_SECRET: CANARY,
      GREENLIGHT_STRICT: String(strict),
    },
  });
}

interface Seen {
  readonly http: number;
  readonly status: string;
  readonly code: string | undefined;
  readonly serving: string | undefined;
}

async function look({ url }: Spawned): Promise<Seen> {
  const answer = await askQuickly(`${url}/health/auth`);
  expectNoSecret(answer.text);
  const check = checkOf(answer, "auth");
  const { serving } = check as { serving?: string };
  return { http: answer.status, status: check.status, code: check.cause?.code, serving };
}

const until = (server: Spawned, holds: (seen: Seen) => boolean): Promise<Seen> =>
  found(
    async () => {
      const seen = await look(server);
      return holds(seen) ? seen : false;
    },
    { deadlineMs: 15_000, intervalMs: 20 },
  );

/** Everything the process could show or write. */
async function expectSilence(server: Spawned): Promise<void> {
  const paths = ["/health", "/why/auth", "/metrics", "/openapi.json", "/health/auth?fresh=1"];
  for (const { text } of await Promise.all(paths.map((path) => ask(`${server.url}${path}`))))
    expectNoSecret(text);
  expectNoSecret(server.stdout());
  expectNoSecret(server.stderr());
}

test("a killed auth service shows the mock as a warning, and itself again when it is back", async () => {
  const server = await start(false);
  expect(await until(server, ({ status }) => status === "pass")).toEqual({
    http: 200,
    status: "pass",
    code: undefined,
    serving: "configured",
  });
  await ask(`${environment.control}/signal/auth`, {
    method: "POST",
    body: JSON.stringify({ signal: "SIGKILL" }),
  });
  expect(await until(server, ({ status }) => status !== "pass"), "never a failure between").toEqual({
    http: 200,
    status: "warn",
    code: "MOCK_SERVES",
    serving: "mock",
  });
  await auth.restart();
  expect(await until(server, ({ status }) => status === "pass")).toMatchObject({ serving: "configured" });
  await expectSilence(server);
});

test("in strict mode the mock serves nobody: it fails, and recovers by itself", async () => {
  const server = await start(true);
  await until(server, ({ status }) => status === "pass");
  for (const [mode, code] of [
    ["refuse", "CONNECT_REFUSED"],
    ["accepts-tampered", "TAMPERED_TOKEN_ACCEPTED"],
    ["answers-everything", "ANSWERS_EVERYTHING"],
    ["client-rejected", "CLIENT_REJECTED"],
  ] as const) {
    await auth.setMode(mode);
    const seen = await until(server, (each) => each.status === "fail" && each.code === code);
    expect(seen).toMatchObject({ http: 503 });
    expect(seen.serving).toBeUndefined();
    await auth.setMode("none");
    await until(server, ({ status }) => status === "pass");
  }
  await expectSilence(server);
});

test("when the process ends, no socket is left at any candidate", async () => {
  const server = await start(false);
  await until(server, ({ status }) => status === "pass");
  server.child.kill("SIGTERM");
  expect((await server.ended()).end).toBe(0);
  await eventually(() => auth.proxy.connections() === 0 && mock.proxy.connections() === 0);
});
