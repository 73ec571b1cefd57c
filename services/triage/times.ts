/** A stretch of wall-clock time, in ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Seconds as reports write them: `0.123`, Surefire's `1,234.5`, a German `0,123` or `1.234,5`. A lone `1,234` is taken as
 * thousands where a test can have taken that long.
 */
export function parseSeconds(text: string | undefined, longestSeconds = Infinity): number | undefined {
  if (text === undefined || text.length > 40) return undefined;
  const trimmed = text.trim();
  const plain = /^\d{1,3}(?:,\d{3})+$/.test(trimmed)
    ? thousandsOrDecimal(trimmed, longestSeconds)
    : trimmed.lastIndexOf(",") > trimmed.lastIndexOf(".")
      ? trimmed.replaceAll(".", "").replace(",", ".")
      : trimmed.replaceAll(",", "");
  if (!/^\d{1,15}(?:\.\d*)?(?:e[+-]?\d{1,2})?$|^\.\d+$/i.test(plain)) return undefined;
  return Number(plain);
}

function thousandsOrDecimal(text: string, longestSeconds: number): string {
  const thousands = text.replaceAll(",", "");
  return Number(thousands) <= longestSeconds || text.split(",").length > 2
    ? thousands
    : text.replace(",", ".");
}

/** What a clock may be off, and a start may be rounded down (Jest writes whole seconds), in ms. */
const TOLERANCE = 2000;

const STAMP = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * When a suite ran, from its timestamp and duration. Reports without a zone mean UTC (Jest, Gradle) or local time (pytest
 * before 8): whichever lies in the run. Undefined when neither does.
 */
export function spanOf(
  stamp: string | undefined,
  { seconds, run }: { seconds: number; run: Span },
): Span | undefined {
  const match = STAMP.exec(stamp?.trim() ?? "");
  if (match === null) return undefined;
  return startsOf(match)
    .map((from) => ({ from, to: from + seconds * 1000 }))
    .find((span) => liesIn(span, run));
}

/** Whether a span can have been a part of the run. */
export const liesIn = ({ from, to }: Span, run: Span): boolean =>
  from <= to && from >= run.from - TOLERANCE && to <= run.to + TOLERANCE;

function startsOf(match: RegExpExecArray): number[] {
  const [, year, month, day, hour, minute, second = "0", fraction = "0", zone] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Number(`0.${fraction}`) * 1000;
  const utc = Date.UTC(y, mo - 1, d, h, mi, s) + ms;
  if (zone !== undefined) return [utc - offsetMinutes(zone) * 60_000];
  return [utc, new Date(y, mo - 1, d, h, mi, s).getTime() + ms];
}

function offsetMinutes(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}
