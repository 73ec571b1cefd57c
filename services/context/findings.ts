import { compareFindings, createFinding } from "../findings/create.ts";
import type { Finding, Place } from "../findings/finding.ts";
import { type Contradiction, PART_OF } from "./contradictions.ts";
import type { Detection } from "./detect.ts";
import type { JudgedEvidence } from "./evidence.ts";

/** What is wrong with a context: contradictions, what is unknown, and servers that do not say what they should. */
export function findingsOf(detection: Detection): readonly Finding[] {
  const { evidence, contradictions, environment } = detection;
  const troubles = evidence.flatMap((each) => troubleOf(each) ?? []);
  const unknown = environment === "unknown" ? [unknownFinding(detection)] : [];
  const found = [
    ...contradictions.map((each) => contradictionFinding(each, evidence)),
    ...troubles,
    ...unknown,
  ];
  // One source may be contradicted twice, by its host and by its project.
  return [...new Map(found.map((finding) => [finding.id, finding])).values()].toSorted(compareFindings);
}

function contradictionFinding(
  { code, one, other, message }: Contradiction,
  evidence: readonly JudgedEvidence[],
): Finding {
  const sides = [one.source, other.source].map((source) => evidence.find((each) => each.source === source));
  const declared = sides.find((side) => side?.tier === "declared")?.source;
  return createFinding({
    code,
    subject: other.source,
    message,
    place: placeOf(sides[1]),
    evidence: sides.flatMap((side) => (side === undefined ? [] : [describe(side)])),
    facts: { decidedBy: one.source, dependency: declared ?? other.source },
  });
}

const describe = ({ source, says, detail }: JudgedEvidence): string =>
  `${source}: ${says ?? "names several, production among them"} (${detail})`;

function placeOf(evidence: JudgedEvidence | undefined): Place {
  const { tier, source = "context" } = evidence ?? {};
  if (tier === "declared") return { kind: "dependency", name: source };
  if (/^[A-Z][A-Z\d_]*$/.test(source)) return { kind: "variable", name: source };
  const dependency = PART_OF.exec(source)?.[1]?.split(".")[0];
  return dependency === undefined
    ? { kind: "source", name: source }
    : { kind: "dependency", name: dependency };
}

function troubleOf(evidence: JudgedEvidence): Finding | undefined {
  const { tier, source, trouble, detail } = evidence;
  if (trouble === undefined) return undefined;
  const place = placeOf(evidence);
  if (tier !== "declared") {
    return createFinding({
      code: "CONTEXT_NAME_UNKNOWN",
      subject: source,
      message: `${source}: ${detail}.`,
      place,
    });
  }
  const code = (
    {
      missing: "CONTEXT_DECLARATION_MISSING",
      unreadable: "CONTEXT_DECLARATION_UNREADABLE",
      "not understood": "CONTEXT_DECLARATION_UNKNOWN",
    } as const
  )[trouble];
  return createFinding({ code, subject: source, message: `${source}: ${detail}.`, place });
}

function unknownFinding({ evidence, contradictions }: Detection): Finding {
  const silent = evidence.map(({ source, detail }) => `${source}: ${detail}`);
  return createFinding({
    code: "CONTEXT_UNKNOWN",
    subject: "environment",
    message:
      contradictions.length > 0
        ? "Indicators of the same weight name different environments, so that none can be believed."
        : "Nothing tells which environment this is.",
    place: { kind: "source", name: "context" },
    evidence: silent,
  });
}
