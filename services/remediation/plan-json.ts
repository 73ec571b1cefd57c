import { formatDuration } from "../duration.ts";
import { type CheckOptions, checkPlan } from "./plan-check.ts";
import { type CompletePlan, completePlan } from "./plan-lint.ts";
import { isMapping } from "./plan-values.ts";

/** A plan that somebody else sends or stores, durations in ms: checked as one that is written by hand. */
export function readPlanJson(value: unknown, options: CheckOptions): CompletePlan {
  return completePlan(checkPlan(asWritten(value), options), options);
}

/** `estimateMs: 300000` → `estimate: 5m`, wherever it stands; parameters of actions stay as they are. */
function asWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWritten);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (key === "params" || key === "change" || key === "equals") return [key, member];
      const isTime = ["estimateMs", "withinMs", "windowMs", "deadlineMs"].includes(key);
      if (isTime && typeof member === "number" && Number.isInteger(member))
        return [key.slice(0, -2), formatDuration(member)];
      return [key, asWritten(member)];
    }),
  );
}
