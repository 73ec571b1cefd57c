import { fillIn } from "./fill-in.ts";
import type { GcpError, Known } from "../gcp/transport.ts";
import type { CloudFacts } from "./cloud.ts";
import type { ProposedAction } from "./proposed-action.ts";
import type { Evidence, Link, Missing, RootCause, RuledOut, WrongRemedy } from "./root-cause.ts";
import { rootCauseDefinition, type RootCauseCode } from "./root-causes.ts";
import type { Symptom } from "./symptom.ts";

/** All that one explanation is judged by. */
export interface Case {
  readonly symptom: Symptom;
  /** Absent: no cloud is configured, or none of it was asked. */
  readonly facts?: CloudFacts;
  /** They are being read. */
  readonly pending?: boolean;
}

/** A root cause that the facts show. */
export interface Shown {
  readonly kind: "shown";
  readonly root: RootCause;
  /** What it is about: the same root cause of the same thing is told once. */
  readonly about: string;
  /** One or two, the deepest last. */
  readonly links: readonly Link[];
  /** What could speak against it and is not known. */
  readonly missing: readonly Missing[];
  readonly notHelpful: readonly WrongRemedy[];
}

/** What a known fact says against an explanation, or which fact is missing to judge it. */
export type Judgement =
  | Shown
  | ({ readonly kind: "excluded" } & RuledOut)
  | { readonly kind: "unknown"; readonly code: RootCauseCode; readonly missing: readonly Missing[] };

/** One explanation of a symptom; nothing where it has nothing to do with it. */
export type Hypothesis = (its: Case) => readonly Judgement[];

export interface ShowInput {
  readonly code: RootCauseCode;
  readonly about: string;
  readonly links: readonly Link[];
  readonly actions?: readonly ProposedAction[];
  /** Fill in the remedies. */
  readonly facts?: Readonly<Record<string, string | undefined>>;
  readonly missing?: readonly Missing[];
  readonly notHelpful?: readonly WrongRemedy[];
}

export function show(input: ShowInput): Shown {
  const { code, about, links, actions = [], facts = {}, missing = [], notHelpful = [] } = input;
  const { title, explanation, owner, remedies } = rootCauseDefinition(code);
  const root: RootCause = {
    code,
    title,
    explanation,
    owner,
    remedies: remedies.map((remedy) => fillIn(remedy, facts)),
    actions,
  };
  return { kind: "shown", root, about, links, missing, notHelpful };
}

export const exclude = (code: RootCauseCode, evidence: Evidence): Judgement => ({
  kind: "excluded",
  code,
  evidence,
});

export const api = (source: string, found: string): Evidence => ({ kind: "api", source, found });

export const link = (statement: string, ...evidence: readonly Evidence[]): Link => ({ statement, evidence });

/** What was not asked, and why that is. */
const NOT_ASKED = "it was not asked for";

/** Why a fact is not known. */
export function missing(what: string, known: Known<unknown> | undefined): Missing {
  if (known === undefined) return { what, because: NOT_ASKED };
  return { what, because: known.kind === "unknown" ? describe(known.because) : "it does not exist" };
}

export function unknownFor(
  code: RootCauseCode,
  what: string,
  known: Known<unknown> | undefined,
): readonly Judgement[] {
  return [{ kind: "unknown", code, missing: [missing(what, known)] }];
}

/** What Google said, as the reason why something is not known. Its sentence is redacted already. */
export function describe({ code, status, message, permission, service }: GcpError): string {
  const what = status === 0 ? code : `${status} (${code})`;
  if (permission !== undefined) return `${what}: the permission ${permission} is missing`;
  if (service !== undefined && code === "GCP_API_DISABLED") return `${what}: ${service} is off`;
  return `${what}: ${message.slice(0, 200)}`;
}
