/** A goal and whether this run met it; null: not measured. */
export interface Target {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean | null;
}

/** A bound, and what was measured: undefined or NaN when nothing was, null when what was waited for never came. */
export interface Goal {
  readonly what: string;
  readonly unit: string;
  readonly digits: number;
  readonly least?: number;
  readonly most?: number;
  readonly value: number | null | undefined;
  /** Said after the number. */
  readonly remark?: string | undefined;
}

/** Holds what was measured against its bound. */
export function toTarget({ what, unit, digits, least, most, value, remark }: Goal): Target {
  const target = least === undefined ? `≤ ${most ?? 0}${unit}` : `≥ ${least}${unit}`;
  if (value === undefined || Number.isNaN(value)) {
    return { what, target, measured: "not measured", met: null };
  }
  if (value === null) {
    return { what, target, measured: "never", met: false };
  }
  const met = least === undefined ? value <= (most ?? 0) : value >= least;
  return {
    what,
    target,
    measured: `${value.toFixed(digits)}${unit}${remark === undefined ? "" : ` (${remark})`}`,
    met,
  };
}
