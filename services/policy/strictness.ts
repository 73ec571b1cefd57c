import type { Severity } from "../findings/finding.ts";

/** What is looked at for findings, by the name of its source. */
export type Area = "context" | "environment" | "policy" | "drift" | "waivers";

/** For each area the mildest severity that stops a suite; where an area is absent, its findings are told and no more. */
export type Strictness = Readonly<Partial<Record<Area, Exclude<Severity, "note">>>>;

export const LENIENT: Strictness = {};

/** Errors of every area stop a suite. */
export const STRICT: Strictness = {
  context: "error",
  environment: "error",
  policy: "error",
  drift: "error",
  waivers: "error",
};

/** Pure: all that either of them is strict about, as strictly. */
export function stricter(a: Strictness, b: Strictness): Strictness {
  const merged: Partial<Record<Area, Exclude<Severity, "note">>> = { ...a };
  for (const [area, severity] of Object.entries(b) as [Area, Exclude<Severity, "note">][]) {
    if (merged[area] !== "warning") merged[area] = severity;
  }
  return merged;
}

/** Whether there is anything that a finding could stop. */
export const isStrict = (strictness: Strictness): boolean => Object.keys(strictness).length > 0;

/** Whether a finding of this severity in that area stops a suite. */
export function stops(strictness: Strictness, area: string, severity: Severity): boolean {
  const least = strictness[area as Area];
  if (least === undefined || severity === "note") return false;
  return severity === "error" || least === "warning";
}
