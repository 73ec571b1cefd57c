const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `500ms`, `1.5s`, `2m`, `1h`. */
export const DURATION_PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/;

/** Milliseconds of a duration that matches {@link DURATION_PATTERN}; NaN for any other text. */
export function parseDuration(text: string): number {
  const match = DURATION_PATTERN.exec(text);
  if (!match) return Number.NaN;
  return Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]);
}

/** The shortest duration text for whole milliseconds; `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  const unit = (["h", "m", "s"] as const).find((name) => ms >= UNITS[name] && ms % UNITS[name] === 0) ?? "ms";
  return `${ms / UNITS[unit]}${unit}`;
}
