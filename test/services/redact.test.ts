import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedact, oneLine } from "../../services/redact.ts";

const mask = "[redacted]";
/** Passwords as people and generators make them; shorter ones would also be parts of innocent words. */
const anySecret = fc
  .string({ minLength: 6, maxLength: 40, unit: "grapheme-ascii" })
  .filter((text) => text.trim() === text && !text.includes("redacted") && !/[[\]]/.test(text));
const anyText = fc.string({ unit: "grapheme" });

describe("a known secret", () => {
  test.each<[string, (secret: string) => string]>([
    ["as it is", (secret) => secret],
    ["as encodeURIComponent writes it", (secret) => encodeURIComponent(secret)],
    ["as encodeURI writes it", (secret) => encodeURI(secret)],
    ["in a connection URL", (secret) => `postgres://app:${encodeURIComponent(secret)}@db:5432/shop`],
    ["twice in a row", (secret) => secret + secret],
  ])("never survives %s, whatever stands around it", (_what, write) => {
    fc.assert(
      fc.property(anySecret, anyText, anyText, (secret, before, after) => {
        const clean = createRedact([secret])(`${before}${write(secret)}${after}`);
        expect(clean).not.toContain(secret);
        expect(clean).not.toContain(encodeURIComponent(secret));
      }),
    );
  });

  test("that contains another one leaves no rest", () => {
    fc.assert(
      fc.property(anySecret, anySecret, (one, two) => {
        const clean = createRedact([one, one + two])(`x ${one}${two} y`);
        expect(clean).not.toContain(two);
        expect(clean).not.toContain(one);
      }),
    );
  });
});

test.each([
  ["the password of any URL", "redis://app:hunter2@cache:6379/0", "hunter2"],
  ["a password with an at sign", "postgres://app:p@ss@db/shop", "p@ss"],
  ["a bearer token", "authorization: Bearer abcdef123456", "abcdef123456"],
  ["basic credentials", "Authorization: Basic YXBwOmh1bnRlcjI=", "YXBwOmh1bnRlcjI="],
  ["a JWT", "token was eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIiOiIxIn0"],
  ["a Google access token", "got ya29.a0AfH6SMBx-y_z", "a0AfH6SMBx"],
  ["a static token of ours", `put gl_${"Ab3_".repeat(10)}xyz there`, "Ab3_Ab3_"],
  ["a libpq pair", "host=db password=hunter2 user=app", "hunter2"],
  ["a quoted libpq pair", "password='hunter 2' user=app", "hunter 2"],
  ["an API key", "api_key: hunter2", "hunter2"],
])("without knowing it, %s is taken out", (_what, text, secret) => {
  expect(createRedact([])(text)).not.toContain(secret);
  expect(createRedact([])(text)).toContain(mask);
});

test.each(["the password is missing", "redis://cache:6379/0", "https://db.example:8443/path", "basic auth"])(
  "innocent text stays: %s",
  (text) => {
    expect(createRedact([])(text)).toBe(text);
  },
);

const bare = (text: string): string => text.replaceAll(/[[\]]/g, "");

test("redacting twice takes nothing out that redacting once has left, brackets of the mask aside", () => {
  const parts = fc.constantFrom(
    "password=",
    "token: ",
    "bearer ",
    "postgres://a:",
    "@",
    '"',
    "'",
    " ",
    "eyJabcd",
    ".",
    "=",
    ",",
    "x1y2z3",
    mask,
  );
  const anyLine = fc.array(fc.oneof(parts, fc.string()), { maxLength: 12 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(anyLine, fc.array(anySecret, { maxLength: 3 }), (line, secrets) => {
      const redact = createRedact(secrets);
      expect(bare(redact(redact(line)))).toBe(bare(redact(line)));
    }),
  );
});

test("without secrets, or with empty ones, text is not taken apart", () => {
  expect(createRedact(["", ""])("a b c")).toBe("a b c");
});

test("a long line with the beginnings of many shapes is redacted in a moment", () => {
  const redact = createRedact([]);
  for (const piece of ["a://b:", "password=", "bearer ", "eyJaaaa.", "a://"]) {
    const from = performance.now();
    redact(piece.repeat(5000));
    expect(performance.now() - from, piece).toBeLessThan(2000);
  }
});

test("oneLine gives one line of at most the limit", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 2, max: 50 }), (text, limit) => {
      const line = oneLine(text, limit);
      expect(line).not.toMatch(/[\n\r\t]/);
      expect(line.length).toBeLessThanOrEqual(limit);
    }),
  );
});

test.each([
  ["password=abc", "password=[redacted]"],
  ['{"password":"abc\\"def"}', '{"password":"[redacted]"}'],
  ['{"token":123,"a":1}', '{"token":"[redacted]","a":1}'],
])("redacting %s once or twice gives the same, and JSON stays JSON", (line, expected) => {
  const redact = createRedact([]);
  expect(redact(line)).toBe(expected);
  expect(redact(redact(line))).toBe(expected);
});

test("a secret is found as JSON writes it, and one that cannot be encoded is no error", () => {
  const secret = 'pa"ss\\word';
  expect(createRedact([secret])(JSON.stringify({ note: secret }))).toBe('{"note":"[redacted]"}');
  expect(createRedact(["\ud800abc"])("x \ud800abc y")).toBe("x [redacted] y");
});
