import type { Status } from "../probe/observation.ts";
import type { Check } from "./check.ts";

/**
 * The status over several checks: a required one counts as it is, an optional one at most as `warn`. What is not
 * known counts as failed, and so does a set without any check: fail closed.
 */
export function summarize(checks: readonly Pick<Check, "required" | "status">[]): Status {
  if (checks.length === 0) return "fail";
  let worst: Status = "pass";
  for (const { required, status } of checks) {
    if (status === "pass") continue;
    if (required && status !== "warn") return "fail";
    worst = "warn";
  }
  return worst;
}

/** The HTTP status for a health status; `failOnWarn` for monitors that cannot read a body. */
export function httpStatus(status: Status, failOnWarn = false): 200 | 503 {
  return status === "fail" || (failOnWarn && status === "warn") ? 503 : 200;
}
