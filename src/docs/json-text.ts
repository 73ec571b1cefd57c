/** JSON, laid out as the formatter leaves it: a list of plain values on one line where it fits. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replaceAll(/\[[^[\]{}]*\]/g, (list) => {
    const line = list.replaceAll(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]");
    return line.length <= 80 ? line : list;
  })}\n`;
}
