import * as v from "valibot";
import type { Action } from "./action.ts";
import { KNOWN_KINDS } from "./plan-catalogue.ts";
import { type PlanFault, describeFound } from "./plan-fault.ts";
import type { Node } from "./plan-graph.ts";
import { checkParams } from "./plan-params.ts";
import { toHead, toStep } from "./plan-read.ts";
import { keysAt, outlineSchema, stepSchema } from "./plan-schema.ts";
import type { Plan, Step } from "./plan.ts";
import { isMapping } from "./plan-values.ts";

export interface CheckOptions {
  readonly actions: readonly Action[];
  /** The known word nearest to one that is not known. */
  readonly suggest: (word: string, known: readonly string[]) => string | undefined;
}

/** A step, and where in the list it stands. */
export interface PlacedStep {
  readonly step: Step;
  readonly index: number;
}

export interface CheckedPlan {
  readonly faults: readonly PlanFault[];
  /** Absent when something but the steps is wrong. */
  readonly head?: Omit<Plan, "steps">;
  /** Those that are as they should be. */
  readonly steps: readonly PlacedStep[];
  /** All that have an id, those that are broken elsewhere too. */
  readonly nodes: readonly PlacedNode[];
}

/** What can be said of the order of a step, whatever else is wrong with it. */
export interface PlacedNode extends Node {
  readonly index: number;
  readonly phase?: number;
}

/** Checks values that were read from YAML or JSON. What is wrong in one place does not hide what is wrong in others. */
export function checkPlan(value: unknown, options: CheckOptions): CheckedPlan {
  const faults: PlanFault[] = [];
  const outline = checkPart(outlineSchema, { value, path: [], options, faults });
  const given: readonly unknown[] = isMapping(value) && Array.isArray(value.steps) ? value.steps : [];
  const steps = given.slice(0, MOST_LOOKED_AT).flatMap((each, index): PlacedStep[] => {
    const path = ["steps", String(index)];
    const parsed = checkPart(stepSchema, { value: each, path, options, faults });
    const known = checkAction(each, { path, options, faults });
    return parsed === undefined || !known ? [] : [{ step: toStep(parsed), index }];
  });
  return { faults, ...(outline && { head: toHead(outline) }), steps, nodes: given.flatMap(toNode) };
}

function toNode(step: unknown, index: number): PlacedNode[] {
  if (!isMapping(step) || typeof step.id !== "string") return [];
  const { id, needs, phase } = step;
  const listed = Array.isArray(needs) ? needs.filter((need) => typeof need === "string") : [];
  return [{ id, index, needs: listed, ...(typeof phase === "number" && { phase }) }];
}

/** More steps than a plan may have are a fault already. */
const MOST_LOOKED_AT = 200;

/** The schema tells of one unknown key at a time; each is told and taken out before the next look. */
const MOST_ROUNDS = 12;

interface Part {
  readonly value: unknown;
  readonly path: readonly string[];
  readonly options: CheckOptions;
  readonly faults: PlanFault[];
}

/** What the schema makes of it; undefined with at least one more fault. */
function checkPart<S extends v.GenericSchema>(schema: S, part: Part): v.InferOutput<S> | undefined {
  const { path, options, faults } = part;
  const value = structuredClone(part.value);
  const told = new Set<string>();
  let whole: v.InferOutput<S> | undefined;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = v.safeParse(schema, value);
    if (result.success) {
      if (told.size === 0) whole = result.output;
      break;
    }
    let unknown = false;
    for (const issue of result.issues) {
      const keys = (issue.path ?? []).map(({ key }) => String(key));
      const at = [...path, ...keys].join(".");
      unknown ||= isUnknownKey(issue);
      if (!told.has(at))
        faults.push(toFault(issue, { at, keys: [...path, ...keys], suggest: options.suggest }));
      told.add(at);
      if (isUnknownKey(issue)) remove(value, keys);
    }
    if (!unknown) break;
  }
  return whole;
}

const isUnknownKey = ({ type, expected }: v.BaseIssue<unknown>): boolean =>
  type === "strict_object" && expected === "never";

interface Place {
  readonly at: string;
  readonly keys: readonly string[];
  readonly suggest: CheckOptions["suggest"];
}

function toFault(issue: v.BaseIssue<unknown>, { at, keys, suggest }: Place): PlanFault {
  const last = keys.at(-1) ?? "";
  const value = issue.path === undefined ? issue.input : issue.path.at(-1)?.value;
  if (isUnknownKey(issue)) {
    const known = keysAt(keys.slice(0, -1));
    const near = suggest(last, known);
    return {
      code: "PLAN_KEY_UNKNOWN",
      path: at,
      expected: `one of the keys ${known.map((key) => `\`${key}\``).join(", ")}`,
      found: describeFound(last, ""),
      ...(near !== undefined && { suggestion: `did you mean \`${near}\`?` }),
    };
  }
  if (value === undefined && issue.path !== undefined) {
    const expected = `\`${last}\` to be given`;
    return {
      code: MISSING[`${keys.length}.${last}`] ?? "PLAN_KEY_MISSING",
      path: at,
      expected,
      found: "nothing",
    };
  }
  const suggestion = suggestFor(issue, value);
  return {
    code: "PLAN_VALUE_INVALID",
    path: at,
    expected: issue.message,
    found: describeFound(value, at),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** What is missing from a step and has a name of its own, by the depth of the key. */
const MISSING: Readonly<Record<string, PlanFault["code"]>> = {
  "3.verify": "PLAN_VERIFY_MISSING",
  "3.rollback": "PLAN_ROLLBACK_MISSING",
};

function suggestFor({ message }: v.BaseIssue<unknown>, value: unknown): string | undefined {
  const digits = typeof value === "number" || (typeof value === "string" && /^\d{1,9}$/.test(value));
  if (message.startsWith("a duration") && digits) return `write the unit: \`${value}s\` or \`${value}m\``;
  if (message.startsWith("text (in quotes") && typeof value === "number") return "put it in quotes";
  if (message.startsWith("a list of") && typeof value === "string")
    return "put it in `[]`, or below the key after `- `";
  return undefined;
}

function remove(root: unknown, keys: readonly string[]): void {
  let target: unknown = root;
  for (const key of keys.slice(0, -1))
    target = Array.isArray(target) ? target[Number(key)] : isMapping(target) ? target[key] : undefined;
  if (isMapping(target)) Reflect.deleteProperty(target, keys.at(-1) ?? "");
}

/** Whether there is such an action and it takes what it is given. What is no action at all was told by the schema. */
function checkAction(step: unknown, { path, options, faults }: Omit<Part, "value">): boolean {
  const action = isMapping(step) ? step.action : undefined;
  if (!isMapping(action) || typeof action.kind !== "string" || !isMapping(action.params)) return false;
  const known = [...new Set([...KNOWN_KINDS, ...options.actions.map(({ kind }) => kind)])];
  const at = [...path, "action"].join(".");
  if (!known.includes(action.kind)) {
    const near = options.suggest(action.kind, known);
    faults.push({
      code: "PLAN_ACTION_UNKNOWN",
      path: `${at}.kind`,
      expected: `one of ${known.map((kind) => `\`${kind}\``).join(", ")}`,
      found: describeFound(action.kind, ""),
      ...(near !== undefined && { suggestion: `did you mean \`${near}\`?` }),
    });
    return false;
  }
  const own = checkParams(action.params, {
    path: `${at}.params`,
    action: options.actions.find(({ kind }) => kind === action.kind),
  });
  faults.push(...own);
  return own.length === 0;
}
