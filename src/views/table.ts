/** One cell: its text, and how to paint it once it is padded. */
export interface Cell {
  readonly text: string;
  readonly align?: "right";
  readonly paint?: (text: string) => string;
}

/** Aligns the columns, two spaces apart; the last one is not padded. */
export function renderTable(rows: readonly (readonly Cell[])[]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => row[column]?.text.length ?? 0)),
  );
  return rows.map((row) => {
    const cells = row.map(({ text, align, paint }, column) => {
      const width = column === row.length - 1 ? 0 : (widths[column] ?? 0);
      const padded = align === "right" ? text.padStart(width) : text.padEnd(width);
      return text !== "" && paint ? paint(padded) : padded;
    });
    return cells.join("  ").trimEnd();
  });
}
