import type { Owner } from "../causes.ts";
import type { FindingOwner } from "../findings/finding.ts";
import type { ActionKind } from "./proposed-action.ts";

/** Who can put it right: the people to ask first. */
export type RootCauseOwner = Owner | FindingOwner;

/** What the table knows of a root cause. */
export interface RootCauseDefinition {
  readonly title: string;
  readonly owner: RootCauseOwner;
  readonly explanation: string;
  /** Next steps, best first; `{service}`, `{instance}` and the like are filled in with what was found. */
  readonly remedies: readonly string[];
  /** What a plan may do about it, in order; which of them depends on what was found. */
  readonly actions: readonly ActionKind[];
}

/** Keeps the codes of a table as they are written. */
export const defineRootCauses = <const T extends Record<string, RootCauseDefinition>>(
  table: T,
): Readonly<T> => table;
