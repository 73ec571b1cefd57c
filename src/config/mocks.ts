/** Whether a mock may serve: only where somebody has said so, and never where it would hide that nothing real does. */
import type { AuthOptions } from "../../services/dependencies/options.ts";
import { flagOf } from "../../services/policy/flags.ts";
import type { ResolveInput } from "./input.ts";
import type { Parsed } from "./schema.ts";

const PRODUCTION = new Set(["production", "prod", "live"]);
const NOT = new Set(["pre", "non", "not", "no"]);

/** `production`, `prod` or `live` as a whole word in any case (`eu-prod`), unless it is denied (`pre-prod`). */
export function isProduction(environment: string): boolean {
  const words = environment.toLowerCase().split(/[._-]+/);
  return words.some((word, index) => PRODUCTION.has(word) && !NOT.has(words[index - 1] ?? ""));
}

/** What the policy of this environment, strict mode, the flags and production leave of mocks. */
export function resolveMocks(
  { policies, strict, environment }: Parsed,
  { flags }: Pick<ResolveInput, "flags">,
): AuthOptions["mocks"] {
  const policy = policies.find((each) => each.environment === environment);
  if (strict || policy?.strict === true) return forbid("strict mode");
  const flag = flags.on.find(
    (name) => name === "ENABLE_STRICT_VALIDATION" || flagOf(name).effect.kind === "no-mock",
  );
  if (flag !== undefined) return forbid(flag);
  if (isProduction(environment)) return forbid("production");
  return policy?.allowMock === true ? { allowed: true } : forbid(`no policy allows a mock in ${environment}`);
}

const forbid = (because: string) => ({ allowed: false as const, because });
