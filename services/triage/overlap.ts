import type { Incident } from "../history/incident.ts";
import type { Interval } from "./result.ts";

/** How long after it broke an incident may have been seen, and how long after its end tests still feel it, in ms. */
const LAG = 2000;
const AFTER = 1000;
/** A dependency that was last seen to pass longer ago than this before it was seen to fail: nothing says when it broke. */
const BLIND = 60_000;

/**
 * Pure: whether a test may have run during an incident. `certain`: its time is known well enough and it was not over
 * when the incident was seen to begin, or the incident lasted as long as the whole stretch in which it ran.
 */
export function overlapOf(
  { from, to, precision }: Interval,
  { startedAt, endedAt = Infinity, lastPassAt = startedAt - LAG }: Incident,
): "none" | "possible" | "certain" {
  const began = Math.max(Math.min(lastPassAt, startedAt), startedAt - BLIND);
  if (!(to >= began && from <= endedAt + AFTER)) return "none";
  // It had ended when the incident was seen to begin: it may have felt it, and may as well have failed for itself.
  if (to < startedAt) return "possible";
  if (precision !== "suite") return "certain";
  return startedAt <= from && endedAt >= to ? "certain" : "possible";
}
