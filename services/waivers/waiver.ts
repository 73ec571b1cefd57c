/** waivers: findings that somebody has accepted, until a day that is enforced. */

/** One finding that is accepted. */
export interface Waiver {
  /** The id of the finding: `ENV_PLACEHOLDER:.env.staging:API_KEY`. */
  readonly finding: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, `2026-12-31`, in UTC. */
  readonly expires: string;
}

export const DAY_MS = 24 * 3_600_000;

/** No waiver may be given for longer, in days. */
export const MAX_DAYS = 90;

/** Wall-clock ms of the first moment after the last day; NaN for what is no day of the calendar. */
export function endOf(day: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return Number.NaN;
  const start = Date.parse(`${day}T00:00:00Z`);
  // The 30th of February would be read as a day of March.
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day
    ? Number.NaN
    : start + DAY_MS;
}

/** Whole days that are left after today: 0 on the last day; negative once it has expired. */
export const daysLeft = ({ expires }: Pick<Waiver, "expires">, now: number): number =>
  Math.floor((endOf(expires) - 1) / DAY_MS) - Math.floor(now / DAY_MS);

/** Not `>=`: what is no day has expired. */
export const isExpired = ({ expires }: Pick<Waiver, "expires">, now: number): boolean =>
  !(now < endOf(expires));

/** The code of the finding that a waiver names. */
export const codeOf = ({ finding }: Pick<Waiver, "finding">): string => finding.split(":", 1)[0] ?? "";
