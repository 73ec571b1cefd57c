import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLogger } from "../../src/logger.ts";

type Level = "debug" | "info" | "warn" | "error" | "fatal";

function logging(
  secrets: readonly string[] = [],
  level: "debug" | "info" | "silent" = "debug",
): { logger: ReturnType<typeof createLogger>; lines: () => string[] } {
  const written: string[] = [];
  const logger = createLogger({
    level,
    secrets,
    destination: { write: (line: string) => void written.push(line) },
  });
  return { logger, lines: () => written };
}

test.each<[Level, string]>([
  ["debug", "DEBUG"],
  ["info", "INFO"],
  ["warn", "WARNING"],
  ["error", "ERROR"],
  ["fatal", "CRITICAL"],
])(
  "a line of level %s is one line of JSON with severity %s, message and an RFC 3339 time",
  (level, severity) => {
    const { logger, lines } = logging();
    logger[level]({ dependency: "redis" }, "redis is pass");
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatch(/^\{.*\}\n$/);
    const line = JSON.parse(lines()[0] ?? "") as Record<string, string>;
    expect(line).toMatchObject({ severity, message: "redis is pass", dependency: "redis" });
    expect(new Date(line.time ?? "").toISOString()).toBe(line.time);
  },
);

test("below the level nothing is written", () => {
  const { logger, lines } = logging([], "info");
  logger.debug("x");
  expect(lines()).toEqual([]);
});

describe("secrets", () => {
  const anySecret = fc
    .string({ minLength: 4, maxLength: 30, unit: "grapheme" })
    .filter(
      (text) =>
        text.trim() !== "" &&
        !"[redacted]".includes(text) &&
        !/severity|message|time|INFO|^[\d\s:.TZ,"-]+$/.test(text),
    );

  test("a known secret does not survive in message, fields, nested fields, keys or errors, and the line stays JSON", () => {
    fc.assert(
      fc.property(anySecret, fc.string(), (secret, around) => {
        const { logger, lines } = logging([secret]);
        const error = new Error(`${around}${secret}`, { cause: new Error(secret) });
        logger.info(
          { field: secret, nested: { deep: [`${around}${secret}`] }, err: error },
          `${secret}${around}`,
        );
        logger.info({ url: `redis://app:${encodeURIComponent(secret)}@cache` }, secret);
        for (const line of lines()) {
          const text = JSON.stringify(strings(JSON.parse(line)).filter((value) => value.includes(secret)));
          expect(text).toBe("[]");
          expect(line).not.toContain(encodeURIComponent(secret));
        }
      }),
    );
  });

  test.each<[string, object, string]>([
    ["a quoted secret in a text", {}, 'login failed: {"password":"abc"}'],
    ["a pair at the end of quoted text", {}, 'the text "password=abc" was refused'],
    ["a pair with a backslash", {}, "password=a\\b\\"],
    ["a secret field that is a number", { token: 123_456 }, "m"],
    ["a secret field that is null", { password: null }, "m"],
    ["a secret field that is an object", { secret: { a: "b" } }, "m"],
    ["a secret field with a quote in it", { password: 'abc"def' }, "m"],
    ["a URL before a quote", { url: 'redis://app:pa"ss@cache' }, "m"],
  ])("a line with %s stays JSON", (_what, fields, message) => {
    const { logger, lines } = logging();
    logger.info(fields, message);
    expect(() => JSON.parse(lines()[0] ?? "") as unknown).not.toThrow();
    expect(lines()[0]).not.toMatch(/abc|def|123456/);
  });

  test("any object and any message give a line of JSON", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("password", "token", "a", "secret", "apiKey", "api_key"),
          fc.jsonValue(),
        ),
        fc.string(),
        (fields, message) => {
          const { logger, lines } = logging(["s3cret"]);
          logger.info(fields, `${message} password=${message}`);
          expect(() => JSON.parse(lines()[0] ?? "") as unknown).not.toThrow();
        },
      ),
    );
  });

  test("a password that is a number or a word of JSON does not break the line", () => {
    const { logger, lines } = logging(["12345", "true", "null"]);
    logger.info({ ms: 12_345, on: true, off: null, text: "12345" }, "12345");
    expect(JSON.parse(lines()[0] ?? "")).toMatchObject({ message: "[redacted]", text: "[redacted]" });
  });
});

/** Every string in a JSON value. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(strings);
}
