/** Where a text is not as it should be: what was expected there, and what was found. Quotes no value. */
export interface Misfit {
  /** Both from 1; absent for what is wrong with the whole. */
  readonly line?: number;
  readonly column?: number;
  readonly expected: string;
  readonly found: string;
}

/** The outcome of reading what is not as it should be. */
export interface Misread extends Misfit {
  readonly ok: false;
}
