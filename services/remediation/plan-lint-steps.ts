/** What each step owes: a check, a way back, an approval where it can do harm, and no secret. */
import { hasSecretShape, secretIn } from "../env-lint/secret.ts";
import { isDestructive } from "./plan-catalogue.ts";
import type { PlacedStep } from "./plan-check.ts";
import type { PlanFault } from "./plan-fault.ts";
import { allNeeds } from "./plan-graph.ts";
import type { LintInput } from "./plan-lint-input.ts";
import type { Step } from "./plan.ts";

export function lintSteps(input: LintInput): readonly PlanFault[] {
  const unproven = stepsWithoutProof(input);
  return input.steps.flatMap((placed) => [
    ...verification(placed, unproven),
    ...rollback(placed),
    ...approval(placed, input),
    ...secrets(placed),
  ]);
}

/** The kinds that ask what failed, not what was changed. */
const PROOF: ReadonlySet<string> = new Set(["probe", "lint", "criterion"]);

const proves = ({ verify }: Step): boolean => verify.some(({ kind }) => PROOF.has(kind));

/** Those that neither prove themselves nor are needed by one that does. */
function stepsWithoutProof({ steps, nodes }: LintInput): ReadonlySet<string> {
  const known = new Set(nodes.map(({ id }) => id));
  // What proves a step may be among those that could not be read, or be needed by a name that is misspelt.
  if (nodes.length > steps.length || nodes.some(({ needs }) => needs.some((need) => !known.has(need))))
    return new Set();
  const needs = allNeeds(steps.map(({ step }) => step));
  const proven = new Set<string>();
  for (const { step } of steps) {
    if (!proves(step)) continue;
    proven.add(step.id);
    for (const id of needs.get(step.id) ?? []) proven.add(id);
  }
  return new Set(steps.flatMap(({ step: { id } }) => (proven.has(id) ? [] : id)));
}

function verification({ step, index }: PlacedStep, unproven: ReadonlySet<string>): PlanFault[] {
  const path = `steps.${index}.verify`;
  if (step.verify.length === 0)
    return [{ code: "PLAN_VERIFY_MISSING", path, expected: "at least one check", found: "an empty list" }];
  if (!unproven.has(step.id)) return [];
  const kinds = [...new Set(step.verify.map(({ kind }) => `\`${kind}\``))].join(", ");
  return [
    {
      code: "PLAN_PROBE_MISSING",
      path,
      expected: "`probe`, `lint` or `criterion`, here or in a step that needs this one",
      found: `${kinds} alone`,
    },
  ];
}

function rollback({ step, index }: PlacedStep): PlanFault[] {
  const path = `steps.${index}.rollback`;
  if (step.rollback.kind === "automatic" && step.action.kind === "manual")
    return [
      {
        code: "PLAN_ROLLBACK_MISSING",
        path,
        expected: "`manual` with instructions, or `none` with a reason, for what a person does",
        found: "`automatic`",
      },
    ];
  if (step.rollback.kind !== "none" || step.risk === "low" || step.approval) return [];
  return [
    {
      code: "PLAN_ROLLBACK_MISSING",
      path,
      expected: `a way back, or an approval, for a step of ${step.risk} risk`,
      found: "`none`",
    },
  ];
}

function approval({ step, index }: PlacedStep, { actions }: LintInput): PlanFault[] {
  const destructive = isDestructive(step, actions);
  if (step.approval || (!destructive && step.risk !== "high")) return [];
  return [
    {
      code: "PLAN_APPROVAL_MISSING",
      path: `steps.${index}`,
      expected: "`approval: true`",
      found: destructive
        ? `a destructive action (\`${step.action.kind}\`) without it`
        : "`risk: high` without it",
    },
  ];
}

function secrets({ step, index }: PlacedStep): PlanFault[] {
  const { params } = step.action;
  const variable = isRecord(params) && typeof params.name === "string" ? params.name : "value";
  const found = new Map<string, string>();
  const visit = (value: unknown, path: string, key: string): void => {
    if (typeof value === "string") {
      const what = secretInText(path.endsWith("params.value") ? variable : key, value);
      if (what !== undefined) found.set(path, what);
    } else if (Array.isArray(value)) value.forEach((each, at) => visit(each, `${path}.${at}`, key));
    else if (isRecord(value))
      for (const [name, each] of Object.entries(value)) visit(each, `${path}.${name}`, name);
  };
  const { estimateMs: _, ...written } = step;
  visit(written, `steps.${index}`, "");
  return [...found].map(([path, what]) => ({
    code: "PLAN_SECRET",
    path,
    expected: "no secret, but where it is kept",
    found: what,
  }));
}

/** In the text as a whole, or in a word of it. */
function secretInText(key: string, text: string): string | undefined {
  const whole = secretIn(key, text);
  if (whole !== undefined) return whole;
  const words = text.split(/[\s"'`,]+|(?<=[A-Za-z_])=/);
  for (const word of words) {
    const what = secretIn("", word);
    if (what !== undefined || hasSecretShape(word)) return what ?? "what looks like a key";
  }
  return undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
