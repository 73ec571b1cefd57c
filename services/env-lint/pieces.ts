import type { EnvFile } from "../env-files/env-file.ts";
import type { LintInput } from "./input.ts";

/**
 * Leaves out entries whose key is a piece of a secret: a line of a private key without quotes around it ends with `=` and
 * so reads as a key with an empty value. Keys are shown, so such a one must not reach a rule.
 */
export function withoutPieces(input: LintInput): LintInput {
  const cleaned = new Map(input.files.map((file) => [file, clean(file)]));
  const of = (file: EnvFile): EnvFile => cleaned.get(file) ?? clean(file);
  // A file that its program refuses sets nothing.
  const stacks = input.stacks.map((files) => files.filter((file) => !isRefused(file)).map(of));
  return { ...input, files: input.files.map(of), stacks };
}

const isRefused = ({ faults }: EnvFile): boolean => faults.some(({ effect }) => effect === "file-refused");

const clean = (file: EnvFile): EnvFile => ({
  ...file,
  entries: file.entries.filter(({ key }) => !isPiece(key)),
});

const LONGEST_WORD = 32;

/** Long, in both cases with digits among them, and no words joined by `_`, `-` or `.`. */
const isPiece = (key: string): boolean =>
  key.length > 100 ||
  key
    .split(/[_.-]/)
    .some(
      (word) =>
        word.length > LONGEST_WORD ||
        (word.length >= 16 && /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word)),
    );
