import { expect, test } from "vitest";
import { verifyCriterion } from "../../../services/remediation/verify-criterion.ts";
import { createIndicators } from "../../../src/remediation/indicators.ts";

const { signal } = new AbortController();
const call = {
  kind: "criterion",
  indicator: "availability:db",
  operator: ">=",
  target: 99,
  windowMs: 60_000,
  minSamples: 30,
} as const;

const having = (measured: { knownMs: number; downMs: number; samples: number } | undefined) =>
  createIndicators({
    judge: async () => undefined,
    measure: async () => undefined,
    availability: { measure: () => measured },
  });

test("an availability that is known is compared, in percent", async () => {
  const good = having({ knownMs: 60_000, downMs: 500, samples: 60 });
  expect(await verifyCriterion(call, good, signal)).toEqual({
    kind: "held",
    evidence: "availability:db is 99.166, >= 99: 60 observations in 1m; it did not pass for 0.5 s",
  });
  const bad = having({ knownMs: 60_000, downMs: 6000, samples: 60 });
  expect(await verifyCriterion(call, bad, signal)).toMatchObject({ kind: "broken" });
  expect(await verifyCriterion({ ...call, withinMs: 1000 }, bad, signal)).toMatchObject({ kind: "pending" });
});

test.each([
  [
    "too few observations",
    { knownMs: 60_000, downMs: 0, samples: 29 },
    "29 observations in 1m, expected at least 30",
  ],
  ["a window that is half known", { knownMs: 30_000, downMs: 0, samples: 60 }, "30s of 1m are known"],
])("%s do not pass, and it says so", async (_what, measured, because) => {
  expect(await verifyCriterion(call, having(measured), signal)).toEqual({
    kind: "unknown",
    because: `availability:db: insufficient data: ${because}`,
  });
  expect(await verifyCriterion({ ...call, withinMs: 1000 }, having(measured), signal)).toMatchObject({
    kind: "pending",
  });
});

test("what is not observed is unknown", async () => {
  expect(await verifyCriterion(call, having(undefined), signal)).toMatchObject({
    kind: "unknown",
    because: "availability:db: nothing called db is observed",
  });
});
