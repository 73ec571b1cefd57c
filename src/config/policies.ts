/** What the policies of the file and the flags among the variables make of one environment. */
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { SuiteOptions } from "../../services/gate/suite.ts";
import { applyDemands } from "../../services/policy/apply.ts";
import { demandsOf } from "../../services/policy/demands.ts";
import { flagOf } from "../../services/policy/flags.ts";
import type { PolicyFacts } from "../../services/policy/judge.ts";
import { type Policy, policyFor } from "../../services/policy/policy.ts";
import { LENIENT, STRICT, type Strictness, stricter } from "../../services/policy/strictness.ts";
import { type ResolveInput, faultAt, isBroken, warnAt } from "./input.ts";
import { isProduction } from "./mocks.ts";
import { describeKey } from "./redact.ts";
import { NAME, NAME_EXPECTED } from "./schema-targets.ts";
import type { Parsed } from "./schema.ts";
import { nearest } from "./suggest.ts";
import { URL_VARIABLES } from "./variables.ts";

const KINDS = Object.keys(URL_VARIABLES);

export interface ResolvedPolicy {
  readonly policy: PolicyFacts;
  readonly strictness: Strictness;
}

/** What holds here: the policy of exactly this environment, and the flags. */
export function resolvePolicy(
  { policies, strict, environment, drift }: Parsed,
  dependencies: readonly DependencyOptions[],
  { flags, sources }: Pick<ResolveInput, "flags" | "sources">,
): ResolvedPolicy {
  const policy = policyFor(
    policies.map((each): Policy => ({ ...each, strict: each.strict })),
    environment,
  );
  const own = strict || policy?.strict === true ? STRICT : LENIENT;
  const strictness = flags.on
    .map((name) => flagOf(name).effect)
    .reduce((sum, effect) => (effect.kind === "strict" ? stricter(sum, effect.strictness) : sum), own);
  const facts: PolicyFacts = {
    environment,
    production: isProduction(environment),
    policy,
    flags,
    configured: dependencies.map(({ name }) => name),
    strict: sources.has("strict") ? strict : undefined,
    hasBaseline: drift.sources.length > 0,
  };
  return { policy: facts, strictness };
}

/** The suites as this environment wants them. */
export function applyPolicy(suites: readonly SuiteOptions[], facts: PolicyFacts): readonly SuiteOptions[] {
  const demands = demandsOf(facts);
  return suites.map((suite) => applyDemands(suite, demands));
}

/** Reports policies that cannot be meant. */
export function checkPolicies(parsed: Parsed, present: readonly string[], input: ResolveInput): void {
  const { policies, environment: here } = parsed;
  for (const [index, policy] of policies.entries()) {
    const path = `policies.${index}`;
    const { environment } = policy;
    if (policies.findIndex((other) => other.environment === environment) < index) {
      const expected = "one policy for each environment";
      faultAt(input, `${path}.environment`, { expected, found: "a second one for the same environment" });
    }
    if (environment !== here && environment.toLowerCase() === here.toLowerCase())
      warnAt(input, `${path}.environment`, `does not apply to ${here}: names are compared exactly`);
    checkMock(policy, path, input);
    checkOff(policy, path, parsed, input);
    for (const name of Object.keys(policy.requires))
      checkName(name, `${path}.requires.${name}`, present, input);
  }
}

type ParsedPolicy = Parsed["policies"][number];

function checkMock({ environment, allowMock, mode }: ParsedPolicy, path: string, input: ResolveInput): void {
  if (!allowMock) return;
  if (isProduction(environment)) {
    faultAt(input, `${path}.allowMock`, {
      expected: "no mocks in production",
      found: "`true` for a production environment",
      suggestion: "take it out; a mock proves nothing about production",
    });
  } else if (mode === "off") {
    faultAt(input, `${path}.allowMock`, {
      expected: "nothing that is to hold in a policy that is off",
      found: "`true`",
      suggestion: "set `mode: warn`, or take `allowMock` out",
    });
  }
}

/** Where a policy is off, somebody must have said why, and until when. */
function checkOff(
  { environment, strict, mode }: ParsedPolicy,
  path: string,
  parsed: Parsed,
  input: ResolveInput,
): void {
  if (mode !== "off") return;
  if (strict === true) {
    faultAt(input, `${path}.strict`, {
      expected: "nothing that is to hold in a policy that is off",
      found: "`true`",
      suggestion: "set `mode: enforce`, or use the key `strict` of the file",
    });
  }
  const finding = `POLICY_OFF:${environment}`;
  if (!isProduction(environment) || parsed.waivers.some((waiver) => waiver.finding === finding)) return;
  if (isBroken(input, "waivers")) return;
  faultAt(input, `${path}.mode`, {
    expected: `in production no policy that is off, unless a waiver for \`${finding}\` says why, who and until when`,
    found: "`off` and no such waiver",
    suggestion: "set `mode: warn` to see what it would do",
  });
}

/** A kind may be configured in another environment; any other name is known from the file, or misspelt. */
function checkName(name: string, path: string, present: readonly string[], input: ResolveInput): void {
  if (KINDS.includes(name) || present.includes(name)) return;
  const close = nearest(name, [...KINDS, ...present]);
  const expected = NAME.test(name)
    ? `one of ${[...new Set([...KINDS, ...present])].join(", ")}`
    : NAME_EXPECTED;
  faultAt(input, path, {
    expected,
    found: describeKey(name),
    ...(close !== undefined && { suggestion: `did you mean \`${close}\`?` }),
  });
}
