import * as fc from "fast-check";
import { expect, test } from "vitest";
import { flagOf, isBypass, isStrictFlag, STRICT_FLAG_NAMES } from "../../../services/policy/flags.ts";
import { NO_FLAGS, readBoolean, readFlags } from "../../../services/policy/read-flags.ts";

test.each([
  ["true", true],
  [" TRUE ", true],
  ["1", true],
  ["Yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["No", false],
  ["OFF", false],
  ["ture", undefined],
  ["2", undefined],
  ["", undefined],
])("%j is read as %j", (text, value) => {
  expect(readBoolean(text)).toBe(value);
});

test("the twelve flags of strict validation and the one beside them are known", () => {
  expect(STRICT_FLAG_NAMES).toHaveLength(13);
  for (const name of STRICT_FLAG_NAMES) {
    expect(isStrictFlag(name)).toBe(true);
    expect(flagOf(name).meaning).toMatch(/^[A-Z].*\.$/);
  }
  expect(isStrictFlag("REQUIRE_MONGO_CONNECTION")).toBe(false);
  expect(isStrictFlag("toString")).toBe(false);
});

test("without variables nothing is said, and an empty one says nothing", () => {
  expect(readFlags({})).toEqual(NO_FLAGS);
  expect(
    readFlags({ REQUIRE_REDIS_CONNECTION: " ", SKIP_IT: "", ENABLE_STRICT_VALIDATION: undefined }),
  ).toEqual(NO_FLAGS);
});

test("what is no boolean counts as set, and is told", () => {
  const flags = readFlags({ REQUIRE_REDIS_CONNECTION: "ture", FAIL_ON_CONFIG_DRIFT: "no" });
  expect(flags).toEqual({
    on: ["REQUIRE_REDIS_CONNECTION"],
    off: ["FAIL_ON_CONFIG_DRIFT"],
    unreadable: ["REQUIRE_REDIS_CONNECTION"],
    bypasses: [],
  });
});

test("bypasses are found by their names, unless they are said to be false", () => {
  const env = {
    SKIP_DOCKER_HEALTH_CHECKS: "maybe",
    BYPASS_STARTUP_VALIDATION: "true",
    SKIP_THIS: "false",
    SKIPPER: "1",
    MY_SKIP_FLAG: "1",
  };
  expect(readFlags(env).bypasses).toEqual(["BYPASS_STARTUP_VALIDATION", "SKIP_DOCKER_HEALTH_CHECKS"]);
  expect(isBypass("SKIP_")).toBe(false);
});

test("every known flag is either on, off or not said, whatever its value", () => {
  fc.assert(
    fc.property(fc.constantFrom(...STRICT_FLAG_NAMES), fc.string(), (name, text) => {
      const { on, off } = readFlags({ [name]: text });
      const said = text.trim() !== "";
      expect(on.length + off.length).toBe(Number(said));
      if (said && readBoolean(text) !== false) expect(on).toEqual([name]);
    }),
  );
});
