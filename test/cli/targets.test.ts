import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import type { Report } from "../../src/views/report.ts";
import { useDependency } from "../support/environment.ts";
import { serve } from "./guarded-service.ts";
import { runCli } from "./run-cli.ts";

const websocket = await useDependency("websocket");
const auth = await useDependency("auth");

const reportOf = (stdout: string) => JSON.parse(stdout) as Report;

test("URLs of WebSocket and TCP services are looked at, and told apart by their ports", async () => {
  const port = await freePort();
  const { hostname: host, port: open } = new URL(websocket.url());
  const { code, stdout, stderr } = await runCli([
    "check",
    "--json",
    websocket.url(),
    `tcp://${host}:${open}`,
    `tcp://${host}:${port}`,
  ]);
  expect({ code, stderr }).toEqual({ code: 75, stderr: "" });
  expect(reportOf(stdout).dependencies).toMatchObject([
    { dependency: "websocket", kind: "websocket", status: "pass" },
    { dependency: `tcp@${host}:${open}`, kind: "tcp", status: "pass" },
    { dependency: `tcp@${host}:${port}`, status: "fail", cause: { code: "CONNECT_REFUSED" } },
  ]);
});

test("targets go by the names they have in the file, and the auth service by its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "greenlight-targets-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const url = await serve(({ url: path }, response) =>
    response
      .writeHead(path === "/good" ? 200 : 500, { "content-type": "application/json" })
      .end('{"status":"ok"}'),
  );
  const text = `
dependencies:
  auth: { deadlines: { query: 2s }, interval: 10s }
  http:
    - { name: good, url: "${url}/good", json: [{ pointer: /status, equals: ok }] }
    - { name: bad, url: "${url}/bad", required: false }
`;
  await writeFile(join(folder, "greenlight.yaml"), text);
  const env = { AUTH_URL: auth.url() };
  const { code, stdout, stderr } = await runCli(["check", "--json"], { env, cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(reportOf(stdout).dependencies).toMatchObject([
    { dependency: "auth", kind: "auth", status: "pass" },
    { dependency: "good", kind: "http", status: "pass" },
    { dependency: "bad", kind: "http", status: "fail", cause: { code: "HTTP_STATUS" } },
  ]);
  const one = await runCli(["why", "bad"], { env, cwd: folder });
  expect(one.code).toBe(0);
  expect(one.stdout).toContain("HTTP_STATUS");
});
