/** Estimates against the declared deadline. */
import { formatDuration } from "../duration.ts";
import type { PlanFault } from "./plan-fault.ts";
import type { LintInput } from "./plan-lint-input.ts";
import { scheduleOf } from "./plan-schedule.ts";

/** Over the critical path nobody can help; over the sum alone, only `apply` is too slow. Where there is no order, nothing. */
export function lintTime({ steps, deadlineMs }: LintInput): readonly PlanFault[] {
  if (deadlineMs === undefined) return [];
  const schedule = scheduleOf(steps.map(({ step }) => step));
  if (schedule === undefined || schedule.totalMs <= deadlineMs) return [];
  const { criticalPath, criticalMs, totalMs } = schedule;
  const expected = `at most ${formatDuration(deadlineMs)}`;
  const found =
    criticalMs > deadlineMs
      ? `${formatDuration(criticalMs)} on the critical path (${criticalPath.join(" → ")}), ${formatDuration(totalMs)} in all`
      : `${formatDuration(totalMs)} one step after the other; ${formatDuration(criticalMs)} side by side`;
  return [
    {
      code: "PLAN_OVER_DEADLINE",
      path: "deadline",
      expected,
      found,
      ...(criticalMs <= deadlineMs && { severity: "warning" as const }),
    },
  ];
}
