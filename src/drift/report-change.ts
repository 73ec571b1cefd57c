import { subjectOf } from "../../services/drift/accept.ts";
import type { Change } from "../../services/drift/compare.ts";
import { addressOf } from "../../services/drift/reading.ts";
import type { DriftChange } from "../views/drift-report.ts";

/** A change as reports have it. */
export function reportChange(change: Change): DriftChange {
  const { kind, source, place } = change;
  const base = { kind, subject: subjectOf(change), source, ...(place !== undefined && { place }) };
  if (kind === "source-added") return { ...base, keys: change.entries.size };
  if (kind === "source-removed") return { ...base, keys: change.count };
  return {
    ...base,
    key: change.key,
    ...("before" in change && { before: change.before }),
    ...("after" in change && { after: change.after }),
    ...(kind === "renamed" && { from: addressOf(change.from.source, change.from.key) }),
  };
}
