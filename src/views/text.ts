/** Text for a terminal: cleaned, wrapped, in ASCII where nothing else can be shown. */

/** Control characters, which would let a server's message steer the terminal. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]+/g;

/** One line without anything that a terminal obeys. */
export const clean = (text: string): string => text.replaceAll(CONTROL, " ").trim();

/** Breaks at spaces so that no line is longer than `width`, as far as words allow. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of clean(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** `lead`, then the text, its further lines indented as deep as the lead is long. */
export function hang(lead: string, text: string, width: number, leadLength = lead.length): string[] {
  const room = Math.max(20, width - leadLength);
  return wrap(text, room).map((line, index) =>
    index === 0 ? `${lead}${line}` : `${" ".repeat(leadLength)}${line}`,
  );
}

const ASCII: Readonly<Record<string, string>> = {
  "…": "...",
  "×": "x",
  "→": "->",
  "–": "-",
  "’": "'",
  "“": '"',
  "”": '"',
};

/** The nearest text that a terminal without UTF-8 shows. */
export const toAscii = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/[^\u0000-\u007F]/gu, (character) => ASCII[character] ?? "?");

/** `0.3 ms`, `12 ms`, `1.2 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
