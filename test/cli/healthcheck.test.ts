import { createServer } from "node:http";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";

const statuses: Readonly<Record<string, number>> = { "/health/live": 200, "/down": 503 };
const server = createServer((request, response) => {
  const status = statuses[request.url ?? ""];
  if (status !== undefined) response.writeHead(status).end("{}");
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
const port = typeof address === "object" && address ? String(address.port) : "";
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each(["0.0.0.0", "127.0.0.1", ""])("a service that lives: 0 and one line (HOST %j)", async (HOST) => {
  const { code, stdout, stderr } = await runCli(["healthcheck"], { env: { PORT: port, HOST } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^healthy: http:\/\/127\.0\.0\.1:\d+\/health\/live answered 200 in \d+ ms\n$/);
});

test.each([
  ["an unhealthy answer", ["--path", "/down"]],
  ["nobody there", ["--url", "http://127.0.0.1:1"]],
  ["no answer in time", ["--path", "/silent"]],
  ["an unknown option", ["--nonsense"]],
  ["a surplus argument", ["surplus"]],
  ["a URL that is none", ["--url", "nonsense"]],
  ["a path to another host", ["--path", "//elsewhere.invalid/"]],
])("%s: 1 and one line", async (_what, args) => {
  const { code, stdout, stderr } = await runCli(["healthcheck", ...args], { env: { PORT: port } });
  expect(code).toBe(1);
  expect(stdout + stderr).toMatch(/^unhealthy: [^\n]+\n$/);
});
