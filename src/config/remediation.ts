/** Remediation: what may be applied without a person, held against what ever may be. */
import { AUTOMATIC_KINDS, PERSONAL_KINDS } from "../../services/remediation/auto-apply.ts";
import { type ResolveInput, faultAt } from "./input.ts";
import { describeKey } from "./redact.ts";
import type { ParsedRemediation } from "./schema-remediation.ts";
import { nearest } from "./suggest.ts";

export interface RemediationOptions {
  /** Kinds of actions; empty: the service applies nothing by itself. */
  readonly autoApply: readonly string[];
  readonly attempts: number;
  readonly applyTimeoutMs: number;
}

/** Reports kinds that do not exist, and those that always want a person. */
export function resolveRemediation(
  { autoApply, attempts, applyTimeout }: ParsedRemediation,
  input: ResolveInput,
): RemediationOptions {
  const allowed: readonly string[] = AUTOMATIC_KINDS;
  for (const [index, kind] of autoApply.entries()) {
    if (allowed.includes(kind)) continue;
    const near = nearest(kind, allowed);
    faultAt(input, `remediation.autoApply.${index}`, {
      expected: `one of ${allowed.map((each) => `\`${each}\``).join(", ")}`,
      found: PERSONAL_KINDS.includes(kind) ? `\`${kind}\`, which a person has to approve` : describeKey(kind),
      ...(near !== undefined && { suggestion: `did you mean \`${near}\`?` }),
    });
  }
  return { autoApply: [...new Set(autoApply)], attempts, applyTimeoutMs: applyTimeout };
}
