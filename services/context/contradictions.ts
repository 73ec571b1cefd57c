import type { JudgedEvidence } from "./evidence.ts";
import type { EnvironmentKind, KnownEnvironment } from "./kinds.ts";

/** What of a URL of a dependency speaks: `redis.host`. */
export const PART_OF = /^([a-z][\w.-]*)\.(host|database|project)$/;

/** Two that cannot both be true. */
export interface Contradiction {
  readonly code:
    | "CONTEXT_DECLARED_MISMATCH"
    | "CONTEXT_PRODUCTION_INDICATED"
    | "CONTEXT_PLATFORM_CONFLICT"
    | "CONTEXT_CONTRADICTION";
  /** Who decided; where nobody could, the first of those that disagree. */
  readonly one: { readonly source: string; readonly says: EnvironmentKind };
  readonly other: {
    readonly source: string;
    readonly says: KnownEnvironment | "several, production among them";
  };
  readonly message: string;
}

/** Everything that speaks against what was decided, the most binding first. */
export function contradictionsIn(evidence: readonly JudgedEvidence[]): readonly Contradiction[] {
  const against = evidence.filter(({ standing }) => standing === "contradicts");
  const decider = evidence.find(({ standing }) => standing === "decides") ?? against[0];
  if (decider?.says === undefined) return [];
  const { says } = decider;
  return against
    .filter((each) => each !== decider && each.says !== says)
    .map((each) => {
      const theirs = each.says ?? "several, production among them";
      return {
        code: codeOf(decider, each),
        one: { source: decider.source, says },
        other: { source: each.source, says: theirs },
        message: `${capital(nameOf(decider))} ${verbOf(decider)} ${says}, and ${nameOf(each)} ${claimOf(each)} (${each.detail}).`,
      };
    });
}

const capital = (text: string): string => text.replace(/^t(?=he )/, "T");

const claimOf = (evidence: JudgedEvidence): string =>
  evidence.says === undefined ? "points at production" : `${verbOf(evidence)} ${evidence.says}`;

const verbOf = ({ tier }: JudgedEvidence): string => (tier === "declared" ? "declares itself" : "says");

/** `--env`, `NODE_ENV`, `the server postgres`, `the host of redis`. */
function nameOf({ tier, source }: JudgedEvidence): string {
  if (tier === "declared") return `the server ${source}`;
  return source.replace(PART_OF, "the $2 of $1");
}

function codeOf(one: JudgedEvidence, other: JudgedEvidence): Contradiction["code"] {
  if (one.tier === "declared" || other.tier === "declared") return "CONTEXT_DECLARED_MISMATCH";
  if (other.production) return "CONTEXT_PRODUCTION_INDICATED";
  if (other.tier === "platform") return "CONTEXT_PLATFORM_CONFLICT";
  return "CONTEXT_CONTRADICTION";
}
