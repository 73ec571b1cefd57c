/** Whether a mock may serve: only where somebody has said so, and never where it would hide that nothing real does. */
import type { AuthOptions } from "../../services/dependencies/options.ts";
import { type ResolveInput, faultAt } from "./input.ts";
import type { Parsed } from "./schema.ts";

const PRODUCTION = new Set(["production", "prod", "live"]);
const NOT = new Set(["pre", "non", "not", "no"]);

/** `production`, `prod` or `live` as a whole word in any case (`eu-prod`), unless it is denied (`pre-prod`). */
export function isProduction(environment: string): boolean {
  const words = environment.toLowerCase().split(/[._-]+/);
  return words.some((word, index) => PRODUCTION.has(word) && !NOT.has(words[index - 1] ?? ""));
}

/** What the policy of this environment, strict mode and production leave of mocks. */
export function resolveMocks({ policies, strict, environment }: Parsed): AuthOptions["mocks"] {
  const policy = policies.find((each) => each.environment === environment);
  if (strict || policy?.strict) return forbid("strict mode");
  if (isProduction(environment)) return forbid("production");
  return policy?.allowMock ? { allowed: true } : forbid(`no policy allows a mock in ${environment}`);
}

const forbid = (because: string) => ({ allowed: false as const, because });

/** Reports policies that cannot be meant. */
export function checkPolicies({ policies }: Parsed, input: ResolveInput): void {
  for (const [index, { environment, allowMock }] of policies.entries()) {
    const path = `policies.${index}`;
    if (allowMock && isProduction(environment)) {
      faultAt(input, `${path}.allowMock`, {
        expected: "no mocks in production",
        found: "`true` for a production environment",
        suggestion: "take it out; a mock proves nothing about production",
      });
    }
    if (policies.findIndex((other) => other.environment === environment) < index) {
      const expected = "one policy for each environment";
      faultAt(input, `${path}.environment`, { expected, found: "a second one for the same environment" });
    }
  }
}
