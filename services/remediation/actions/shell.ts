/** One word of a POSIX shell's line: quoted unless every sign in it is harmless. */
export const quoteWord = (word: string): string =>
  /^[\w/.:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A line for a person's shell. A flag that is undefined is left out; one that is `true` has no value. */
export function commandLine(
  words: readonly string[],
  flags: Readonly<Record<string, string | number | true | undefined>> = {},
): string {
  const given = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : value === true ? [`--${flag}`] : [`--${flag}`, String(value)],
  );
  return [...words, ...given].map(quoteWord).join(" ");
}
