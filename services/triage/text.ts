/** How much of one failure's text is kept: the end mostly holds the error, the head says what was tried. */
const HEAD = 16 * 1024;
const TAIL = 4 * 1024;
/** Kept beyond that, so that a cut falls between words or lines and leaves no half of a secret behind. */
const MARGIN = 2 * 1024;

/** Keeps the head and the tail of a text that arrives in pieces. */
export class KeptText {
  #head = "";
  #tail = "";

  add(piece: string): void {
    const room = HEAD + MARGIN - this.#head.length;
    this.#head += piece.slice(0, Math.max(0, room));
    if (piece.length > room)
      this.#tail = (this.#tail + piece.slice(Math.max(0, room))).slice(-(TAIL + MARGIN));
  }

  get empty(): boolean {
    return this.#head === "";
  }

  /** Its text, the middle left out where it is too long. */
  read(): string {
    if (this.#tail === "") return this.#head.length <= HEAD ? this.#head : cutAtSpace(this.#head, HEAD);
    const whole = this.#tail.length < TAIL + MARGIN;
    return whole && this.#head.length + this.#tail.length <= HEAD + TAIL
      ? this.#head + this.#tail
      : `${cutAtSpace(this.#head, HEAD)}\n[…]\n${afterFirstLine(this.#tail)}`;
  }
}

/** At most `limit` characters, cut at the last white space before that. */
export function cutAtSpace(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit);
  const end = /\s\S*$/.exec(head.slice(-MARGIN));
  return end === null ? head.slice(0, -MARGIN) : head.slice(0, head.length - end[0].length);
}

/** Its end, without the line in which it is cut: whatever named a secret there is lost. A line that long is cut at a space. */
function afterFirstLine(tail: string): string {
  const from = Math.max(0, tail.length - TAIL);
  const line = tail.indexOf("\n", from);
  const end = line === -1 ? tail.indexOf(" ", from) : line;
  return end === -1 ? "" : tail.slice(end + 1);
}

/** What a terminal obeys: CSI and OSC sequences, other escapes, and controls but tab and line feed. */
const CONTROLS =
  // oxlint-disable-next-line no-control-regex
  /(?:\u001B\[|\u009B)[0-?]{0,64}[ -/]{0,8}[@-~]|\u001B\][^\u0007\u001B\n]{0,512}(?:\u0007|\u001B\\)|\u001B[@-Z\\-_]?|[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** What CI systems obey in a job's output: GitHub's and Azure's commands, TeamCity's messages. */
const COMMANDS = /(?<=^[^\S\n]*):(?=:)|#(?=#(?:\[|vso\[|teamcity\[))/gim;

/**
 * Text of a test, fit to be shown: nothing that a terminal or a CI system obeys. A copy, since a piece of a chunk would
 * keep the whole chunk in memory.
 */
export function cleanText(text: string): string {
  const clean = text.replaceAll("\r\n", "\n").replaceAll(CONTROLS, "").replaceAll(COMMANDS, "$&\u200B");
  return Buffer.from(clean.toWellFormed()).toString();
}

/** Clean, and one line. */
export const cleanLine = (text: string): string => cleanText(text.replaceAll(/\s+/g, " ")).trim();
