/** What a value that should be a date is. */
export type DateReading =
  /** The last moment, in ms. */
  | { readonly kind: "date"; readonly until: number; readonly shown: string }
  /** `15m`, `3600`: how long, not until when. */
  | { readonly kind: "duration" }
  /** Nothing, `never`. */
  | { readonly kind: "none" }
  | { readonly kind: "unreadable" };

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?$/i;
const DURATION =
  /^\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|mo|months?|y|years?)?$/i;
const ISO_DURATION = /^P(?=.)(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?$/;

/**
 * A day counts to its end, in UTC; a moment without a zone is UTC. Digits are seconds or milliseconds since 1970 when
 * there are ten or thirteen of them. `31/12/2026` is unreadable: half of the world reads such a date otherwise.
 */
export function readDate(text: string): DateReading {
  const value = text.trim();
  if (value === "" || /^(?:never|none|null|no|false|unlimited|0)$/i.test(value)) return { kind: "none" };
  if (/^\d{10}$/.test(value)) return dateOf(Number(value) * 1000);
  if (/^\d{13}$/.test(value)) return dateOf(Number(value));
  if (DURATION.test(value) || ISO_DURATION.test(value)) return { kind: "duration" };
  if (DATE.test(value)) {
    const start = Date.parse(`${value}T00:00:00Z`);
    // `2026-02-30` is read as the second of March by some, and refused by others.
    if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== value)
      return { kind: "unreadable" };
    return { kind: "date", until: start + DAY_MS - 1, shown: value };
  }
  if (!MOMENT.test(value)) return { kind: "unreadable" };
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(value) ? value : `${value}Z`;
  const until = Date.parse(zoned.replace(/^(\S{10}) /, "$1T").replace(/\s/g, ""));
  return Number.isNaN(until) ? { kind: "unreadable" } : dateOf(until);
}

const dateOf = (until: number): DateReading => ({
  kind: "date",
  until,
  shown: new Date(until).toISOString().slice(0, 16).replace("T", " "),
});

/** `# expires 2026-03-31`, `# TODO: remove until 2026-03-31`: the date that a comment names as an end. */
export function dateInComment(comment: string): DateReading {
  const found = /\b(?:expir\w*|until|remove (?:by|after|on)|valid to)\b\D{0,20}(\d{4}-\d{2}-\d{2})\b/i.exec(
    comment,
  );
  return found?.[1] === undefined ? { kind: "none" } : readDate(found[1]);
}
