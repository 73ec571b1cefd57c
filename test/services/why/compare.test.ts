import { assert, constant, constantFrom, oneof, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { RUNGS } from "../../../services/causes.ts";
import { compare, type Word } from "../../../services/why/compare.ts";

const pass: Word = { status: "pass" };
const fails = (rung: string, code = "CONNECT_TIMEOUT"): Word => ({ status: "fail", cause: { code, rung } });

describe("two places that look at one dependency", () => {
  test.each<[string, Word | undefined, Word | undefined, string, RegExp]>([
    ["both pass", pass, pass, "reached-by-both", /both places/],
    ["one warns", { status: "warn" }, pass, "reached-by-both", /both places/],
    ["no way from here", fails("connect"), pass, "not-from-here", /network between/],
    [
      "wrong password here",
      fails("authenticate", "AUTH_FAILED"),
      pass,
      "not-from-here",
      /credentials \(AUTH_FAILED\)/,
    ],
    [
      "another server here",
      fails("assert", "TABLE_MISSING"),
      pass,
      "not-from-here",
      /not mean the same server/,
    ],
    [
      "no way for the service",
      pass,
      fails("resolve", "DNS_NOT_FOUND"),
      "not-from-service",
      /ends at resolve/,
    ],
    ["down", fails("connect"), fails("connect"), "down", /the dependency itself/],
    ["down in two ways", fails("connect"), fails("query"), "down-differently", /not alike/],
    ["not configured here", undefined, pass, "not-compared", /this machine/],
    ["not configured there", fails("connect"), undefined, "not-compared", /the service/],
    ["a failed check", { status: "unknown" }, pass, "not-compared", /check itself failed here/],
  ])("%s", (_name, here, service, comparison, meaning) => {
    const compared = compare(here, service);
    expect(compared.comparison).toBe(comparison);
    expect(compared.meaning).toMatch(meaning);
  });

  const word = oneof(
    constant(undefined),
    constantFrom<Word>(pass, { status: "warn" }, { status: "unknown" }),
    constantFrom(...RUNGS).map((rung) => fails(rung)),
  );

  test("are never called alike when one of them fails and the other does not", () => {
    assert(
      property(word, word, (here, service) => {
        const { comparison } = compare(here, service);
        const oneFails = (here?.status === "fail") !== (service?.status === "fail");
        if (oneFails) expect(["reached-by-both", "down", "down-differently"]).not.toContain(comparison);
        expect(comparison === "not-from-here").toBe(compare(service, here).comparison === "not-from-service");
      }),
    );
  });
});
