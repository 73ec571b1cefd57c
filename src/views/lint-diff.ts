import { styleText } from "node:util";
import type { Terminal } from "./terminal.ts";

/** Control characters but the tab: a file's text is not to steer the terminal. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** A unified diff for people: coloured, and with nothing in it that a terminal obeys. The report has it as it is. */
export function renderDiff(diff: string, { color }: Terminal): string {
  const paint = (format: Parameters<typeof styleText>[0], line: string) =>
    color ? styleText(format, line, { validateStream: false }) : line;
  return diff
    .split("\n")
    .map((line) => line.replace(/\r$/, "").replaceAll(CONTROL, "\uFFFD"))
    .map((line) => {
      if (/^(?:---|\+\+\+) /.test(line)) return paint("bold", line);
      if (line.startsWith("@@")) return paint("cyan", line);
      if (line.startsWith("+")) return paint("green", line);
      return line.startsWith("-") ? paint("red", line) : line;
    })
    .join("\n");
}
