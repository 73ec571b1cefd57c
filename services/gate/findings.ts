import type { Finding } from "../findings/finding.ts";
import { isStrict, STRICT, stops, type Strictness, stricter } from "../policy/strictness.ts";
import type { JudgedFinding, JudgedFindings, JudgedWaiver } from "../waivers/judge.ts";
import type { FindingsView } from "../waivers/view.ts";
import type { ActiveWaiver, Reason } from "./verdict.ts";

/** What findings make of a verdict. */
export interface FindingReasons {
  /** Whether any of them could stop a suite. */
  readonly strict: boolean;
  readonly blocking: readonly Reason[];
  readonly notes: readonly Reason[];
  /** Those in force, whether or not anybody is strict. */
  readonly waivers: readonly ActiveWaiver[];
}

/** Told of each kind; whatever more there is, is counted. */
const SHOWN = 20;

/** Pure. An area that nobody has looked at yet blocks: that nothing is known of it proves nothing. */
export function findingReasons(judged: JudgedFindings, strictness: Strictness): FindingReasons {
  const open = judged.findings.filter(({ waiver }) => waiver === undefined);
  const blocking = open.filter(({ source, finding }) => stops(strictness, source, finding.severity));
  const strict = isStrict(strictness);
  const pending = judged.pending.filter((area) => stops(strictness, area, "error"));
  return {
    strict,
    blocking: [...pending.map(pendingReason), ...shown(blocking, "blocks")],
    notes: strict ? shown(milder(open, blocking), "notes") : summary(open),
    waivers: judged.waivers.filter(({ state }) => state === "active" || state === "unchecked").map(activeOf),
  };
}

/** The reasons that hold now, for one who asks for strict validation or leaves it to the environment. */
export type ReadFindings = (strict: boolean) => FindingReasons;

/** Made anew only when the findings change: they are asked for with every verdict. */
export function createFindingReasons(view: FindingsView, strictness: Strictness): ReadFindings {
  const read = (own: Strictness) => {
    let last: { readonly judged: JudgedFindings; readonly reasons: FindingReasons } | undefined;
    return (): FindingReasons => {
      const judged = view.current();
      if (last?.judged !== judged) last = { judged, reasons: findingReasons(judged, own) };
      return last.reasons;
    };
  };
  const asked = read(stricter(strictness, STRICT));
  const usual = read(strictness);
  return (strict) => (strict ? asked() : usual());
}

const milder = (open: readonly JudgedFinding[], blocking: readonly JudgedFinding[]): JudgedFinding[] => {
  const gone = new Set(blocking);
  return open.filter((each) => !gone.has(each) && each.finding.severity !== "note");
};

function shown(found: readonly JudgedFinding[], effect: Reason["effect"]): Reason[] {
  const reasons = found.slice(0, SHOWN).map(({ finding }) => reasonOf(finding, effect));
  const rest = found.length - reasons.length;
  if (rest === 0) return reasons;
  const message = `There are ${rest} more findings like these; all of them: GET /findings, or greenlight config lint.`;
  return [...reasons, { ...OF_FINDINGS, effect, message }];
}

const OF_FINDINGS = { code: "FINDING", level: "required", curable: false } as const;

const reasonOf = (finding: Finding, effect: Reason["effect"]): Reason => ({
  ...OF_FINDINGS,
  level: effect === "blocks" ? "required" : "optional",
  effect,
  message: `${finding.code}: ${finding.message} Owner: ${finding.owner}.`,
  finding,
});

const pendingReason = (area: string): Reason => ({
  ...OF_FINDINGS,
  effect: "blocks",
  curable: true,
  message: `The findings of ${area} have not been collected yet, or not lately.`,
});

/** What somebody has configured, and so wants to hear of. */
const ASKED_FOR: ReadonlySet<string> = new Set(["policy", "waivers", "drift"]);

/** Where nobody is strict one line says that somebody could be. */
function summary(open: readonly JudgedFinding[]): Reason[] {
  const errors = open.filter(({ source, finding }) => finding.severity === "error" && ASKED_FOR.has(source));
  if (errors.length === 0) return [];
  const ids = errors.slice(0, 3).map(({ finding }) => finding.id);
  const more = errors.length > ids.length ? ` and ${errors.length - ids.length} more` : "";
  const message = `Strict validation would stop this suite: ${ids.join(", ")}${more}.`;
  return [{ ...OF_FINDINGS, level: "optional", effect: "notes", message }];
}

const activeOf = ({ finding, reason, owner, expires, daysLeft }: JudgedWaiver): ActiveWaiver => ({
  finding,
  reason,
  owner,
  expires,
  daysLeft,
});

/** That a policy made something milder. */
export const policyNote = (message: string): Reason => ({
  code: "POLICY",
  level: "optional",
  effect: "notes",
  curable: false,
  message,
});

/** Where nobody looks for any. Fails closed: that nobody looks for findings does not mean that there are none. */
export const noFindings: ReadFindings = (strict) =>
  strict
    ? { strict, blocking: [NOT_COLLECTED], notes: [], waivers: [] }
    : { strict, blocking: [], notes: [], waivers: [] };

const NOT_COLLECTED: Reason = {
  code: "FINDING",
  level: "required",
  effect: "blocks",
  curable: false,
  message: "Strict validation was asked for, and nothing here collects findings.",
};
