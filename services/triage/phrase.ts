import type { CauseCode } from "../causes.ts";
import type { DependencyKind } from "../dependencies/options.ts";

/** Words by which a client or a runtime tells of a cause. */
export interface Phrase {
  readonly code: CauseCode;
  /** Whose words they can be; absent: anybody's who opens connections. */
  readonly kinds?: readonly DependencyKind[];
  /** Matched against one line. Every repetition is bounded, so that no line makes it slow. */
  readonly pattern: RegExp;
  /** As printed; the pattern matches it. */
  readonly words: string;
  /** Clients and runtimes that print it. */
  readonly of: string;
}

/** A phrase that anybody's client may print. */
export const any = (code: CauseCode, pattern: RegExp, words: string, of: string): Phrase => ({
  code,
  pattern,
  words,
  of,
});

/** Makes phrases of one kind. */
export const by =
  (kinds: readonly DependencyKind[]) =>
  (code: CauseCode, pattern: RegExp, words: string, of: string): Phrase => ({
    code,
    kinds,
    pattern,
    words,
    of,
  });
