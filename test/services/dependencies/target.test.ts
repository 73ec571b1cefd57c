import { expect, test } from "vitest";
import { parseServiceTarget } from "../../../services/dependencies/target.ts";
import { dependencyFor } from "../../support/diagnose.ts";

// The URL parser drops a port that is its scheme's own; what was written must still be what is asked.
test.each([
  ["clickhouse", "http://db", 80],
  ["clickhouse", "http://db:80", 80],
  ["clickhouse", "https://db:443", 443],
  ["clickhouse", "https://db:8443", 8443],
  ["postgres", "postgres://db/app", 5432],
  ["postgres", "postgres://db:6432/app", 6432],
  ["redis", "redis://db", 6379],
  ["redis", "rediss://db:6380", 6380],
] as const)("%s %s is asked at port %i", async (kind, url, port) => {
  expect((await dependencyFor(kind, { url })).target.port).toBe(port);
});

test.each([
  ["http", "http://api/health", 80, false],
  ["http", "http://api:80/health", 80, false],
  ["http", "https://api/health", 443, true],
  ["http", "https://api:8443", 8443, true],
  ["websocket", "ws://api/feed", 80, false],
  ["websocket", "wss://api/feed", 443, true],
  ["tcp", "tcp://api:25", 25, false],
  ["tcp", "tls://api:465", 465, true],
  ["tcp", "tcp://[::1]:80", 80, false],
] as const)("%s %s is asked at port %i, by TLS: %s", async (kind, url, port, secure) => {
  const { target } = await dependencyFor(kind, { url });
  expect(target).toMatchObject({ port, negotiation: "direct", host: url.includes("[") ? "::1" : "api" });
  expect(target.tls !== undefined).toBe(secure);
});

test("the scheme of a service decides about TLS, its mode only about verification", () => {
  const secure = parseServiceTarget({ url: "https://api", tls: { mode: "off" } });
  expect(secure.target.tls).toMatchObject({ rejectUnauthorized: true });
  expect(parseServiceTarget({ url: "http://api", tls: { mode: "verify-full" } }).target.tls).toBeUndefined();
});

test("nothing of a service's URL but host and port is in its target, and its keys are redacted", () => {
  const url =
    "https://canary-user:canary-password@api.example.com/canary-path?key=canary-key&format=json#canary";
  const { target, redact } = parseServiceTarget({ url, tls: undefined });
  expect(JSON.stringify(target)).not.toContain("canary");
  const login = Buffer.from("canary-user:canary-password").toString("base64");
  expect(redact(`canary-password canary-key ${login} json`)).toBe("[redacted] [redacted] [redacted] json");
  const token = parseServiceTarget({ url: "https://canary-token@api.example.com/", tls: undefined });
  expect(token.redact(`canary-token ${btoa("canary-token:")}`)).toBe("[redacted] [redacted]");
});

test("a TCP service without a port is no target", () => {
  expect(() => parseServiceTarget({ url: "tcp://api", tls: undefined })).toThrow(TypeError);
});
