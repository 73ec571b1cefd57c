/** Median and quartiles of a sample. */
export interface Spread {
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
  readonly n: number;
}

/** The value below which the share `q` (0 to 1) of the sample lies, interpolated; NaN of an empty sample. */
export function quantile(sample: readonly number[], q: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5);

export const maximum = (sample: readonly number[]): number =>
  sample.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);

export function spread(sample: readonly number[]): Spread {
  return {
    median: median(sample),
    p25: quantile(sample, 0.25),
    p75: quantile(sample, 0.75),
    n: sample.length,
  };
}

/** `mine[i] / theirs[i]` for each round that both have; a round without an answer is left out. */
export function ratios(
  mine: ReadonlyMap<number, number>,
  theirs: ReadonlyMap<number, number>,
): readonly number[] {
  return [...mine].flatMap(([round, value]) => {
    const base = theirs.get(round);
    return base === undefined || base === 0 || !Number.isFinite(value) ? [] : [value / base];
  });
}

/** The list begun at another place in each round, so that nobody always runs first or after the same one. */
export function rotate<T>(list: readonly T[], round: number): readonly T[] {
  const from = list.length === 0 ? 0 : round % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}

/** `count` of the rounds, spread evenly over all. */
export function spreadRounds(rounds: number, count: number): ReadonlySet<number> {
  const taken = Math.min(rounds, count);
  return new Set(Array.from({ length: taken }, (_, index) => Math.floor((index * rounds) / taken)));
}
