import type { Quote } from "./env-file.ts";
import { C_ESCAPES } from "./escapes.ts";
import { isGoSpace, lineEnd, trimmedEnd } from "./source-text.ts";

export interface ComposeValue {
  /** Quotes and escapes done, `$` not yet. */
  readonly content: string;
  /** Behind the value, its closing quote included. */
  readonly valueEnd: number;
  readonly quote: Extract<Quote, "none" | "single" | "double">;
}

/** The value that starts there. `\` before a quote of the kind that opened the value makes it a plain character. */
export function readComposeValue(text: string, start: number): ComposeValue | "unterminated" {
  const quote = text.charAt(start);
  if (quote !== "'" && quote !== '"') return unquoted(text, start);
  let escaped = false;
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === quote && !escaped) {
      const inner = unescapeQuotes(text.slice(start + 1, at), quote);
      const double = quote === '"';
      return {
        content: double ? expandEscapes(inner) : inner,
        valueEnd: at + 1,
        quote: double ? "double" : "single",
      };
    }
    escaped = !escaped && character === "\\";
  }
  return "unterminated";
}

/** A comment needs one space before it, and no other character will do; `KEY= # text` is all value. */
function unquoted(text: string, start: number): ComposeValue {
  const end = lineEnd(text, start);
  const comment = text.slice(start, end).indexOf(" #");
  const valueEnd = trimmedEnd(text, start, comment === -1 ? end : start + comment, isGoSpace);
  return { content: text.slice(start, valueEnd), valueEnd, quote: "none" };
}

/** Goes from left to right, so that the `\` of `\\"` belongs to the other one. */
const unescapeQuotes = (inner: string, quote: string): string =>
  inner.replaceAll(/\\([\s\S])/g, (whole, character: string) => (character === quote ? quote : whole));

const NAMED: Readonly<Record<string, string>> = {
  ...C_ESCAPES,
  '"': '"',
  "\\": "\\",
  // Stands for a `$` that starts no reference.
  $: "$$",
};

/** As the escapes of Go, of which `\c` is none; octal ones have exactly three digits behind `\0`. */
function expandEscapes(text: string): string {
  return text.replaceAll(/\\(?:([abcfnrtv$"\\])|0(\d{0,3}))/g, (whole, name?: string, digits?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    if (digits === undefined || !/^[0-3][0-7]{2}$/.test(digits)) return whole.replace("\\0", "\\");
    return String.fromCodePoint(Number.parseInt(digits, 8));
  });
}
