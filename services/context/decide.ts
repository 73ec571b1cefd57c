import type { Evidence } from "./evidence.ts";
import { HINTS, type KnownEnvironment, STATEMENTS, type Tier, type Weights } from "./kinds.ts";

/** What was decided by whom; without a kind: those of one tier say different things, and none outweighs the others. */
export type Decision =
  | { readonly kind: KnownEnvironment; readonly by: Evidence }
  | { readonly kind: undefined; readonly tied: readonly Evidence[] };

/** The tiers, the most binding first: statements as they are, hints by weight. */
export function rankTiers(weights: Weights): readonly Tier[] {
  return [...STATEMENTS, ...HINTS.toSorted((a, b) => weights[b] - weights[a])];
}

/** The first tier that says anything decides; files never do. */
export function decide(evidence: readonly Evidence[], weights: Weights): Decision {
  for (const tier of rankTiers(weights)) {
    if (tier === "file") continue;
    const speaking = evidence.filter(
      (each) => each.tier === tier && each.says !== undefined && each.weight > 0,
    );
    if (speaking.length > 0) return decideTier(speaking);
  }
  return { kind: undefined, tied: [] };
}

function decideTier(speaking: readonly Evidence[]): Decision {
  const kinds = new Map<KnownEnvironment, number>();
  for (const { says, weight } of speaking)
    if (says !== undefined) kinds.set(says, (kinds.get(says) ?? 0) + weight);
  // A CI system says where it runs; whoever says more is not outvoted by that.
  if (kinds.size > 1) kinds.delete("ci");
  const heaviest = Math.max(...kinds.values());
  const leading = [...kinds].filter(([, weight]) => weight === heaviest).map(([kind]) => kind);
  const declared = speaking[0]?.tier === "declared";
  // A server that calls itself production is believed against all others.
  const production = kinds.has("production") && (declared || leading.includes("production"));
  const kind = production ? "production" : leading.length === 1 ? leading[0] : undefined;
  const by = speaking.filter(({ says }) => says === kind).toSorted((a, b) => b.weight - a.weight)[0];
  return kind === undefined || by === undefined
    ? { kind: undefined, tied: speaking.filter(({ says }) => says !== undefined && kinds.has(says)) }
    : { kind, by };
}
