import type { JudgedEvidence } from "./evidence.ts";
import type { KnownEnvironment } from "./kinds.ts";

/**
 * Why nothing may be written to this environment; none when it may. It is not known, it is production, something points at
 * production, nothing but the names of hosts says what it is, or a server's own word is missing, not asked for or another.
 */
export function vetoesIn(
  evidence: readonly JudgedEvidence[],
  environment: KnownEnvironment | undefined,
  unasked: readonly string[],
): readonly string[] {
  return [
    ...(environment === undefined ? ["which environment this is, is not known"] : []),
    ...(environment === "production" ? ["this is production"] : []),
    ...(isNamedByHosts(evidence) ? ["nothing but the name of a host says so"] : []),
    ...(unasked.length === 0
      ? []
      : [`not asked, although able to declare the environment: ${unasked.join(", ")}`]),
    ...evidence.flatMap((each) => vetoOf(each, environment) ?? []),
  ];
}

/** A host is named by whoever set it up, and a name outlives what it stood for. */
const isNamedByHosts = (evidence: readonly JudgedEvidence[]): boolean =>
  evidence.some(
    ({ tier, standing, says }) => tier === "url" && standing === "decides" && says !== "production",
  );

function vetoOf(
  { tier, source, production, says, standing, trouble, weight }: JudgedEvidence,
  environment: KnownEnvironment | undefined,
): string | undefined {
  if (tier === "declared" && trouble !== undefined) return DECLARATION[trouble].replace("{source}", source);
  const overruled = environment !== undefined && standing === "neutral";
  if (production && weight > 0 && environment !== "production" && !overruled)
    return `${source} points at production`;
  if (tier === "declared" && standing === "contradicts")
    return `${source} declares itself ${says ?? "another"}`;
  return undefined;
}

const DECLARATION = {
  missing: "{source} was to declare its environment, and does not",
  unreadable: "{source} was to declare its environment, and could not be asked",
  "not understood": "{source} declares an environment that is not known",
} as const;
