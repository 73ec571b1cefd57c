import type { RunNews } from "../health/feed.ts";
import type { RunNotice } from "./engine.ts";

/** A notice of the engine as `/events` tells it: what and where, and none of the sentences. */
export function newsOfRun(notice: RunNotice): RunNews {
  const { runId } = notice;
  if (notice.kind === "waiting")
    return { runId, what: "waiting", ...(notice.step !== undefined && { step: notice.step }) };
  const { event } = notice;
  switch (event.type) {
    case "run-started":
      return {
        runId,
        what: event.type,
        plan: event.planId,
        environment: event.environment,
        by: event.by,
      };
    case "run-resumed":
      return { runId, what: event.type, by: event.by, result: event.to };
    case "run-ended":
      return { runId, what: event.type, result: event.outcome };
    case "step-ended":
      return { runId, what: event.type, step: event.step, result: event.result.kind };
    default:
      return { runId, what: event.type, step: event.step };
  }
}
