/** A table with its columns padded, as the formatter has it. */
export function renderMarkdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((line) => line[column]?.length ?? 0), title.length),
  );
  const pad = (line: readonly string[]) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const rule = widths.map((width) => "-".repeat(width));
  return [pad(head), rule, ...rows.map(pad)].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
