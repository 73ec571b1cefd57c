import { secretIn } from "../env-lint/secret.ts";
import type { Severity } from "../findings/finding.ts";
import type { PlanFindingCode } from "../findings/plan-table.ts";

/** One thing that is wrong with a plan. No field ever holds a secret. */
export interface PlanFault {
  readonly code: PlanFindingCode;
  /** `steps.2.needs.0`; empty: the plan as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  readonly suggestion?: string;
  /** Default: the table's. */
  readonly severity?: Severity;
}

const LONGEST = 60;

/** What was found, in a few words, without what may be a secret. */
export function describeFound(value: unknown, path: string): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "number" || typeof value === "boolean") return `\`${value}\``;
  if (typeof value !== "string") return "something else";
  const key = path.split(".").findLast((part) => !/^\d+$/.test(part)) ?? "";
  if (path.includes("params.value") || secretIn(key, value) !== undefined) return "text that is not shown";
  return value.length > LONGEST ? `text of ${value.length} characters` : `\`${shown(value)}\``;
}

/** One line that no terminal obeys. */
const shown = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
