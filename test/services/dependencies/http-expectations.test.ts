import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectAnswer, expectStatus } from "../../../services/dependencies/http-expectations.ts";
import type { HttpOptions } from "../../../services/dependencies/options.ts";
import { createRedact } from "../../../services/redact.ts";

const secret = "canary-found-7d21-and-a-long-rest-that-goes-on-and-on-past-the-end-of-what-is-shown";
const redact = createRedact([secret]);
const url = new URL("https://api.example.com/health");

const thrown = (work: () => void): { code?: string; message: string } => {
  try {
    work();
  } catch (error) {
    return error as { code?: string; message: string };
  }
  return { message: "nothing was thrown" };
};
const judge = (
  body: unknown,
  expected: Partial<Pick<HttpOptions, "headers" | "json">>,
  headers: Record<string, string | string[]> = {},
): { code?: string; message: string } => {
  const answer = { status: 200, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
  return thrown(() => expectAnswer(answer, { headers: [], json: [], ...expected }, redact));
};
const fine = { message: "nothing was thrown" };

const statusMessage = (accepted: number[]): string =>
  thrown(() => expectStatus({ status: 503, headers: {} }, accepted, url)).message;
const at = (pointer: string, equals?: string | number | boolean | null): Pick<HttpOptions, "json"> => ({
  json: [equals === undefined ? { pointer } : { pointer, equals }],
});

describe("a status", () => {
  test("is accepted from 200 to 299, or when it is in the list, and never otherwise", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 999 }),
        fc.array(fc.integer({ min: 100, max: 599 }), { maxLength: 3 }),
        (status, accepted) => {
          const right = accepted.length === 0 ? status >= 200 && status < 300 : accepted.includes(status);
          const { code } = thrown(() => expectStatus({ status, headers: {} }, accepted, url));
          expect(code).toBe(right ? undefined : "HTTP_STATUS");
        },
      ),
    );
  });

  test("is named with what was expected", () => {
    expect(statusMessage([])).toBe("expected 200 to 299, found 503");
    expect(statusMessage([200, 204])).toBe("expected 200 or 204, found 503");
  });

  test.each([
    ["https://login.example.com/in?token=canary-1f", "https://login.example.com"],
    ["/other?token=canary-1f", "https://api.example.com"],
    ["//user:canary-1f@elsewhere.example/x", "https://elsewhere.example"],
    ["http://169.254.169.254/computeMetadata/v1", "http://169.254.169.254"],
    ["file:///etc/passwd", "file:"],
    ["javascript:canary-1f", "javascript:"],
    ["http://[", "a location that is no URL"],
  ])("that leads to %s names the origin alone", (location, origin) => {
    const error = thrown(() => expectStatus({ status: 302, headers: { location } }, [], url));
    expect(error).toMatchObject({
      code: "HTTP_REDIRECTED",
      message: `expected 200 to 299, found 302 to ${origin}`,
    });
  });

  test("of a redirect is accepted when it is in the list", () => {
    const answer = { status: 302, headers: { location: "/x" } };
    expect(thrown(() => expectStatus(answer, [302], url))).toEqual(fine);
  });
});

describe("a header", () => {
  test("must be there, and carry the value when one is given, whatever the case of its name", () => {
    const headers = { "x-revision": "7" };
    expect(judge("", { headers: [{ name: "X-Revision" }] }, headers)).toEqual(fine);
    expect(judge("", { headers: [{ name: "x-revision", equals: "7" }] }, headers)).toEqual(fine);
    expect(judge("", { headers: [{ name: "X-Revision", equals: "8" }] }, headers)).toMatchObject({
      code: "HEADER_MISMATCH",
      message: 'header X-Revision: expected "8", found "7"',
    });
    expect(judge("", { headers: [{ name: "X-Other" }] }, headers)).toMatchObject({
      code: "HEADER_MISMATCH",
      message: "header X-Other: expected a value, found none",
    });
  });

  test.each(["constructor", "__proto__", "toString"])("called %s is not found by accident", (name) => {
    expect(judge("", { headers: [{ name }] })).toMatchObject({ code: "HEADER_MISMATCH" });
  });

  test("that is secret by its name is never shown", () => {
    const { message } = judge(
      "",
      { headers: [{ name: "Set-Cookie", equals: "a" }] },
      { "set-cookie": ["sid=canary-cookie-1"] },
    );
    expect(message).toBe('header Set-Cookie: expected "a", found another value');
  });
});

describe("a JSON member", () => {
  test("must be there, and equal the value with its type when one is given", () => {
    const body = { status: "UP", ready: true, none: null, count: 1, list: [1], of: { a: 1 } };
    expect(judge(body, at("/status"))).toEqual(fine);
    expect(judge(body, at("/status", "UP"))).toEqual(fine);
    expect(judge(body, at("/none", null))).toEqual(fine);
    expect(judge(body, at("/ready", true))).toEqual(fine);
    expect(judge(body, at("/status", "up")).message).toBe('/status: expected "up", found "UP"');
    expect(judge(body, at("/count", "1")).message).toBe('/count: expected "1", found 1');
    expect(judge(body, at("/ready", "true")).message).toBe('/ready: expected "true", found true');
    expect(judge(body, at("/none", false)).message).toBe("/none: expected false, found null");
    expect(judge(body, at("/missing", null)).message).toBe("/missing: expected null, found none");
    expect(judge(body, at("/list", 1)).message).toBe("/list: expected 1, found an array");
    expect(judge(body, at("/of", 1)).message).toBe("/of: expected 1, found an object");
    expect(judge(body, at("", "x"))).toMatchObject({
      code: "JSON_MISMATCH",
      message: 'the document: expected "x", found an object',
    });
  });

  test("of a body that is no JSON is missing, and the body is not shown", () => {
    const headers = { "content-type": "text/html; charset=utf-8" };
    for (const body of ["<html>canary-body", "", "{", '{"a":1}trailing canary-body', "\u0000"]) {
      const { code, message } = judge(body, at("/a"), headers);
      expect(code).toBe("JSON_MISMATCH");
      expect(message).toMatch(/^expected a JSON body, found \d+ characters of text\/html$/);
    }
  });

  test("that is nested deeper than the stack is compared without harm", () => {
    const depth = 120_000;
    const { code } = judge(`${"[".repeat(depth)}${"]".repeat(depth)}`, at("", "x"));
    expect(code).toBe("JSON_MISMATCH");
  });

  test("is redacted before it is cut, so that no part of a secret is left", () => {
    const { message } = judge({ note: `${"x".repeat(60)}${secret}` }, at("/note", "y"));
    expect(message).not.toContain("canary-found");
    expect(judge({ access_token: "canary-token-4" }, at("/access_token", "y")).message).not.toContain(
      "canary",
    );
    expect(judge({ note: "z".repeat(5000) }, at("/note", "y")).message.length).toBeLessThan(200);
  });
});
