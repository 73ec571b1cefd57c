import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../cli/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "greenlight-env-strict-"));
let server: Server;

beforeAll(async () => {
  cpSync(resolve("examples/env"), folder, { recursive: true });
  server = createServer((socket) => void socket.on("error", () => socket.destroy()).resume());
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const dependency = `\ndependencies:\n  tcp:\n    - {name: broker, url: "tcp://127.0.0.1:${port}"}\n`;
  for (const path of ["greenlight.yaml", "corrected/greenlight.yaml"])
    appendFileSync(join(folder, path), dependency);
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const wait = (cwd: string, ...args: string[]) =>
  runCli(["wait", "--suite", "all", "--timeout", "20s", "--json", ...args], { cwd });

test("with --strict-validation the faults of the sample stop a suite whose servers are fit", async () => {
  const { code, stdout } = await wait(folder, "--strict-validation");
  expect(code).toBe(69);
  expect(stdout).toContain("ENV_PLACEHOLDER_OVERRIDE:.env.staging:MAIL_API_KEY");
  expect(stdout).toContain("Remove the line of MAIL_API_KEY from .env.staging");
  expect(JSON.parse(stdout)).toMatchObject({ gate: { verdict: "stop" } });
});

test("without it they stop nothing", async () => {
  expect((await wait(folder)).code).toBe(0);
});

test("with it the corrected copy is go", async () => {
  expect((await wait(join(folder, "corrected"), "--strict-validation")).code).toBe(0);
});
