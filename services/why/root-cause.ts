import type { CauseCode } from "../causes.ts";
import type { FindingCode } from "../findings/table.ts";
import type { RootCauseOwner } from "./definition.ts";
import type { ProposedAction } from "./proposed-action.ts";
import type { RootCauseCode } from "./root-causes.ts";

/** Where a fact was seen. */
export type EvidenceKind =
  /** One measurement of a dependency. */
  | "observation"
  /** A rung of its ladder. */
  | "rung"
  /** What a cloud's API answered. */
  | "api"
  /** A value of the configuration, never a secret. */
  | "config"
  /** What is wrong in configuration, context or code. */
  | "finding";

/** One fact, with where it was seen. No field ever holds a secret. */
export interface Evidence {
  readonly kind: EvidenceKind;
  /** What was asked: `run service api`, `connect`, `greenlight.yaml`. */
  readonly source: string;
  /** What it showed: `template.vpcAccess is empty`. */
  readonly found: string;
}

/** One step of a chain, from the symptom down. */
export interface Link {
  /** One sentence without a full stop, so that links can be joined by arrows. */
  readonly statement: string;
  /** At least one, most telling first. */
  readonly evidence: readonly Evidence[];
}

/**
 * What has to be put right. Most codes are of the table of root causes. Where nothing lies beneath a cause or a
 * finding (a wrong password), it is its own root and keeps its code.
 */
export interface RootCause {
  readonly code: RootCauseCode | CauseCode | FindingCode;
  readonly title: string;
  readonly explanation: string;
  readonly owner: RootCauseOwner;
  /** Next steps for people, best first, filled in. */
  readonly remedies: readonly string[];
  /** What a plan can do about it, in the order in which it has to be done; empty where a person has to act. */
  readonly actions: readonly ProposedAction[];
}

/** Another explanation, and the fact that speaks against it. */
export interface RuledOut {
  readonly code: RootCauseCode | CauseCode | FindingCode;
  readonly evidence: Evidence;
}

/** A fact that nobody could read, and that would tell more. */
export interface Missing {
  /** `the connector's state`. */
  readonly what: string;
  /** Why it is not known: `403, vpcaccess.connectors.get is missing`. */
  readonly because: string;
}

/** A remedy that people try, and that does not help here. */
export interface WrongRemedy {
  readonly remedy: string;
  readonly because: string;
}

/**
 * `certain`: a fact shows it, and the symptom follows from it. `likely`: a fact shows it, and something that could
 * speak against it is not known. `none`: only with UNDETERMINED.
 */
export type Confidence = "certain" | "likely" | "none";

export interface Subject {
  readonly kind: "suite" | "dependency";
  readonly name: string;
}

/** From a symptom to what is to be put right: one chain for one root cause, however many dependencies it breaks. */
export interface Chain {
  readonly subject: Subject;
  /** Every dependency that fails for this reason, sorted; empty where the reason is a finding. */
  readonly dependencies: readonly string[];
  /** One to five, symptom first, root cause last. */
  readonly links: readonly Link[];
  readonly root: RootCause;
  /** Where many would be, those that the symptom suggests most. */
  readonly ruledOut: readonly RuledOut[];
  /** What is missing to tell, or to be certain; never empty with UNDETERMINED. */
  readonly missing: readonly Missing[];
  /** What is not worth trying, and why. */
  readonly notHelpful: readonly WrongRemedy[];
  readonly confidence: Confidence;
}
