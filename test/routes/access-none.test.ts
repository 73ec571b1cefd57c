import { connect } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { useApplication } from "../service/application.ts";

const application = await useApplication({ env: { REDIS_URL: "redis://127.0.0.1:1" }, observe: false });

/** The answer to a request under any name, or none. */
async function askAs(host: string | undefined, path = "/health"): Promise<string> {
  const socket = connect(application.port, "127.0.0.1");
  const named = host === undefined ? "" : `Host: ${host}\r\n`;
  socket.write(`GET ${path} HTTP/1.${host === undefined ? 0 : 1}\r\n${named}Connection: close\r\n\r\n`);
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  await once(socket, "close");
  return text;
}

test.each([
  "localhost",
  "LOCALHOST:9000",
  "127.0.0.1:8080",
  "127.8.8.8",
  "[::1]:80",
  "staging.localhost:1",
  undefined,
])("in mode none %s is answered", async (host) => {
  expect(await askAs(host)).toContain('"checks":');
});

test.each([
  "evil.example",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "evil.example:8080",
  "10.0.0.1",
  "0.0.0.0",
  "notlocalhost",
  "",
])("in mode none %j, which somebody else can let point here, is refused everything", async (host) => {
  for (const path of [
    "/",
    "/dashboard/main.js",
    "/health",
    "/health/live",
    "/why/redis",
    "/metrics",
    "/nothing",
    "/openapi.json",
  ]) {
    const text = await askAs(host, path);
    expect(text).toMatch(/^HTTP\/1.1 403 /);
    expect(text).toContain("application/problem+json");
    expect(text).toContain('"code":"HOST_NOT_LOCAL"');
    expect(text).not.toContain("checks");
  }
});
