const UNITS = [
  [3_600_000, "h"],
  [60_000, "m"],
  [1000, "s"],
] as const;

/** `1h16m`, `90s` as `1m30s`, `0s`; to the second, upwards. */
export function spanText(ms: number): string {
  let left = Math.ceil(ms / 1000) * 1000;
  const parts = UNITS.flatMap(([size, unit]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : `${count}${unit}`;
  });
  return parts.length === 0 ? "0s" : parts.join("");
}
