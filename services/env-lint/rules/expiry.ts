import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import { readDate } from "../date.ts";
import { isExpiryName, scopesOf, type Scope, type Setting, withoutExpiry } from "../flag.ts";
import type { LintInput } from "../input.ts";
import { permissiveKind } from "../permissive.ts";
import { isPlaceholder } from "../placeholder.ts";
import { isOn } from "../words.ts";

/**
 * Dates in keys such as `*_EXPIRY`, `*_EXPIRES`, `*_UNTIL` that have passed or cannot be read. Not reported: durations
 * (`TOKEN_EXPIRES=15m`, `3600`), `never`, empty ones, placeholders (another rule's), what another layer overrides, and the
 * date of a flag, which is told of the flag: with the flag off, nothing ends.
 */
export function expiry(input: LintInput): readonly Finding[] {
  return scopesOf({ ...input, variables: {} }).flatMap((scope) =>
    [...scope.settings.values()].flatMap((setting) =>
      isExpiryName(setting.key) && !setting.composed ? judge(setting, scope, input.now) : [],
    ),
  );
}

function judge(setting: Setting, scope: Scope, now: number): readonly Finding[] {
  const { key, value, subject, place } = setting;
  const flag = scope.settings.get(withoutExpiry(key));
  const isFlags = permissiveKind(withoutExpiry(key)) !== undefined;
  if (isFlags && (flag === undefined || !isOn(flag.value))) return [];
  const reading = readDate(value);
  const common = { subject, place, facts: { key } };
  if (reading.kind === "unreadable" && !isPlaceholder(value)) {
    const message = `${key} is no date that can be read, so it can never be enforced.`;
    const severity = isFlags ? "error" : "warning";
    return [
      createFinding({
        code: "ENV_EXPIRY_UNREADABLE",
        ...common,
        severity,
        message,
        evidence: [`${value.length} ${value.length === 1 ? "character" : "characters"}`],
      }),
    ];
  }
  if (isFlags || reading.kind !== "date" || reading.until >= now) return [];
  const message = `${key} has passed: ${reading.shown}.`;
  return [createFinding({ code: "ENV_EXPIRED", ...common, message })];
}
