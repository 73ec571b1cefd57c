import type { Confidence, Link, Missing, RootCause, RuledOut, WrongRemedy } from "./root-cause.ts";

/** One reason with its root, before those of one root are joined. */
export interface Part {
  readonly root: RootCause;
  /** Parts with the same code and the same `about` are one chain. */
  readonly about: string;
  readonly dependency?: string;
  /** Codes of causes between the dependency and the root, for joining. */
  readonly links: readonly Link[];
  readonly ruledOut: readonly RuledOut[];
  readonly missing: readonly Missing[];
  readonly notHelpful: readonly WrongRemedy[];
  readonly confidence: Confidence;
}

/** Without repeats, by what they say. The order is that of the first of each. */
export function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** In an order that does not depend on how they came. */
export const ordered = <T>(items: readonly T[], by: (item: T) => string): readonly T[] =>
  items.toSorted((a, b) => {
    const [one, other] = [by(a), by(b)];
    return one < other ? -1 : Number(one > other);
  });
