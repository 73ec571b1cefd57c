import { describe, expect, onTestFinished, test, vi } from "vitest";
import { allActions } from "../../../services/remediation/actions.ts";
import { type AutoApplyNews, createAutoApplier } from "../../../services/remediation/auto-applier.ts";
import {
  AUTOMATIC_KINDS,
  objectionsToAutoApply,
  PERSONAL_KINDS,
} from "../../../services/remediation/auto-apply.ts";
import type { Plan } from "../../../services/remediation/plan.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { plan, step } from "../../support/remediation/plan.ts";

const staging = { environment: "staging", mayWrite: true, vetoes: [] } as const;
const production = { environment: "production", mayWrite: false, vetoes: ["this is production"] } as const;
const reset = step("reset", { kind: "reset-breaker", params: { dependency: "postgres" } });
const kinds = ["reset-breaker"];
const actions = allActions();
const judge = (given: Plan, detection: Parameters<typeof objectionsToAutoApply>[1]["detection"] = staging) =>
  objectionsToAutoApply(given, { kinds, actions, detection });

describe("what may be applied without a person", () => {
  test("every action is either listed as automatic or as a person's, and no destructive one as automatic", () => {
    const known = [...AUTOMATIC_KINDS, ...PERSONAL_KINDS];
    expect(actions.map(({ kind }) => kind).toSorted()).toEqual(known.toSorted());
    const destructive = new Set(actions.flatMap(({ kind, destructive: is }) => (is ? kind : [])));
    expect(AUTOMATIC_KINDS.filter((kind) => destructive.has(kind))).toEqual([]);
  });

  test("a plan of listed kinds alone", () => {
    expect(judge(plan([reset]))).toEqual([]);
  });

  test.each([
    [
      "a kind that is not listed",
      [reset, step("on", { kind: "enable-api", params: {} })],
      /on: `enable-api`/,
    ],
    ["a step that wants approval", [{ ...reset, approval: true }], /wants a person's approval/],
    ["a step of high risk", [{ ...reset, risk: "high" as const }], /high risk/],
    ["no steps", [], /no steps/],
  ])("not one with %s", (_, steps, because) => {
    expect(judge(plan(steps)).join()).toMatch(because);
  });

  test("nothing in production, where it is not known, or where something vetoes", () => {
    expect(judge(plan([reset]), production)).toEqual([
      "nothing is applied by itself here: this is production",
    ]);
    expect(
      judge(plan([reset]), { environment: "unknown", mayWrite: false, vetoes: ["not known"] }),
    ).toHaveLength(1);
    expect(
      judge(plan([reset]), { ...staging, mayWrite: false, vetoes: ["redis points there"] }),
    ).toHaveLength(1);
  });

  test.each([
    ["end-idle-sessions", "`end-idle-sessions`, which a person has to approve"],
    ["manual", "`manual`, which a person has to approve"],
    ["reset-braker", "`reset-braker`"],
  ])("the configuration refuses %s", async (kind, found) => {
    const text = `remediation: { autoApply: [${kind}] }`;
    const result = await loadConfig({ env: {}, file: { path: "greenlight.yaml", text } });
    expect(result.ok ? [] : result.faults).toMatchObject([{ path: "remediation.autoApply.0", found }]);
  });

  test("by default nothing is listed", async () => {
    const result = await loadConfig({ env: {} });
    expect(result.ok && result.config.remediation.autoApply).toEqual([]);
  });
});

describe("the applier", () => {
  function applier(
    listed: readonly string[],
    given: Plan,
    detection: typeof staging | typeof production = staging,
  ) {
    const start = vi.fn<() => Promise<{ kind: "started"; runId: string }>>(async () => ({
      kind: "started",
      runId: "run-1",
    }));
    const makePlan = vi.fn<() => Promise<{ kind: "made"; plan: Plan; digest: string }>>(async () => ({
      kind: "made",
      plan: given,
      digest: "d",
    }));
    let failing = true;
    const { promise: told, resolve } = Promise.withResolvers<AutoApplyNews>();
    const made = createAutoApplier({
      kinds: listed,
      actions: async () => actions,
      desk: { start, makePlan },
      detect: async () => detection,
      fails: () => failing,
      tell(news) {
        failing = false;
        resolve(news);
      },
      afterMs: 1,
      pauseMs: 1,
    });
    onTestFinished(() => made.close());
    return { made, start, makePlan, told };
  }

  test("applies as a person would, with the plan's digest and without any approval", async () => {
    const { made, start, told } = applier(kinds, plan([reset]));
    made.consider("postgres");
    await expect(told).resolves.toEqual({
      kind: "started",
      dependency: "postgres",
      plan: "plan-1",
      runId: "run-1",
    });
    expect(start.mock.calls).toEqual([
      [{ plan: "plan-1", digest: "d", by: "autoApply", dryRun: false, approvals: [] }],
    ]);
  });

  test("without a listed kind it never even makes a plan", async () => {
    const { made, start, makePlan } = applier([], plan([reset]));
    made.consider("postgres");
    const other = applier(kinds, plan([reset]));
    other.made.consider("postgres");
    await other.told;
    expect([start.mock.calls, makePlan.mock.calls]).toEqual([[], []]);
  });

  test.each([
    ["another kind", plan([step("on", { kind: "enable-api", params: {} })]), staging],
    ["production", plan([reset]), production],
  ])("leaves alone and says why: %s", async (_, given, detection) => {
    const { made, start, told } = applier(kinds, given, detection);
    made.consider("postgres");
    await expect(told).resolves.toMatchObject({ kind: "left", plan: "plan-1" });
    expect(start).not.toHaveBeenCalled();
  });
});
