import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeStranger, findPrincipal } from "../../../services/access/allow-list.ts";
import type { Rule } from "../../../services/access/options.ts";

const user = (email: string, role: Rule["role"] = "reader"): Rule => ({
  member: { kind: "user", email },
  role,
});
const domain = (name: string, role: Rule["role"] = "reader"): Rule => ({
  member: { kind: "domain", domain: name },
  role,
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const address = fc.tuple(label, label, label).map(([name, host, top]) => `${name}@${host}.${top}`);
const anyCase = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) =>
      Array.from(text, (letter, index) => (upper[index] ? letter.toUpperCase() : letter)).join(""),
    );

describe("an address", () => {
  test("matches itself in any letters, and is written in small ones", () => {
    fc.assert(
      fc.property(
        address.chain((email) => fc.tuple(fc.constant(email), anyCase(email), anyCase(email))),
        ([email, listed, sent]) => {
          expect(findPrincipal([user(listed)], { email: sent })).toEqual({
            id: `user:${email}`,
            role: "reader",
          });
        },
      ),
    );
  });

  test("matches no other: no part, no longer one, no pattern", () => {
    fc.assert(
      fc.property(
        address,
        fc.oneof(address, fc.string(), fc.constant("*@*"), fc.constant("")),
        (email, other) => {
          fc.pre(email.toLowerCase() !== other.toLowerCase());
          for (const listed of [
            other,
            `${email}x`,
            `x${email}`,
            email.slice(1),
            email.slice(0, -1),
            `*${email}`,
          ]) {
            expect(findPrincipal([user(listed)], { email })).toBeUndefined();
          }
        },
      ),
    );
  });

  test("is compared by its bytes: a letter that only looks alike in small print is another", () => {
    for (const email of [
      "\u212Aate@example.com",
      "kate@exampl\u0435.com",
      "kate@example.com\u0000",
      "kate@example.com ",
    ]) {
      expect(findPrincipal([user("kate@example.com")], { email })).toBeUndefined();
    }
  });

  test("of a service account matches serviceAccount alone, and no other matches that", () => {
    const email = "ci@p.iam.gserviceaccount.com";
    const account: Rule = { member: { kind: "serviceAccount", email }, role: "reader" };
    expect(findPrincipal([account], { email })?.id).toBe(`serviceAccount:${email}`);
    expect(findPrincipal([user(email)], { email })).toBeUndefined();
    expect(
      findPrincipal([{ member: { kind: "serviceAccount", email: "a@b.example" }, role: "reader" }], {
        email: "a@b.example",
      }),
    ).toBeUndefined();
  });
});

describe("a domain", () => {
  test("matches whom Google says to belong to it, whatever the address", () => {
    const identity = { email: "ann@alias.example", hostedDomain: "Corp.Example" };
    expect(findPrincipal([domain("corp.example")], identity)?.role).toBe("reader");
  });

  test("never matches by the address alone, nor a part of a name", () => {
    fc.assert(
      fc.property(address, (email) => {
        const host = email.slice(email.indexOf("@") + 1);
        expect(findPrincipal([domain(host)], { email })).toBeUndefined();
        expect(findPrincipal([domain(host)], { email, hostedDomain: `x.${host}` })).toBeUndefined();
        expect(findPrincipal([domain(`x.${host}`)], { email, hostedDomain: host })).toBeUndefined();
      }),
    );
  });

  test("that would have matched by the address is named to the caller, with what to send instead", () => {
    const text = describeStranger([domain("corp.example")], { email: "eve@corp.example" });
    expect(text).toContain("user:eve@corp.example");
    expect(text).toContain("identity token");
  });
});

test("the highest role wins, in whatever order the rules stand", () => {
  const rules = [domain("corp.example"), user("ann@corp.example", "operator"), user("ann@corp.example")];
  fc.assert(
    fc.property(fc.shuffledSubarray(rules, { minLength: 3 }), (shuffled) => {
      const identity = { email: "ann@corp.example", hostedDomain: "corp.example" };
      expect(findPrincipal(shuffled, identity)?.role).toBe("operator");
    }),
  );
});

test("a rule for a static token matches no address", () => {
  const rule: Rule = { member: { kind: "token", name: "ann@example.com", sha256: "00" }, role: "operator" };
  expect(findPrincipal([rule], { email: "ann@example.com" })).toBeUndefined();
});
