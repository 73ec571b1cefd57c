import type { Redact } from "../redact.ts";
import type { JournalEvent } from "./journal.ts";

/** What a run is finished and taken back by, which actions keep secrets out of; and names, which are no sentences. */
const AS_IT_IS = new Set(["plan", "prior", "type", "step", "runId", "planId", "digest", "environment"]);

/** The event with every sentence in it redacted. */
export function redactEvent<E extends JournalEvent>(event: E, redact: Redact): E {
  const entries = Object.entries(event).map(([key, member]: [string, unknown]) => [
    key,
    AS_IT_IS.has(key) ? member : redactIn(member, redact),
  ]);
  return Object.fromEntries(entries) as E;
}

/** The same for any value: every text in it, whatever its key. */
export function redactIn(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((entry: unknown) => redactIn(entry, redact));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]: [string, unknown]) => [
    key,
    redactIn(member, redact),
  ]);
  return Object.fromEntries(entries) as unknown;
}
