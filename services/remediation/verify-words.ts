import { oneLine, type Redact } from "../redact.ts";
import type { Verified } from "./verifier.ts";

export const held = (evidence: string): Verified => ({ kind: "held", evidence });
export const broken = (evidence: string): Verified => ({ kind: "broken", evidence });
export const pending = (because: string): Verified => ({ kind: "pending", because });
export const unknown = (because: string): Verified => ({ kind: "unknown", because });

/** What time may still bring is pending; the rest is broken. */
export const contrary = (evidence: string, mayCome: boolean): Verified =>
  mayCome ? pending(evidence) : broken(evidence);

/** What was found or wanted, in a few words. Objects are not shown: nobody knows what is in them. */
export function shown(value: unknown, redact: Redact): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return oneLine(redact(JSON.stringify(value) ?? "something else"), 120);
}
