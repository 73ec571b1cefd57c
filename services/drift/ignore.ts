import { leafOf } from "./reading.ts";

/** What is not compared, and why. */
export interface IgnoreRule {
  /** A key, its last part, or a source and its key; `*` stands for any characters and `?` for one. */
  readonly pattern: string;
  readonly reason: string;
}

export type IsIgnored = (source: string, key: string) => boolean;

/** Whether a key of a source is ignored by one of the rules. */
export function createIgnored(rules: readonly IgnoreRule[]): IsIgnored {
  const matchers = rules.map(({ pattern }) => createMatcher(pattern));
  return (source, key) =>
    matchers.some((matches) => matches(key) || matches(leafOf(key)) || matches(`${source}:${key}`));
}

/**
 * Whether a text matches a pattern as a whole. What stands between two `*` is looked for once, from where the part before
 * it ended, so no pattern takes long.
 */
export function createMatcher(pattern: string): (text: string) => boolean {
  const [first = "", ...rest] = pattern.split(/\*+/);
  const last = rest.pop();
  return (text) => {
    if (last === undefined) return text.length === first.length && fits(text, 0, first);
    const end = text.length - last.length;
    if (end < first.length || !fits(text, 0, first) || !fits(text, end, last)) return false;
    let from = first.length;
    for (const part of rest) {
      while (from + part.length <= end && !fits(text, from, part)) from += 1;
      if (from + part.length > end) return false;
      from += part.length;
    }
    return true;
  };
}

function fits(text: string, at: number, part: string): boolean {
  for (let index = 0; index < part.length; index += 1)
    if (part[index] !== "?" && part[index] !== text[at + index]) return false;
  return true;
}
