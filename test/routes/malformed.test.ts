import { describe, expect, test } from "vitest";
import { useApplication } from "../service/application.ts";
import { ask, askQuickly, parseAnswer, sendBytes } from "../service/ask.ts";

const { url, port } = await useApplication({ env: { REDIS_URL: "redis://127.0.0.1:1/0" }, observe: false });

const json = { "content-type": "application/json" };

describe("a request that is HTTP and wrong is answered with a problem and nothing else", () => {
  test.each<[number, string, string, RequestInit]>([
    [404, "NOT_FOUND", "/nothing", {}],
    [404, "NOT_FOUND", "/healthz", {}],
    [404, "NOT_FOUND", "/health/redis/deeper", {}],
    [404, "UNKNOWN_DEPENDENCY", "/health/", {}],
    [400, "INVALID_REQUEST", "/health?fail_on=fail", {}],
    [400, "INVALID_REQUEST", "/health?fail_on=", {}],
    [400, "INVALID_REQUEST", "/health?verbose=1", {}],
    [400, "INVALID_REQUEST", "/health?fresh=1&fresh=1", {}],
    [400, "INVALID_REQUEST", "/health?fresh=yes&x=1", {}],
    [400, "INVALID_REQUEST", "/health?__proto__=1", {}],
    [400, "INVALID_REQUEST", "/why/redis?x", {}],
    [400, "INVALID_REQUEST", "/metrics?x=1", {}],
    [400, "INVALID_REQUEST", "/events?x=1", {}],
    [400, "FST_ERR_BAD_URL", "/health/%zz", {}],
    [400, "FST_ERR_BAD_URL", "/%c0%ae", {}],
    [405, "METHOD_NOT_ALLOWED", "/health", { method: "DELETE" }],
    [405, "METHOD_NOT_ALLOWED", "/health", { method: "OPTIONS" }],
    [405, "METHOD_NOT_ALLOWED", "/health/redis", { method: "PATCH" }],
    [405, "METHOD_NOT_ALLOWED", "/metrics", { method: "PUT" }],
    [405, "METHOD_NOT_ALLOWED", "/events", { method: "POST" }],
    [405, "METHOD_NOT_ALLOWED", "/docs/static/index.html", { method: "POST" }],
    [405, "METHOD_NOT_ALLOWED", "/health", { method: "POST", body: "{}", headers: json }],
  ])("%i %s: %s %j", async (status, code, path, init) => {
    const answer = await askQuickly(`${url}${path}`, init);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status, code });
    expect(answer.body).toMatchObject({
      type: expect.stringMatching(/^urn:greenlight:problem:/),
      title: expect.any(String),
      detail: expect.stringMatching(/./),
    });
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/);
    if (status === 405) expect(answer.headers.get("allow")).toMatch(/^GET(, HEAD)?$/);
  });

  test.each<[string, RequestInit]>([
    ["JSON that is none", { method: "POST", body: '{"a":', headers: json }],
    ["an empty JSON body", { method: "POST", body: "", headers: json }],
    ["a body of 1 MB", { method: "POST", body: `"${"x".repeat(1_000_000)}"`, headers: json }],
    ["a body of a strange type", { method: "POST", body: "<a/>", headers: { "content-type": "text/xml" } }],
    ["a body with __proto__", { method: "POST", body: '{"__proto__":{"x":1}}', headers: json }],
    ["a content type that is none", { method: "POST", body: "x", headers: { "content-type": ";;;" } }],
  ])("%s is a 4xx problem", async (_what, init) => {
    const answer = await ask(`${url}/health`, init);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(answer.body.status).toBe(answer.status);
  });

  test("several wrong parameters are all named at once", async () => {
    const { body } = await askQuickly(`${url}/health?fail_on=x&verbose=1&fresh=9`);
    expect(body.detail).toMatch(/verbose/);
    expect(body.detail).toMatch(/fail_on: expected warn/);
    expect(body.detail).toMatch(/fresh: expected 1 or true/);
  });

  test("the path in an answer is data: it cannot break the JSON", async () => {
    const answer = await askQuickly(`${url}/health/%22%7D%3Cscript%3E`, { method: "POST" });
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(answer.body.code).toBe("METHOD_NOT_ALLOWED");
  });
});

describe("bytes that are no HTTP request", () => {
  const line = "GET /health HTTP/1.1\r\nhost: x\r\n";

  test.each<[string, number, (string | Buffer)[]]>([
    ["garbage", 400, [Buffer.from([0, 1, 2, 254, 255, 13, 10, 13, 10])]],
    ["a TLS handshake", 400, [Buffer.from("16030100c2010000be0303", "hex")]],
    ["a Redis command", 400, ["*1\r\n$4\r\nPING\r\n"]],
    ["a method that is none", 400, ["HELLO /health HTTP/1.1\r\nhost: x\r\n\r\n"]],
    ["a header without a colon", 400, [`${line}nonsense\r\n\r\n`]],
    ["a header with a NUL", 400, [`${line}x: a\0b\r\n\r\n`]],
    ["two lengths", 400, [`${line}content-length: 1\r\ncontent-length: 2\r\n\r\n`]],
    ["a length and chunks", 400, [`${line}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`]],
    ["a version that is none", 400, ["GET /health HTTP/9.9\r\nhost: x\r\n\r\n"]],
    ["one header of 1 MB", 431, [`${line}x: ${"y".repeat(1_000_000)}\r\n\r\n`]],
    [
      "headers of 20 KB together",
      431,
      [
        `${line}${Array.from({ length: 200 }, (_, index) => `x-${index}: ${"y".repeat(100)}\r\n`).join("")}\r\n`,
      ],
    ],
  ])("%s is a problem with status %i, and the connection ends", async (_what, status, parts) => {
    const answer = parseAnswer(await sendBytes(port, ...parts));
    expect(answer.status).toBe(status);
    expect(answer.type).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  });

  test("a request without a Host is 400, from Node itself", async () => {
    expect(await sendBytes(port, "GET /health HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  test("after all that the service still answers", async () => {
    await Promise.all(Array.from({ length: 50 }, () => sendBytes(port, "\0\0\0\r\n\r\n")));
    expect((await askQuickly(`${url}/health/live`)).status).toBe(200);
  });
});
