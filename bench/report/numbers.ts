import type { Spread } from "../statistics.ts";

const nothing = "–";

/** A number for a table; a dash where nothing was measured. */
export function fixed(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined || !Number.isFinite(value) ? nothing : value.toFixed(digits);
}

/** A large number with its thousands set apart. */
export function whole(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : nothing;
}

/** Median and quartiles. */
export function spreadText(value: Spread, digits = 2): string {
  return value.n === 0
    ? nothing
    : `${fixed(value.median, digits)} [${fixed(value.p25, digits)}–${fixed(value.p75, digits)}]`;
}

/** Milliseconds as a person would say them. */
export function duration(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(0)} ms`;
}
