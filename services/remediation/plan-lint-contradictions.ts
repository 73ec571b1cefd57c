/** Steps that cannot all be meant: what one does, another undoes, or does again. */
import { sameJson } from "./canonical.ts";
import type { PlacedStep } from "./plan-check.ts";
import type { PlanFault } from "./plan-fault.ts";
import type { LintInput } from "./plan-lint-input.ts";
import type { Step } from "./plan.ts";

export function lintContradictions({ steps }: LintInput): readonly PlanFault[] {
  return steps.flatMap((placed, position): PlanFault[] => {
    for (const earlier of steps.slice(0, position)) {
      const fault = compare(earlier, placed);
      if (fault !== undefined) return [fault];
    }
    return [];
  });
}

function compare(earlier: PlacedStep, { step, index }: PlacedStep): PlanFault | undefined {
  const path = `steps.${index}.action`;
  const { id, action } = earlier.step;
  if (isSame(action, step.action)) {
    const expected = "each change once";
    return { code: "PLAN_STEP_REPEATED", path, expected, found: `what \`${id}\` does` };
  }
  const clash = contradiction(action, step.action);
  return clash === undefined
    ? undefined
    : { code: "PLAN_CONTRADICTION", path, expected: clash.expected, found: `${clash.found} in \`${id}\`` };
}

type StepAction = Step["action"];

/** Instructions to people may well be the same twice. */
const isSame = (a: StepAction, b: StepAction): boolean =>
  a.kind === b.kind && a.kind !== "manual" && sameJson(a.params, b.params);

interface Clash {
  readonly expected: string;
  readonly found: string;
}

/** Why the two cannot both be meant; undefined when they can. */
export function contradiction(a: StepAction, b: StepAction): Clash | undefined {
  if (a.kind !== b.kind) return undefined;
  const [first, second] = [paramsOf(a), paramsOf(b)];
  const same = (...keys: string[]) => keys.every((key) => sameJson(first[key] ?? null, second[key] ?? null));
  if (a.kind === "set-variable" && same("project", "region", "service", "name", "container")) {
    const found =
      first.value === undefined
        ? "it is removed"
        : second.value === undefined
          ? "it is set"
          : "another value";
    return { expected: `\`${shown(first.name)}\` to be set or removed, once`, found };
  }
  if (a.kind === "attach-egress" && same("project", "region", "service")) {
    const [one, other] = [wayOf(first), wayOf(second)];
    return {
      expected: `one way out of \`${shown(first.service)}\``,
      found: one === other ? `another of ${one}` : one,
    };
  }
  if (a.kind === "create-connector") {
    if (same("project", "region", "name"))
      return {
        expected: `\`${shown(first.name)}\` to be made once`,
        found: "another connector of that name",
      };
    if (first.range !== undefined && same("project", "network", "range"))
      return { expected: `\`${shown(first.range)}\` for one connector`, found: "the same range" };
  }
  return undefined;
}

const shown = (value: unknown): string => (typeof value === "string" ? value : "?");

const wayOf = ({ connector }: Readonly<Record<string, unknown>>): string =>
  connector === undefined ? "Direct VPC egress" : "a connector";

const paramsOf = ({ params }: StepAction): Readonly<Record<string, unknown>> =>
  typeof params === "object" && params !== null && !Array.isArray(params)
    ? (params as Readonly<Record<string, unknown>>)
    : {};
