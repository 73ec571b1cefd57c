import type { Span } from "../python/source-file.ts";

/** A marker that is put on something. */
export interface MarkerUse {
  readonly name: string;
  /** Of the name alone, without quotes: what a new name replaces. */
  readonly span: Span;
  /** Evaluated while a test runs, not when the module is collected. */
  readonly late?: true;
}

/** A name that is asked for: `get_closest_marker("slow")`. */
export interface MarkerRead {
  readonly name: string;
  readonly span: Span;
}

/** `config.addinivalue_line("markers", …)`. */
export interface MarkerRegistration {
  /** Unknown when it is computed; something is registered all the same. */
  readonly name?: string;
  /** With an unknown name: what it begins with, as far as that is written down. */
  readonly prefix?: string;
  readonly span: Span;
}

/** What one file says of markers. Plain data, small: it goes from thread to thread, thousands of times. */
export interface MarkerFacts {
  readonly uses: readonly MarkerUse[];
  readonly reads: readonly MarkerRead[];
  readonly registers: readonly MarkerRegistration[];
  /** Markers are put on here whose names are computed. */
  readonly dynamic: readonly Span[];
  /** Of `pytest_plugins`. */
  readonly plugins: readonly string[];
  /** Modules, as written (`.markers`, `tests.support`); only of files that load or register something. */
  readonly imports: readonly string[];
}
