/** env-lint: rules that say what is wrong with env files that are read already; one file a rule or a family of rules. */
import type { ContextRules } from "../context/kinds.ts";
import type { EnvEntry, EnvFile } from "../env-files/env-file.ts";
import type { Finding } from "../findings/finding.ts";

/** What the rules judge. Nothing is opened: who calls has read the files, asked git and searched the sources. */
export interface LintInput {
  /** Every file once, templates too. */
  readonly files: readonly EnvFile[];
  /** Files that are laid over each other, lowest first; a file may be in several. */
  readonly stacks: readonly (readonly EnvFile[])[];
  /** Variables of the process, which win over every file. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Which environment this is declared to be; absent: not declared. */
  readonly environment?: string;
  /** Labels of environments beside the usual ones: key `context.labels`. */
  readonly labels?: ContextRules["labels"];
  /** Wall-clock ms. */
  readonly now: number;
  /** The files that version control keeps; absent: it cannot be told. */
  readonly committed?: ReadonlySet<string>;
  /** Which of the names that `flagNames` gives something reads; absent: no sources were searched. */
  readonly read?: ReadonlySet<string>;
}

export type Rule = (input: LintInput) => readonly Finding[];

/** One key of one file: the entry that wins there. */
export interface Occurrence {
  readonly file: EnvFile;
  readonly entry: EnvEntry;
  /** Before anything is replaced in it; `""` when the key stands alone. */
  readonly value: string;
  /** Whether the dialect replaces something in it, so that the value is not known from here. */
  readonly composed: boolean;
}
