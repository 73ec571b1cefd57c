/** triage: what each red test says about the product and about the environment, from its own words and what happened meanwhile. */
import type { CauseCode } from "../causes.ts";
import type { Incident } from "../history/incident.ts";

/** When a test ran, in wall-clock milliseconds, and how well that is known. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  /** `exact`: recorded by the run; `estimated`: from durations in order; `suite`: that of the whole file or suite. */
  readonly precision: "exact" | "estimated" | "suite";
}

/** One test of a report. */
export interface TestResult {
  /** Unique in its report: the suite's name, the class and the test's own. */
  readonly id: string;
  readonly suite: string;
  readonly classname: string;
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly status: "passed" | "failed" | "error" | "skipped";
  /** Milliseconds; absent where the report has none. */
  readonly durationMs?: number;
  readonly interval?: Interval;
  /** Type, message and text of the failure, cut to a length that is still readable. */
  readonly failure?: { readonly type?: string; readonly message: string; readonly text: string };
}

/** Whose fault a red test is. */
export type Attribution = "environment" | "test" | "mixed" | "undetermined";

/** What speaks for an attribution. */
export type Evidence =
  | {
      readonly kind: "incident";
      readonly incident: Pick<Incident, "id" | "dependency" | "startedAt" | "endedAt" | "status"> & {
        readonly code: string;
        readonly title: string;
        readonly rung: string;
      };
      /** How the test's time and the incident's lie to each other. */
      readonly overlap: Interval["precision"];
    }
  | {
      readonly kind: "text";
      /** The cause that the failure's own words name. */
      readonly code: CauseCode;
      /** Which kind of dependency the words are those of, where that shows. */
      readonly dependencyKind?: string;
      /** The words themselves, redacted and short. */
      readonly matched: string;
    };

/** One red test, judged. */
export interface Judged {
  readonly test: TestResult;
  readonly attribution: Attribution;
  /** One sentence. */
  readonly because: string;
  readonly evidence: readonly Evidence[];
}

/** How many tests there were, and how they ended. */
export interface Counts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Why a report could not be read, or not to its end; what was read before is counted. */
export interface ReportFault {
  readonly file: string;
  /** Where it was met, from 1; absent when the file could not be opened. */
  readonly line?: number;
  readonly expected: string;
  readonly found: string;
}

/** Everything that one run's reports say. */
export interface TriageResult {
  readonly counts: Counts;
  /** Reports that were not read whole, or contradict themselves: what they say is incomplete, so nothing may be excused on their word. */
  readonly faults: readonly ReportFault[];
  /** Tests that a second report told again in the same words; each is counted once. */
  readonly duplicates: number;
  /** Every red test, in the order of the reports. */
  readonly judged: readonly Judged[];
  readonly byAttribution: Readonly<Record<Attribution, number>>;
}
