/** One word of a POSIX shell's line: quoted unless every sign in it is harmless. */
export const quoteWord = (word: string): string =>
  /^[\w/.:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A line for a person's shell; a flag whose value is undefined is left out. */
export function commandLine(
  words: readonly string[],
  flags: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const given = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, String(value)],
  );
  return [...words, ...given].map(quoteWord).join(" ");
}
