import type { EnvFile } from "../env-files/env-file.ts";
import type { Place } from "../findings/finding.ts";
import type { Occurrence } from "./input.ts";

/** By key: where it is set, the lowest layer first, each file once with the entry that wins in it. */
export type Stack = ReadonlyMap<string, readonly Occurrence[]>;

export function createStack(files: readonly EnvFile[]): Stack {
  const stack = new Map<string, Occurrence[]>();
  for (const file of files) {
    for (const occurrence of lastOfEach(file)) {
      const { key } = occurrence.entry;
      stack.set(key, [...(stack.get(key) ?? []), occurrence]);
    }
  }
  return stack;
}

/** The entries of a file that win in it. A key that stands alone sets nothing here. */
export function lastOfEach(file: EnvFile): readonly Occurrence[] {
  const last = new Map<string, Occurrence>();
  for (const entry of file.entries) {
    const { key, value, references } = entry;
    if (value === undefined) continue;
    last.delete(key);
    last.set(key, { file, entry, value, composed: references.length > 0 });
  }
  return [...last.values()];
}

/** The entry that wins over all layers. */
export const winnerOf = (stack: Stack, key: string): Occurrence | undefined => stack.get(key)?.at(-1);

export const winnersOf = (stack: Stack): readonly Occurrence[] =>
  [...stack.values()].flatMap((occurrences) => occurrences.at(-1) ?? []);

/** `.env.staging:API_KEY`: what a finding is about, the same in every run. */
export const subjectOf = ({ file, entry }: Occurrence): string => `${file.path}:${entry.key}`;

export const placeOf = ({ file, entry }: Occurrence): Place => ({
  kind: "file",
  file: file.path,
  line: entry.line,
  column: entry.column,
});

/** `.env:12`. */
export const lineOf = ({ file, entry }: Occurrence): string => `${file.path}:${entry.line}`;
