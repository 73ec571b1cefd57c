/** Durations as people write them. */
const UNITS = new Map([
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
]);

/** `500ms`, `1.5s`, `2m`, `1h`. */
export const DURATION_PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/;

/** Milliseconds of a duration that matches {@link DURATION_PATTERN}; NaN for any other text. */
export function parseDuration(text: string): number {
  const match = DURATION_PATTERN.exec(text);
  if (!match) return Number.NaN;
  return Math.round(Number(match[1]) * (UNITS.get(match[2] ?? "") ?? Number.NaN));
}

/** The shortest duration text for whole milliseconds; `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  for (const [unit, size] of UNITS) if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  return `${ms}ms`;
}

/** Node's timers hold no more milliseconds; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
