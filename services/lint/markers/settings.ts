/** markers: which pytest markers a suite uses, reads and registers, and where the three disagree. */
import type { Edit, Span } from "../python/source-file.ts";

/** One line of `markers`, where it stands. */
export interface RegisteredMarker {
  readonly name: string;
  /** The whole line: `slow: takes more than a second`. */
  readonly line: string;
  readonly file: string;
  /** The line in an INI file; the string with its quotes in TOML. */
  readonly span: Span;
}

/** What is wrong in a configuration file. pytest stops at it, or fails as soon as it asks for the value. */
export interface ConfigurationFault {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** What was expected and what was found. */
  readonly message: string;
}

/** What one file says to pytest, as far as markers are concerned. */
export interface PytestSettings {
  readonly file: string;
  /** As it is written: `[pytest]`, `[tool.pytest.ini_options]`. */
  readonly section: string;
  readonly line: number;
  readonly markers: readonly RegisteredMarker[];
  /** `addopts` as words. */
  readonly options: readonly string[];
  readonly optionsLine: number;
  readonly strict?: boolean;
  readonly strictMarkers?: boolean;
  readonly testPaths: readonly string[];
  /** pytest reads the file, and fails when it asks for these. */
  readonly faults: readonly ConfigurationFault[];
  /**
   * What registers these lines, in the way of the file; `undefined` when that cannot be done by adding text.
   * @param keeps says which of the markers stay: nothing is put next to one that goes.
   */
  readonly register: (
    lines: readonly string[],
    keeps: (marker: RegisteredMarker) => boolean,
  ) => readonly Edit[] | undefined;
  /** What removes one line of `markers`, with its comma or line end. */
  readonly remove: (marker: RegisteredMarker) => Edit;
}

/** `slow(reason): takes long` registers `slow`. */
export const markerName = (line: string): string => (/^[^:(]*/.exec(line)?.[0] ?? "").trim();

/** How pytest reads a yes in an INI file. */
export const isYes = (value: string): boolean => /^(?:y|yes|t|true|on|1)$/i.test(value.trim());
