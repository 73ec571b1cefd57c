/** How the cells of a column stand. */
export type Align = "left" | "right";

/** A Markdown table with columns padded to one width, as the formatter of the project has them. */
export function table(
  columns: readonly (readonly [title: string, align: Align])[],
  rows: readonly (readonly string[])[],
): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = columns.map(([title], index) =>
    Math.max(3, width(title), ...cells.map((row) => width(row[index] ?? ""))),
  );
  const line = (row: readonly string[]): string =>
    `| ${columns
      .map(([, align], index) => {
        const cell = row[index] ?? "";
        const blank = " ".repeat((widths[index] ?? 0) - width(cell));
        return align === "left" ? `${cell}${blank}` : `${blank}${cell}`;
      })
      .join(" | ")} |`;
  const rule = columns.map(([, align], index) => {
    const dashes = widths[index] ?? 3;
    return align === "left" ? "-".repeat(dashes) : `${"-".repeat(dashes - 1)}:`;
  });
  return [line(columns.map(([title]) => title)), line(rule), ...cells.map(line)].join("\n");
}

const width = (text: string): number => Array.from(text).length;
