/** Takes secrets out of text before it can leave the process. */

const MASK = "[redacted]";

/**
 * Shapes that are secret wherever they turn up: URL passwords, bearer tokens, JWTs, `password=` pairs. Third: what a text
 * must hold for a shape that is slow to look for.
 */
const SHAPES: readonly [RegExp, string | ((match: string, ...groups: string[]) => string), string?][] = [
  [/([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,256}:)[^\s"]{1,1024}@/gi, `$1${MASK}@`, "://"],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${MASK}`],
  [/\beyJ[\w-]{4,}(?:\.[\w-]+){0,2}/g, MASK],
  [/\bya29\.[\w.-]+/g, MASK],
  [/\bgl_[\w-]{43}(?![\w-])/g, MASK],
  // Quotes stay, so that a line of JSON stays one.
  [
    /\b((?:password|passwd|pwd|secret|token|api[_-]?key)["']?\s*[=:]\s*)(?!\[redacted\])("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&"'}\]]+)/gi,
    maskPair,
  ],
];

export type Redact = (text: string) => string;

/**
 * Makes a function that removes the given secrets, plain, percent-encoded and as JSON writes them, and everything that
 * looks like a credential. Longest secrets go first, so that one that contains another leaves no rest.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.flatMap(spellings))]
    .filter((secret) => secret !== "")
    .sort((a, b) => b.length - a.length);
  return function redact(text) {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, MASK);
    for (const [shape, replacement, needed] of SHAPES)
      if (needed === undefined || clean.includes(needed)) clean = clean.replace(shape, replacement as string);
    return clean;
  };
}

/** One line, at most `limit` characters: server messages can hold whole pages. */
export function oneLine(text: string, limit = 300): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

function spellings(secret: string): string[] {
  const whole = secret.toWellFormed();
  return [secret, encodeURIComponent(whole), encodeURI(whole), JSON.stringify(secret).slice(1, -1)];
}

function maskPair(_match: string, name: string, value: string): string {
  const quote = /^["']/.exec(value)?.[0] ?? /["'](?=\s*:)/.exec(name)?.[0] ?? "";
  return `${name}${quote}${MASK}${quote}`;
}
