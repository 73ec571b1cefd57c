import { formatDuration } from "../../services/duration.ts";
import type { Reason } from "../../services/gate/verdict.ts";
import { EXIT } from "../exit-codes.ts";
import type { RunOutcome } from "../views/run-record.ts";
import { formatMs } from "../views/text.ts";
import { isProvenUnfit } from "./seen.ts";
import type { Seen } from "./watch.ts";

/** How a wait ended, for people and for the shell. */
export interface GateEnd {
  readonly outcome: Extract<RunOutcome, "passed" | "unfit" | "not-fit-in-time">;
  readonly exitCode: number;
  /** One sentence: the verdict. */
  readonly summary: string;
  readonly nextSteps: readonly string[];
}

export interface GateEndInput {
  readonly seen: Seen;
  readonly waitedMs: number;
  readonly timeoutMs: number;
  /** What was waited for. */
  readonly until: "fit" | "unfit";
}

/** Pure: how a wait that saw this last has ended. Only `go` is a pass, and only a proven failure is one of `unfit`. */
export function describeGate(input: GateEndInput): GateEnd {
  return input.until === "fit" ? describeFit(input) : describeUnfit(input);
}

function describeFit({ seen, waitedMs, timeoutMs }: GateEndInput): GateEnd {
  const { evaluation, checks } = seen;
  const { suite, verdict, reasons } = evaluation;
  const nextSteps = stepsOf(reasons);
  switch (verdict) {
    case "go": {
      const notes = reasons.length === 0 ? "" : ` Noted: ${namesOf(reasons)}.`;
      const summary = `Go: suite ${suite} is fit (${countOf(checks.length)}), after ${formatMs(waitedMs)}.${notes}`;
      return { outcome: "passed", exitCode: EXIT.ok, summary, nextSteps };
    }
    case "stop": {
      const hopeless = reasons.filter(({ effect, curable }) => effect === "blocks" && !curable);
      const summary = `Stop: suite ${suite} is unfit, and waiting will not help: ${namesOf(hopeless)}.`;
      return { outcome: "unfit", exitCode: EXIT.unavailable, summary, nextSteps };
    }
    default: {
      const blocking = reasons.filter(({ effect }) => effect === "blocks");
      const within = `within ${formatDuration(timeoutMs)}`;
      const summary =
        verdict === "wait"
          ? `Not fit ${within}: suite ${suite} still waits${whatFor(blocking)}.`
          : `Inconclusive: it could not be told ${within} whether suite ${suite} is fit: ${namesOf(blocking)}.`;
      return { outcome: "not-fit-in-time", exitCode: EXIT.temporary, summary, nextSteps };
    }
  }
}

function describeUnfit({ seen, waitedMs, timeoutMs }: GateEndInput): GateEnd {
  const { suite, reasons, fit } = seen.evaluation;
  if (isProvenUnfit(seen)) {
    const broken = reasons.filter(({ code, effect }) => code === "NOT_FIT" && effect === "blocks");
    const summary = `Unfit, as asked for: suite ${suite} fails by ${namesOf(broken)}, after ${formatMs(waitedMs)}.`;
    return { outcome: "passed", exitCode: EXIT.ok, summary, nextSteps: [] };
  }
  const within = `within ${formatDuration(timeoutMs)}`;
  const summary = fit
    ? `Still fit: nothing that suite ${suite} requires failed ${within}.`
    : `Inconclusive: nothing that suite ${suite} requires was proven to fail ${within}: ${namesOf(reasons)}.`;
  return { outcome: "not-fit-in-time", exitCode: EXIT.temporary, summary, nextSteps: [] };
}

/** ` for postgres (CONNECT_REFUSED): the suite is held`. */
function whatFor(reasons: readonly Reason[]): string {
  const named = reasons.filter(({ dependency }) => dependency !== undefined);
  const general = reasons.filter(({ dependency }) => dependency === undefined);
  return `${named.length === 0 ? "" : ` for ${namesOf(named)}`}${general.length === 0 ? "" : `: ${namesOf(general)}`}`;
}

const countOf = (count: number): string => `${count} ${count === 1 ? "dependency" : "dependencies"}`;

/** `postgres (CONNECT_REFUSED), redis (not observed yet)`; of many findings the first few, since a table follows. */
export function namesOf(reasons: readonly Reason[]): string {
  const findings = reasons.flatMap(({ finding }) => finding?.id ?? []);
  const others = reasons.filter(({ finding }) => finding === undefined);
  const rest = findings.length - MOST_FINDINGS;
  const more = rest > 0 ? [`${rest} more ${rest === 1 ? "finding" : "findings"}`] : [];
  return [...others.map(nameOf), ...findings.slice(0, MOST_FINDINGS), ...more].join(", ");
}

const MOST_FINDINGS = 3;

const nameOf = ({ code, dependency, cause, message }: Reason): string =>
  dependency === undefined ? message.replace(/\.$/, "") : `${dependency} (${cause?.code ?? code})`;

/** What to do, for what is required first; each once. */
export function stepsOf(reasons: readonly Reason[]): readonly string[] {
  const steps = reasons.flatMap((reason) => {
    const { dependency = "", cause, finding } = reason;
    if (finding !== undefined)
      return finding.remedies.map((text) => `${finding.code} (${finding.owner}): ${text}`);
    const remedies = cause?.remedies ?? [];
    return remedies.length > 0
      ? remedies.map((text) => `${dependency}: ${text}`)
      : (OWN_STEPS[reason.code]?.(dependency) ?? []);
  });
  return [...new Set(steps)];
}

/** For reasons that no check's cause explains. */
const OWN_STEPS: { readonly [code in Reason["code"]]?: (dependency: string) => readonly string[] } = {
  NOT_CONFIGURED: (name) => [
    `${name}: Configure it where the suite is judged, or take it out of what the suite requires.`,
  ],
  ASSURANCE_TOO_LOW: (name) => [
    `${name}: Start the real service, or let the suite accept less by its \`assurance\`.`,
  ],
  CREDENTIAL: () => [
    "Issue a credential that lives longer than the suite takes, and hand it to this command in its variable.",
  ],
  HELD: () => ["Ask whoever holds the suite, or wait until the hold expires."],
  LEASED: () => ["Wait for the run that has the environment for itself, or raise --timeout."],
};
