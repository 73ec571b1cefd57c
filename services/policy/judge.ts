import { createFinding } from "../findings/create.ts";
import type { Finding } from "../findings/finding.ts";
import { requiredBy } from "./demands.ts";
import { flagOf, type StrictFlagName } from "./flags.ts";
import type { Demand, Policy } from "./policy.ts";
import type { Flags } from "./read-flags.ts";

/** All that the policy of one environment is judged by. */
export interface PolicyFacts {
  readonly environment: string;
  readonly production: boolean;
  readonly policy: Policy | undefined;
  readonly flags: Flags;
  /** The names of what is configured. */
  readonly configured: readonly string[];
  /** What the key `strict` says; undefined when nobody wrote it. */
  readonly strict: boolean | undefined;
  /** Whether there is anything that drift could be measured against; undefined where that is not known. */
  readonly hasBaseline: boolean | undefined;
}

/** Pure: every breach of the policy, every flag that does not do what its reader must think, every bypass. */
export function policyFindings(facts: PolicyFacts): readonly Finding[] {
  return [
    ...offFindings(facts),
    ...demandFindings(facts),
    ...missedByFlags(facts),
    ...facts.flags.unreadable.map(unreadable),
    ...facts.flags.on.flatMap((flag) => [...contradictions(flag, facts), ...withoutEffect(flag, facts)]),
    ...facts.flags.off.flatMap((flag) => denials(flag, facts)),
    ...facts.flags.bypasses.map(bypass),
  ];
}

const variable = (name: string) => ({ kind: "variable", name }) as const;
const dependency = (name: string) => ({ kind: "dependency", name }) as const;

function offFindings({ policy, environment, production }: PolicyFacts): Finding[] {
  if (policy?.mode !== "off") return [];
  return [
    createFinding({
      code: "POLICY_OFF",
      subject: environment,
      message: `The policy for ${environment} is off, so nothing of what it says holds.`,
      severity: production ? "error" : "note",
      evidence: Object.entries(policy.requires).map(([name, demand]) => `${name}: ${demand}`),
    }),
  ];
}

function demandFindings({ policy, environment, configured }: PolicyFacts): Finding[] {
  if (policy === undefined || policy.mode === "off") return [];
  const severity = policy.mode === "enforce" ? "error" : "warning";
  return Object.entries(policy.requires).flatMap(([name, demand]) => {
    const present = configured.includes(name);
    if (demand === "forbidden" && present) {
      return createFinding({
        code: "POLICY_FORBIDDEN",
        subject: name,
        severity,
        place: dependency(name),
        message: `${name} is configured, and the policy for ${environment} forbids it.`,
      });
    }
    if (demand !== "required" || present) return [];
    return missing(name, `the policy for ${environment}`, severity);
  });
}

const missing = (name: string, because: string, severity: "error" | "warning"): Finding =>
  createFinding({
    code: "POLICY_REQUIRED_MISSING",
    subject: name,
    severity,
    place: dependency(name),
    message: `${name} is not configured, and ${because} requires it.`,
  });

function missedByFlags({ flags, configured, policy }: PolicyFacts): Finding[] {
  const told = policy?.mode === "enforce" ? policy.requires : {};
  return flags.on.flatMap((flag) => {
    const { effect } = flagOf(flag);
    if (effect.kind !== "require") return [];
    return requiredBy(effect.what, configured)
      .filter((name) => !configured.includes(name) && told[name] !== "required")
      .map((name) => missing(name, flag, "error"));
  });
}

const unreadable = (flag: StrictFlagName): Finding =>
  createFinding({
    code: "FLAG_NOT_BOOLEAN",
    subject: flag,
    place: variable(flag),
    message: `${flag} is neither true nor false; it is taken as true.`,
  });

const bypass = (name: string): Finding =>
  createFinding({
    code: "FLAG_BYPASS",
    subject: name,
    place: variable(name),
    message: `${name} is set: by its name it turns a check off.`,
  });

const contradiction = (flag: StrictFlagName, evidence: readonly string[], holds: string): Finding =>
  createFinding({
    code: "FLAG_CONTRADICTS",
    subject: flag,
    place: variable(flag),
    message: `${flag} and the configuration say different things: ${evidence.join(", ")}. The stricter holds: ${holds}.`,
    evidence,
  });

/** A flag that is set, where the file says something milder. */
function contradictions(flag: StrictFlagName, facts: PolicyFacts): Finding[] {
  const milder = milderIn(facts, flag);
  return milder.length === 0 ? [] : [contradiction(flag, milder, "the variable")];
}

function milderIn({ policy, strict, configured }: PolicyFacts, flag: StrictFlagName): readonly string[] {
  const { effect } = flagOf(flag);
  const said = policy !== undefined && policy.mode !== "off" ? Object.entries(policy.requires) : [];
  const byPolicy = (milder: (name: string, demand: Demand) => boolean): string[] =>
    said
      .filter(([name, demand]) => milder(name, demand))
      .map(([name, demand]) => `${name} is ${demand} by the policy`);
  if (effect.kind === "require") {
    const names = requiredBy(effect.what, configured);
    return byPolicy((name, demand) => names.includes(name) && demand !== "required");
  }
  if (effect.kind === "raise") return byPolicy((_, demand) => demand === "optional" || demand === "ignored");
  if (effect.kind === "strict") {
    return [
      ...(strict === false ? ["the key `strict` is false"] : []),
      ...(policy?.strict === false ? ["`strict` of the policy is false"] : []),
    ];
  }
  return policy?.allowMock === true && policy.mode !== "off" ? ["the policy allows a mock"] : [];
}

/** A flag that is said to be false, where the file says that it holds: the file does. */
function denials(flag: StrictFlagName, { policy, strict }: PolicyFacts): Finding[] {
  const { effect } = flagOf(flag);
  if (effect.kind === "strict" && (strict === true || policy?.strict === true))
    return [contradiction(flag, ["`strict` is true"], "the file")];
  if (effect.kind !== "require" || policy === undefined || policy.mode !== "enforce") return [];
  if (policy.requires[effect.what] !== "required") return [];
  return [contradiction(flag, [`${effect.what} is required by the policy`], "the file")];
}

/** Whoever reads such a flag believes that something is checked. */
function withoutEffect(flag: StrictFlagName, { configured, hasBaseline }: PolicyFacts): Finding[] {
  const { effect } = flagOf(flag);
  const why =
    effect.kind === "require" && requiredBy(effect.what, configured).length === 0
      ? "nothing of what it requires is configured"
      : effect.kind === "real" && !configured.includes("auth")
        ? "nothing that is configured is found among several servers"
        : flag === "FAIL_ON_CONFIG_DRIFT" && hasBaseline === false
          ? "no baseline is configured, so there is nothing to compare with"
          : undefined;
  if (why === undefined) return [];
  return [
    createFinding({
      code: "FLAG_WITHOUT_EFFECT",
      subject: flag,
      place: variable(flag),
      message: `${flag} is set and has no effect: ${why}.`,
    }),
  ];
}
