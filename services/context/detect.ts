import { type Contradiction, contradictionsIn } from "./contradictions.ts";
import { decide, type Decision, rankTiers } from "./decide.ts";
import type { ContextInputs, Evidence, JudgedEvidence } from "./evidence.ts";
import { filesIn } from "./files.ts";
import type { ContextRules, EnvironmentKind, Tier } from "./kinds.ts";
import { createReadName } from "./labels.ts";
import { projectsIn, urlsIn } from "./names.ts";
import { platformIn } from "./platform.ts";
import { judge } from "./standing.ts";
import { statementsIn } from "./statements.ts";
import { customaryIn } from "./variables.ts";
import { vetoesIn } from "./vetoes.ts";

/** Which environment this is, and why. */
export interface Detection {
  readonly environment: EnvironmentKind;
  /** 0 to 1: how much what agrees proves, less what contradicts. */
  readonly confidence: number;
  /** Who decided: `--env`, `NODE_ENV`, `postgres`; null while it is unknown. */
  readonly decidedBy: string | null;
  readonly tier: Tier | null;
  /** Of those that name an environment, how many name this one. */
  readonly indicators: { readonly agree: number; readonly total: number };
  /** The most binding first. */
  readonly evidence: readonly JudgedEvidence[];
  readonly contradictions: readonly Contradiction[];
  /** Whether anything may be written to this environment; false while anything points at production. */
  readonly mayWrite: boolean;
  /** Why it may not be written to. */
  readonly vetoes: readonly string[];
  /** Who could declare the environment, and was not asked. */
  readonly unasked: readonly string[];
}

/** Detects the environment. Pure: the same inputs and rules always come to the same. */
export function detect(inputs: ContextInputs, rules: ContextRules): Detection {
  const readName = createReadName(rules);
  const { weights } = rules;
  const hints: readonly Evidence[] = [
    ...customaryIn(inputs.variables, rules, readName),
    ...platformIn(inputs, rules, readName),
    ...projectsIn(inputs, rules, readName),
    ...urlsIn(inputs.urls, rules, readName),
    ...filesIn(inputs.files, rules, readName),
  ];
  const found = [
    ...statementsIn(inputs, weights, readName),
    ...hints.filter(({ source }) => !rules.ignore.includes(source)),
  ];
  const decision = decide(found, weights);
  const ranks = rankTiers(weights);
  const evidence = found
    .map((each) => judge(each, decision))
    .toSorted((a, b) => ranks.indexOf(a.tier) - ranks.indexOf(b.tier));
  const vetoes = vetoesIn(evidence, decision.kind, inputs.unasked);
  return {
    environment: decision.kind ?? "unknown",
    confidence: confidenceOf(evidence, decision),
    decidedBy: decision.kind === undefined ? null : decision.by.source,
    tier: decision.kind === undefined ? null : decision.by.tier,
    indicators: indicatorsIn(evidence),
    evidence,
    contradictions: contradictionsIn(evidence),
    mayWrite: vetoes.length === 0,
    vetoes,
    unasked: inputs.unasked,
  };
}

function indicatorsIn(evidence: readonly JudgedEvidence[]): Detection["indicators"] {
  const agree = evidence.filter(({ standing }) => standing === "decides" || standing === "agrees").length;
  return { agree, total: agree + evidence.filter(({ standing }) => standing === "contradicts").length };
}

function confidenceOf(evidence: readonly JudgedEvidence[], decision: Decision): number {
  if (decision.kind === undefined) return 0;
  const support = proofOf(evidence.filter(({ standing }) => standing === "decides" || standing === "agrees"));
  const opposition = proofOf(evidence.filter(({ standing }) => standing === "contradicts"));
  return Math.round(support * (1 - opposition) * 100) / 100;
}

/** How much several prove together; each tier counts once, since its members mostly come out of one hand. */
function proofOf(evidence: readonly Evidence[]): number {
  const byTier = new Map<Tier, number>();
  for (const { tier, weight } of evidence) byTier.set(tier, Math.max(weight, byTier.get(tier) ?? 0));
  return 1 - [...byTier.values()].reduce((doubt, weight) => doubt * (1 - weight / 100), 1);
}
