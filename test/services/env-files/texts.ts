import * as fc from "fast-check";

/** Separated by `·`. */
const PIECES = String.raw`
x·y z·=·:·: ·#· #·# c·'·"·\`·\·\n·\r·\t·\"·\'·\\·$A·${"$"}{A}·${"$"}{B_2:-f}·${"$"}{OUTSIDE}·${"$"}{OUTSIDE:-g}·${"$"}{NONE:-$A}·${"$"}{·}·$$·$·ü·😀`;

const key = fc.constantFrom("A", "B_2", "c.d", "E-F", "OUTSIDE", "export", "1X", "ä", "A B", "'Q'", "");
const piece = fc.constantFrom(
  ...PIECES.trim().split("·"),
  " ",
  "\t",
  "\n",
  "\r\n",
  "\r",
  "\u00A0",
  "\u0085",
  "\u001C",
  "\u2028",
  "\uFEFF",
  "\v",
);
const inner = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
const value = fc.oneof(
  inner,
  inner.map((text) => `'${text}'`),
  inner.map((text) => `"${text}"`),
  inner.map((text) => `\`${text}\``),
  fc.tuple(inner, inner).map(([a, b]) => `"${a}" ${b}`),
);
const delimiter = fc.constantFrom("=", "=", "=", " = ", ":", ": ", "", "\n=", "=\n", ":\n");
const statement = fc
  .tuple(fc.constantFrom("", "", "export ", "  ", "export\n"), key, delimiter, value)
  .map((parts) => parts.join(""));
const line = fc.oneof(
  { arbitrary: statement, weight: 5 },
  { arbitrary: inner, weight: 1 },
  { arbitrary: fc.constantFrom("", "# comment", "  # c=d", "\t"), weight: 1 },
);

/** Files that look like env files, with all that parsers stumble over. */
export const envText = fc
  .tuple(
    fc.constantFrom("", "", "", "\uFEFF", "\n\n"),
    fc.array(line, { maxLength: 6 }),
    fc.constantFrom("\n", "\n", "\r\n"),
  )
  .map(([start, lines, newline]) => start + lines.join(newline));
