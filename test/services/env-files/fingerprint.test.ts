import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createFingerprinter, readFingerprintKey } from "../../../services/env-files/fingerprint.ts";
import { shownKey } from "../../../services/env-files/shown-key.ts";

const keyOf = (text: string) => new TextEncoder().encode(text.padEnd(32, "."));

test("under one key equal values have one fingerprint, and others another", () => {
  const here = createFingerprinter(keyOf("one"));
  const there = createFingerprinter(keyOf("one"));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(here.of(a)).toMatch(/^fp:[\da-f]{16}$/);
      expect(here.of(a)).toBe(there.of(a));
      // What UTF-8 cannot hold is one character to it.
      expect(here.of(a) === here.of(b)).toBe(a.toWellFormed() === b.toWellFormed());
    }),
  );
});

test("another key gives other fingerprints of the same value, and has another name", () => {
  const [a, b] = [createFingerprinter(keyOf("one")), createFingerprinter(keyOf("two"))];
  expect(a.of("")).not.toBe(b.of(""));
  expect(a.keyId).not.toBe(b.keyId);
  expect(a.keyId).toMatch(/^key:[\da-f]{16}$/);
});

test("a key needs 32 characters, and the end of the file that holds it is no part of it", () => {
  expect(readFingerprintKey(" \n")).toMatchObject({ ok: false, found: "nothing" });
  expect(readFingerprintKey("x".repeat(31))).toMatchObject({ ok: false, found: "31 characters" });
  expect(readFingerprintKey(`${"x".repeat(32)}\r\n`)).toEqual({ ok: true, key: keyOf("x".repeat(32)) });
});

test.each([
  ["DATABASE_URL", true],
  ["a.b-c[0]", true],
  ["SERVICE2HASANAMETHATISQUITELONG", true],
  ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", false],
  ["abc/def+ghi", false],
  ["two words", false],
  ["\u001B[31m", false],
])("a key is shown when it is a name: %j %s", (key, shown) => {
  const { of } = createFingerprinter(keyOf("one"));
  expect(shownKey(key, of)).toBe(shown ? key : `(no name, ${of(key)})`);
});
