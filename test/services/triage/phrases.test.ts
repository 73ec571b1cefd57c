import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CAUSES } from "../../../services/causes.ts";
import { compatible } from "../../../services/triage/families.ts";
import { PHRASES } from "../../../services/triage/phrases.ts";
import { portsOf, recognise } from "../../../services/triage/recognise.ts";

const wordsOf = (message: string, more: { type?: string; text?: string } = {}) =>
  recognise({ message, text: "", ...more }).words;

test.each(PHRASES.map((phrase) => [phrase.code, phrase.words, phrase] as const))(
  "%s is recognised in: %s",
  (code, words, { pattern, kinds }) => {
    expect(pattern.test(words)).toBe(true);
    const [first] = wordsOf(words);
    expect(first?.code).toBe(code);
    if (kinds !== undefined) expect(first?.kinds).toEqual(kinds);
  },
);

test("every code that words can name is in the table of causes, and fits itself", () => {
  for (const { code } of PHRASES) {
    expect(Object.hasOwn(CAUSES, code), code).toBe(true);
    expect(compatible(code, [code]), code).toBe(true);
  }
});

test("a code that nobody knows fits nothing", () => {
  for (const code of ["", "constructor", "__proto__", "STALE", "CHECK_ERROR"]) {
    expect(compatible("CONNECT_REFUSED", [code])).toBe(false);
  }
});

describe("the product's own words are no words of the environment:", () => {
  test.each([
    "expected status 200, got 503",
    "assert 503 == 200",
    "503 Service Unavailable",
    "Test timed out in 5000ms.",
    "the order was refused",
    "Error: session expired",
    "QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00",
    "timeout exceeded when trying to connect",
    "AssertionError: expected 'connect ECONNREFUSED 127.0.0.1:5432' to be 'ok'",
    'AssertionError: assert "Connection refused" in ""',
  ])("%s", (message) => {
    expect(wordsOf(message)).toEqual([]);
  });

  test("values that an assertion compares", () => {
    const text = "AssertionError: values differ\n- Connection refused\n+ ok\nReceived: ECONNREFUSED";
    expect(wordsOf("values differ", { type: "AssertionError", text })).toEqual([]);
  });

  test("source code that a runner quotes", () => {
    const text = "Error: boom\n  > 6 |  expect(error).toBe('ECONNREFUSED')\n    7 | // Connection refused";
    expect(wordsOf("boom", { text })).toEqual([]);
    const python =
      '  File "/src/a.py", line 3, in test\n    assert "Connection refused" in error\nValueError: boom';
    expect(recognise({ message: "", text: python })).toEqual({ words: [], asserts: false });
  });
});

test.each([
  ["connect ECONNREFUSED 127.0.0.1:5432", [5432]],
  ["connect ECONNREFUSED ::1:5432", [5432]],
  ["dial tcp [::1]:6379: connect: connection refused", [6379]],
  ['connection to server at "127.0.0.1", port 5432 failed', [5432]],
  ["HTTPConnectionPool(host='localhost', port=8123): Max retries exceeded", [8123]],
  ["[Errno 111] Connect call failed ('127.0.0.1', 5432)", [5432]],
  ["net::ERR_CONNECTION_REFUSED at http://localhost:3000/login", [3000]],
  ["net::ERR_CONNECTION_REFUSED at https://shop.example/login", [443]],
  ["Error 111 connecting to cache.example:6379. Connection refused.", [6379]],
  ["tests/test_shop.py:12: Connection refused", []],
])("the ports named in %j are %j", (line, ports) => {
  expect(portsOf(line)).toEqual(ports);
});

test("whose words they are shows in the client's modules, unless several clients are named", () => {
  const words = "connect ECONNREFUSED 10.0.0.7";
  expect(wordsOf(words, { text: "at node_modules/ioredis/built/Redis.js:1" })[0]?.kinds).toEqual(["redis"]);
  expect(wordsOf(words, { text: "at node_modules/pg/lib/client.js:1" })[0]?.kinds).toEqual(["postgres"]);
  const both = "at node_modules/pg/lib/client.js:1\nat node_modules/ioredis/built/Redis.js:1";
  expect(wordsOf(words, { text: both })[0]?.kinds).toEqual([]);
});

test("no text, however long and however built, keeps it busy", () => {
  const part = fc.constantFrom(
    ...PHRASES.map(({ words }) => words.slice(0, 30)),
    ..." :\"'(\\[]=-_.|>".split(""),
    "dial tcp ",
    "FATAL: ",
    "error ",
    "got ",
    "want ",
    "http://",
    "1.1.1.1",
    "a",
    "\n",
    "E   ",
    "port ",
    'File "',
  );
  const hostile = fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 20_000 }))
    .map(([parts, length]) => parts.join("").repeat(20_000).slice(0, length));
  fc.assert(
    fc.property(hostile, hostile, (message, text) => {
      const began = performance.now();
      expect(recognise({ message, text }).words.length).toBeLessThanOrEqual(8);
      // Catastrophic backtracking takes minutes; this is far above what a loaded machine needs.
      expect(performance.now() - began).toBeLessThan(3000);
    }),
    { numRuns: 150 },
  );
});
