import { describe, expect, test } from "vitest";
import { viewCause } from "../../../services/health/cause-view.ts";
import type { Check } from "../../../services/health/check.ts";
import type { ClimbResult } from "../../../services/probe/climb.ts";
import { explain } from "../../../services/why/explain.ts";

const target = { host: "auth.internal", port: 8443 };
const check: Check = {
  name: "auth",
  kind: "auth",
  required: true,
  status: "pass",
  target,
  breaker: { state: "closed" },
  stale: false,
  ageMs: 1,
  nextTryInMs: 1,
  overdueMs: 0,
};
const refused = { code: "CONNECT_REFUSED", rung: "connect", message: "connect ECONNREFUSED" } as const;
const held = [{ rung: "resolve", status: "pass", durationMs: 1 }] as const;

describe("explain", () => {
  test("fills in the host when the climb was made for the question", () => {
    const ladder: ClimbResult = { status: "fail", rungs: [], cause: refused, durationMs: 1 };
    const { nextSteps, cause } = explain(check, ladder);
    expect(cause?.code).toBe("CONNECT_REFUSED");
    expect(nextSteps.join(" ")).toContain("auth.internal");
    expect(nextSteps.join(" ")).not.toContain("(none given)");
  });

  const ladder: ClimbResult = {
    status: "warn",
    rungs: held,
    durationMs: 1,
    discovery: {
      serving: { name: "local", assurance: "emulator" },
      candidates: [
        { name: "staging", kind: "real", serves: false, cause: refused },
        { name: "local", kind: "emulator", serves: true },
      ],
    },
    candidates: [
      { name: "staging", target: { host: "staging.internal", port: 1 }, rungs: [] },
      { name: "local", target: { host: "127.0.0.1", port: 2 }, rungs: held },
    ],
  };

  test("shows each candidate with its rungs, and with next steps for its own address", () => {
    const { candidates } = explain(check, ladder);
    expect(candidates).toMatchObject([
      { name: "staging", status: "fail", serves: false, cause: { code: "CONNECT_REFUSED" } },
      { name: "local", status: "pass", serves: true, rungs: [{ rung: "resolve", status: "pass" }] },
    ]);
    expect(candidates?.[0]?.nextSteps.join(" ")).toContain("staging.internal");
  });

  test("what was climbed when it broke is told, not another climb", () => {
    const kept: Check = {
      ...check,
      status: "fail",
      cause: viewCause(refused, "auth", target),
      rungs: held,
      discovery: {
        candidates: [
          {
            name: "staging",
            kind: "real",
            status: "fail",
            serves: false,
            cause: viewCause(refused, "auth", target),
            rungs: held,
          },
        ],
      },
    };
    expect(explain(kept, ladder).candidates?.map(({ name }) => name)).toEqual(["staging"]);
  });

  test("a dependency that is one server has no candidates", () => {
    expect(explain(check, undefined)).not.toHaveProperty("candidates");
  });
});
