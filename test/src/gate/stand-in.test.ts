import { describe, expect, it } from "vitest";
import { whyNoStandIn } from "../../../src/gate/stand-in.ts";
import type { ReasonCode } from "../../../services/gate/verdict.ts";

const said = (code: ReasonCode) => ({
  evaluation: {
    suite: "e2e",
    verdict: "wait" as const,
    fit: true,
    stableForMs: 0,
    stableMs: 0,
    reasons: [
      { code, level: "required" as const, effect: "blocks" as const, curable: true, message: "as it was" },
    ],
  },
  checks: [],
  graceMs: 0,
  environment: "staging",
  version: "1",
  dependencies: {},
});

describe("this machine in the place of a service that is lost", () => {
  it.each(["HELD", "LEASED", "FINDING", "STANDING_UNREAD"] as const)(
    "looks not after %s, which cannot be seen from here, unless the suite runs already",
    (code) => {
      const asked = { last: said(code), environment: "staging" };
      expect(whyNoStandIn(asked)).toContain(code);
      expect(whyNoStandIn({ ...asked, running: true })).toBeUndefined();
    },
  );

  it("looks after what it can see as well", () => {
    expect(whyNoStandIn({ last: said("NOT_FIT"), environment: "staging" })).toBeUndefined();
  });
});
