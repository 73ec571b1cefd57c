import { compareFindings, createFinding } from "../findings/create.ts";
import type { Finding, Severity } from "../findings/finding.ts";
import type { FindingsSnapshot } from "../findings/registry.ts";
import { codeOf, daysLeft, isExpired, type Waiver } from "./waiver.ts";

/** `active`: in force. `unchecked`: in force, and not everything has been looked at yet, so whether it is needed is not known. */
export type WaiverState = "active" | "unchecked" | "unknown" | "expired";

export interface JudgedWaiver extends Waiver {
  readonly state: WaiverState;
  /** Whole days after today; negative when it has expired. */
  readonly daysLeft: number;
}

export interface JudgedFinding {
  readonly finding: Finding;
  /** The area that it was found in. */
  readonly source: string;
  /** Absent for what nobody has accepted, or no longer. */
  readonly waiver?: JudgedWaiver;
}

/** All that is known at one moment, and what of it is accepted. */
export interface JudgedFindings {
  /** The worst first. */
  readonly findings: readonly JudgedFinding[];
  /** In the order of the configuration. */
  readonly waivers: readonly JudgedWaiver[];
  /** Areas that have not been looked at yet: that they show nothing proves nothing. */
  readonly pending: readonly string[];
  readonly complete: boolean;
}

export interface JudgeInput {
  readonly snapshot: FindingsSnapshot;
  readonly waivers: readonly Waiver[];
  /** Wall-clock ms. */
  readonly now: number;
  /** Whether the gate ever sees findings of this code; a waiver of another is not asked for here. Default: all are seen. */
  readonly isSeen?: (code: string) => boolean;
}

/** Pure: which findings count. A waiver covers exactly the finding it names, to the end of its day. */
export function judgeFindings({ snapshot, waivers, now, isSeen = () => true }: JudgeInput): JudgedFindings {
  const present = new Set(snapshot.findings.map(({ id }) => id));
  const judged = waivers.map((waiver): JudgedWaiver => {
    const needed = present.has(waiver.finding) || !isSeen(codeOf(waiver));
    const state = isExpired(waiver, now)
      ? "expired"
      : needed
        ? "active"
        : snapshot.complete
          ? "unknown"
          : "unchecked";
    return { ...waiver, state, daysLeft: daysLeft(waiver, now) };
  });
  const inForce = new Map(
    judged.flatMap((waiver) => (waiver.state === "active" ? [[waiver.finding, waiver] as const] : [])),
  );
  const sourceOf = new Map(
    snapshot.sources.flatMap(({ name, findings }) => findings.map(({ id }) => [id, name] as const)),
  );
  const found = snapshot.findings.map((finding): JudgedFinding => {
    const waiver = inForce.get(finding.id);
    const source = sourceOf.get(finding.id) ?? sourceIn(finding);
    return { finding, source, ...(waiver !== undefined && isWaivable(finding.code) && { waiver }) };
  });
  const own = judged.flatMap((waiver) => waiverFindings(waiver));
  return {
    findings: [...found, ...own].toSorted((a, b) => compareFindings(a.finding, b.finding)),
    waivers: judged,
    pending: snapshot.sources.flatMap(({ name, status }) => (status === "pending" ? [name] : [])),
    complete: snapshot.complete,
  };
}

/** Nobody can accept that it is not known what there is to accept, or that an acceptance has ended. */
export const isWaivable = (code: string): boolean => !/^(?:WAIVER|SOURCE)_/.test(code);

/** That a source failed is no finding of the source itself. */
const sourceIn = ({ place }: Finding): string => (place?.kind === "source" ? place.name : "policy");

function waiverFindings({ finding: id, reason, owner, expires, state }: JudgedWaiver): JudgedFinding[] {
  if (state !== "expired" && state !== "unknown") return [];
  const finding = createFinding({
    code: state === "expired" ? "WAIVER_EXPIRED" : "WAIVER_UNKNOWN",
    subject: id,
    message:
      state === "expired"
        ? `The waiver for ${id} expired at the end of ${expires} (UTC); ${owner} accepted it.`
        : `The waiver for ${id} is about nothing that is found now; ${owner} accepted it until ${expires}.`,
    evidence: [`reason: ${reason}`],
  });
  return [{ finding, source: "waivers" }];
}

/** What is neither waived nor a note, by severity; notes too. */
export function countOpen({
  findings,
}: Pick<JudgedFindings, "findings">): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { finding, waiver } of findings) if (waiver === undefined) counts[finding.severity] += 1;
  return counts;
}
