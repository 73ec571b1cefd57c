import type { ContextRules, KnownEnvironment } from "./kinds.ts";

/** The usual labels of each environment; several words stand for `pre-prod`, `pre.prod` and `pre_prod`. */
export const LABELS: Readonly<Record<KnownEnvironment, readonly string[]>> = {
  production: ["production", "prod", "prd", "live"],
  staging: ["staging", "stage", "stg", "preprod", "preproduction", "pre prod", "pre production", "pre live"],
  development: ["development", "develop", "dev"],
  test: ["test", "tests", "testing", "tst", "qa", "e2e"],
  ci: ["ci"],
};

/** Before a label: `non-prod` is anything but production. */
const DENIALS: ReadonlySet<string> = new Set(["non", "not", "no", "anti"]);
/** After a label of production: `prod-like` and `prod-mirror` resemble it. A replica or a backup holds what is its own. */
const LIKENESSES: ReadonlySet<string> = new Set([
  "like",
  "alike",
  "lookalike",
  "mirror",
  "copy",
  "clone",
  "sim",
]);

/** What a name says of the environment. */
export interface Reading {
  /** Absent when it names none, or several that exclude each other. */
  readonly says?: KnownEnvironment;
  /** Whether production is among what it names. */
  readonly production: boolean;
  /** The labels that were found, as they are listed. */
  readonly labels: readonly string[];
}

export type ReadName = (name: string) => Reading;

/**
 * Makes the reader of names. A label counts where it stands as whole words, between anything that is no letter and no
 * digit; digits after it number it (`stg2`). So neither `nonprod` nor `my-device-app` has one.
 */
export function createReadName({ labels }: Pick<ContextRules, "labels">): ReadName {
  const table = new Map<string, KnownEnvironment>();
  for (const given of [LABELS, labels])
    for (const [kind, words] of Object.entries(given))
      for (const label of words) table.set(wordsOf(label).join(" "), kind as KnownEnvironment);
  const longest = Math.max(...[...table.keys()].map((label) => label.split(" ").length));
  return (name) => read(wordsOf(name), table, longest);
}

/** In small letters. All beyond ASCII counts as letters: to compile a class of Unicode takes longer than all the rest. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z\d\u0080-\uFFFF]+/g) ?? [];

function read(
  words: readonly string[],
  table: ReadonlyMap<string, KnownEnvironment>,
  longest: number,
): Reading {
  const found = new Map<string, KnownEnvironment>();
  let at = 0;
  while (at < words.length) {
    const match = matchAt(words, at, table, longest);
    if (match === undefined) {
      at += 1;
      continue;
    }
    const end = at + match.length;
    const likeness = match.kind === "production" && LIKENESSES.has(words[end] ?? "");
    if (!likeness && !DENIALS.has(words[at - 1] ?? "")) found.set(match.label, match.kind);
    at = end;
  }
  const kinds = new Set(found.values());
  // Where something runs, and what it is: the second says more.
  if (kinds.size > 1) kinds.delete("ci");
  const [only] = kinds;
  return {
    ...(kinds.size === 1 && only !== undefined ? { says: only } : {}),
    production: kinds.has("production"),
    labels: [...found.keys()],
  };
}

function matchAt(
  words: readonly string[],
  at: number,
  table: ReadonlyMap<string, KnownEnvironment>,
  longest: number,
): { readonly kind: KnownEnvironment; readonly label: string; readonly length: number } | undefined {
  for (let length = Math.min(longest, words.length - at); length > 0; length--) {
    const text = words.slice(at, at + length).join(" ");
    for (const label of [text, text.replace(/\d+$/, "")]) {
      const kind = table.get(label);
      if (kind !== undefined) return { kind, label, length };
    }
  }
  return undefined;
}
