import type { Action } from "../../services/remediation/action.ts";
import { allActions } from "../../services/remediation/actions.ts";
import { type PlacedNode, checkPlan } from "../../services/remediation/plan-check.ts";
import type { PlanFault } from "../../services/remediation/plan-fault.ts";
import { completePlan, lintPlan } from "../../services/remediation/plan-lint.ts";
import type { Plan } from "../../services/remediation/plan.ts";
import { nearest } from "../config/suggest.ts";
import { type PlanSource, type Position, readPlanSource } from "./plan-source.ts";

/** A fault and where in the text it is. */
export type PlacedFault = PlanFault & Position;

export type ParsedPlan =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly faults: readonly PlacedFault[] };

export interface ParsePlanOptions {
  /** Default: all there are. */
  readonly actions?: readonly Action[];
}

/** YAML or JSON → a plan that can be applied, or everything that keeps it from being one. Never rejects. */
export async function parsePlan(
  text: string,
  { actions = allActions() }: ParsePlanOptions = {},
): Promise<ParsedPlan> {
  const source = await readPlanSource(text);
  if (source.faults.length > 0) return { ok: false, faults: syntax(source) };
  const options = { actions, suggest: nearest };
  const result = completePlan(checkPlan(source.value, options), options);
  return result.ok ? result : { ok: false, faults: place(result.faults, source) };
}

export interface LintedPlan {
  /** In the order of the text. */
  readonly faults: readonly PlacedFault[];
  /** Of the steps, in their order, where they have one. */
  readonly ids: readonly (string | undefined)[];
  /** When it could be applied, whatever else is said of it. */
  readonly plan?: Plan;
}

/** Everything that is wrong with a plan, what keeps it from being applied and what contradicts itself. Never rejects. */
export async function lintPlanText(
  text: string,
  { actions = allActions() }: ParsePlanOptions = {},
): Promise<LintedPlan> {
  const source = await readPlanSource(text);
  if (source.faults.length > 0) return { faults: syntax(source), ids: [] };
  const options = { actions, suggest: nearest };
  const checked = checkPlan(source.value, options);
  const faults = place([...checked.faults, ...lintPlan(checked, options)], source);
  const complete = completePlan(checked, options);
  const ids = idsOf(checked.nodes);
  return { faults, ids, ...(complete.ok && { plan: complete.plan }) };
}

function idsOf(nodes: readonly PlacedNode[]): readonly (string | undefined)[] {
  const byIndex = new Map(nodes.map(({ id, index }) => [index, id]));
  return Array.from({ length: Math.max(0, ...byIndex.keys()) + 1 }, (_, index) => byIndex.get(index));
}

const syntax = ({ faults }: PlanSource): readonly PlacedFault[] =>
  faults.map((fault) => ({ code: "PLAN_SYNTAX", path: "", ...fault }));

/** What is missing is told at what it is missing from; a key that is too much, at the key. */
const place = (faults: readonly PlanFault[], { locate }: PlanSource): readonly PlacedFault[] =>
  faults
    .map((fault) => ({
      ...fault,
      ...locate(fault.path, fault.code === "PLAN_KEY_UNKNOWN" ? "key" : "value"),
    }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
