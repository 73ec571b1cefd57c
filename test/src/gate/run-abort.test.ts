import { expect, test } from "vitest";
import { trackDown } from "../../../src/gate/run-abort.ts";
import type { Seen } from "../../../src/gate/watch.ts";
import type { ReasonCode } from "../../../services/gate/verdict.ts";

function seen(...codes: readonly (readonly [string, ReasonCode, ("blocks" | "notes")?])[]): Seen {
  const reasons = codes.map(([dependency, code, effect = "blocks"]) => ({
    code,
    dependency,
    level: effect === "blocks" ? ("required" as const) : ("optional" as const),
    effect,
    curable: true,
    message: `${dependency} fails.`,
  }));
  const evaluation = {
    suite: "all",
    verdict: "wait",
    fit: false,
    stableForMs: 0,
    stableMs: 0,
    reasons,
  } as const;
  return { at: 0, evaluation, checks: [] };
}

test("a required dependency that stays down is told once the time is up", () => {
  const see = trackDown(3000);
  expect(see(seen(["postgres", "NOT_FIT"]), 0)).toBeUndefined();
  expect(see(seen(["postgres", "NOT_FIT"]), 2999)).toBeUndefined();
  expect(see(seen(["postgres", "NOT_FIT"]), 3000)).toEqual({
    dependency: "postgres",
    downForMs: 3000,
    message: "postgres fails.",
  });
});

test("one that came back in between begins anew", () => {
  const see = trackDown(3000);
  see(seen(["postgres", "NOT_FIT"]), 0);
  see(seen(), 2000);
  expect(see(seen(["postgres", "NOT_FIT"]), 4000)).toBeUndefined();
  expect(see(seen(["postgres", "NOT_FIT"]), 7000)).toMatchObject({ downForMs: 3000 });
});

test("two that are down one after the other are not one that is down for long", () => {
  const see = trackDown(3000);
  see(seen(["postgres", "NOT_FIT"]), 0);
  expect(see(seen(["redis", "NOT_FIT"]), 3000)).toBeUndefined();
});

test("what is optional, or not known, ends no suite", () => {
  const see = trackDown(1000);
  for (let at = 0; at < 10_000; at += 1000) {
    expect(see(seen(["redis", "NOT_FIT", "notes"], ["postgres", "UNKNOWN"]), at)).toBeUndefined();
  }
});

test("a time in which nothing was seen proves nothing", () => {
  const see = trackDown(5000);
  see(seen(["postgres", "NOT_FIT"]), 0);
  expect(see(seen(["postgres", "NOT_FIT"]), 60_000)).toBeUndefined();
});
