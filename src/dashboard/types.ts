/** dashboard: the page that a browser shows; plain modules, and what it asks for like any other caller. */

/** How a thing stands; each tone has a word and a shape too, since colours alone tell not everybody. */
export type Tone = "go" | "wait" | "stop" | "unknown" | "quiet";

/** Why a part of the data could not be had. */
export interface Trouble {
  readonly kind: "unreachable" | "refused" | "failed";
  /** HTTP; 0 where there was no answer. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** The command that the service proposes instead. */
  readonly run?: string;
}

/** An answer, or why there is none. */
export type Answer =
  | { readonly ok: true; readonly status: number; readonly body: unknown }
  | { readonly ok: false; readonly trouble: Trouble };

/** What is known of one path. */
export interface Part {
  /** The last answer that was one. */
  readonly status: number;
  readonly body: unknown;
  /** When that was asked for, in ms of the page's own clock; undefined while there was none. */
  readonly at: number | undefined;
  /** Of the last try, where it failed. */
  readonly trouble: Trouble | undefined;
}

/** By path. */
export type Parts = ReadonlyMap<string, Part>;

/** A part that may be believed now, or not, and then what it was. */
export interface Reading {
  readonly fresh: boolean;
  readonly body: unknown;
  readonly status: number;
  /** For how long it has been known, in ms; undefined where nothing is. */
  readonly ageMs: number | undefined;
  readonly trouble: Trouble | undefined;
}

export interface Line {
  readonly text: string;
  readonly tone?: Tone;
}

export interface SuiteCard {
  readonly name: string;
  readonly tone: Tone;
  readonly word: string;
  /** One sentence beside the word. */
  readonly meaning: string;
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
  readonly next: string | undefined;
  /** The share of the stability window that is proven, 0 to 1. */
  readonly settled: number | undefined;
}

export interface DependencyRow {
  readonly name: string;
  readonly tone: Tone;
  readonly word: string;
  readonly code: string;
  readonly title: string;
  readonly since: string;
  readonly latency: string;
  readonly serves: string;
  readonly others: readonly string[];
  readonly breaker: string;
  readonly version: string;
  readonly optional: boolean;
}

export interface ChainLink {
  readonly statement: string;
  readonly evidence: readonly string[];
}

export interface WhyCard {
  readonly key: string;
  readonly code: string;
  readonly title: string;
  readonly explanation: string;
  readonly owner: string;
  readonly confidence: string;
  readonly about: string;
  readonly links: readonly ChainLink[];
  readonly remedies: readonly string[];
  readonly plan: string | undefined;
  readonly ruledOut: readonly string[];
  readonly missing: readonly string[];
  readonly notHelpful: readonly string[];
}

export interface FindingRow {
  readonly key: string;
  readonly tone: Tone;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly place: string;
  readonly owner: string;
  readonly evidence: readonly string[];
  readonly remedies: readonly string[];
  readonly waiver: string | undefined;
}

export interface IncidentRow {
  readonly key: string;
  readonly tone: Tone;
  readonly dependency: string;
  readonly code: string;
  readonly title: string;
  readonly began: string;
  readonly lasted: string;
  readonly open: boolean;
}

export interface RunRow {
  readonly key: string;
  readonly tone: Tone;
  readonly outcome: string;
  readonly id: string;
  readonly plan: string;
  readonly by: string;
  readonly began: string;
}

/** A list with what is said above it. */
export interface Section<Row> {
  readonly rows: readonly Row[];
  /** Undefined where the rows say it all. */
  readonly note: string | undefined;
  /** What is shown is old, or cannot be had. */
  readonly stale: boolean;
}

export interface ContextView {
  readonly facts: readonly (readonly [term: string, text: string])[];
  readonly contradictions: readonly string[];
  readonly vetoes: readonly string[];
  readonly note: string | undefined;
  readonly stale: boolean;
}

export interface Headline {
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
}

/** All that the page shows of what it knows. */
export interface View {
  /** Of the window. */
  readonly title: string;
  readonly environment: string;
  readonly headline: Headline;
  /** Why what is shown is not believed; undefined while it is. */
  readonly alarm: string | undefined;
  readonly suites: readonly SuiteCard[];
  readonly dependencies: Section<DependencyRow>;
  readonly why: Section<WhyCard>;
  readonly context: ContextView;
  readonly findings: Section<FindingRow>;
  readonly incidents: Section<IncidentRow>;
  readonly runs: Section<RunRow>;
}
