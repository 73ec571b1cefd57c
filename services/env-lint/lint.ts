import { compareFindings } from "../findings/create.ts";
import type { Finding } from "../findings/finding.ts";
import type { LintInput, Rule } from "./input.ts";
import { withoutPieces } from "./pieces.ts";
import { contradictions } from "./rules/contradictions.ts";
import { dialects } from "./rules/dialects.ts";
import { duplicates } from "./rules/duplicates.ts";
import { expiry } from "./rules/expiry.ts";
import { fileFaults } from "./rules/files.ts";
import { hosts } from "./rules/hosts.ts";
import { keys } from "./rules/keys.ts";
import { permissive } from "./rules/permissive.ts";
import { placeholders } from "./rules/placeholders.ts";
import { production } from "./rules/production.ts";
import { secrets } from "./rules/secrets.ts";
import { transport } from "./rules/transport.ts";
import { unused } from "./rules/unused.ts";

const RULES: readonly Rule[] = [
  fileFaults,
  keys,
  duplicates,
  contradictions,
  placeholders,
  expiry,
  permissive,
  transport,
  hosts,
  secrets,
  production,
  unused,
  dialects,
];

/** All that is wrong, each id once (a file may be in several stacks), the worst first. Holds no value of a variable. */
export function lintEnvironment(given: LintInput): readonly Finding[] {
  const input = withoutPieces(given);
  const byId = new Map<string, Finding>();
  for (const finding of RULES.flatMap((rule) => rule(input))) {
    const known = byId.get(finding.id);
    if (known === undefined || compareFindings(finding, known) < 0) byId.set(finding.id, finding);
  }
  return [...byId.values()].toSorted(compareFindings);
}
