/** The parameters of an action in a plan: what holds for all of them, then what the action itself says. */
import type { Action } from "./action.ts";
import { type PlanFault, describeFound } from "./plan-fault.ts";

interface ParamsPlace {
  /** `steps.2.action.params`. */
  readonly path: string;
  /** Absent: there is none of this kind here, so only what holds for all is checked. */
  readonly action: Action | undefined;
}

/** What people write in prose or what a service is given as it stands; everything else names something. */
const FREE = new Set(["instructions", "value"]);

/** What a shell obeys, and what begins an option. */
const UNSAFE = /[\s;&|`$<>(){}\\'"*?!#]|^-/;
const UNSAFE_PATH = /[\n\r;&|`$<>\\'"*?!]|^-/;

export function checkParams(
  params: Readonly<Record<string, unknown>>,
  { path, action }: ParamsPlace,
): readonly PlanFault[] {
  const unsafe = Object.entries(params).flatMap(([key, value]): PlanFault[] => {
    const pattern = key === "folder" ? UNSAFE_PATH : UNSAFE;
    if (FREE.has(key) || typeof value !== "string" || !pattern.test(value)) return [];
    return [
      {
        code: "PLAN_PARAMS_INVALID",
        path: `${path}.${key}`,
        expected: "a name without blanks and signs that a shell obeys",
        found: describeFound(value, key),
      },
    ];
  });
  const parsed = action?.parse(params);
  if (parsed === undefined || parsed.ok) return unsafe;
  const known = new Set(unsafe.map((fault) => fault.path));
  const own = parsed.faults.map((fault): PlanFault => ({
    code: "PLAN_PARAMS_INVALID",
    path: `${path}${fault.path.replace(/^params\b/, "")}`,
    expected: fault.expected,
    found: fault.found,
  }));
  return [...unsafe, ...own.filter((fault) => !known.has(fault.path))];
}
