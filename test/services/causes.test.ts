import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CAUSES, fillIn, findCause } from "../../services/causes.ts";

test("fillIn replaces each known name by its value, taken literally", () => {
  const value = fc.string().filter((text) => !text.includes("{"));
  fc.assert(
    fc.property(value, value, fc.integer(), (host, user, port) => {
      expect(fillIn("{user}@{host}:{port}/{host}", { host, user, port })).toBe(
        `${user}@${host}:${port}/${host}`,
      );
    }),
  );
});

test("fillIn leaves a name without a value readable, and other braces as they are", () => {
  expect(fillIn("Grant it to {user} in {database}", {})).toMatch(/^Grant it to [^{}]+ in [^{}]+$/);
  expect(fillIn("Grant it to {user}", {})).not.toContain("undefined");
  expect(fillIn("{unknown} {} {p1:String} {hosts}", { host: "h" })).toBe("{unknown} {} {p1:String} {hosts}");
});

test("a value that looks like a name is not filled in again", () => {
  expect(fillIn("{host}", { host: "{user}", user: "app" })).toBe("{user}");
});

test.each(["constructor", "toString", "__proto__", "", "auth_failed"])(
  "findCause of %j is undefined",
  (code) => {
    expect(findCause(code)).toBeUndefined();
  },
);

test("every cause says what it means and what to do, in sentences without an empty part", () => {
  for (const [code, { title, explanation, remedies }] of Object.entries(CAUSES)) {
    expect(findCause(code)).toBeDefined();
    const texts: string[] = [title, explanation, ...remedies];
    expect(
      texts.filter((text) => text.trim() !== text || text === ""),
      code,
    ).toEqual([]);
    expect(remedies.length, code).toBeGreaterThan(0);
  }
});
