/** A function of which only one run is under way; callers meanwhile join it. */
export interface SingleFlight<T> {
  (): Promise<T>;
  /** True while a run is under way. */
  busy(): boolean;
  /** Resolves when no run is under way; never rejects. */
  idle(): Promise<void>;
}

/** Wraps `run`: callers that come while it runs get the same promise. */
export function createSingleFlight<T>(run: () => Promise<T>): SingleFlight<T> {
  let underway: Promise<T> | undefined;
  function fly(): Promise<T> {
    underway ??= run().finally(() => {
      underway = undefined;
    });
    return underway;
  }
  return Object.assign(fly, {
    busy: () => underway !== undefined,
    async idle(): Promise<void> {
      await underway?.catch(() => undefined);
    },
  });
}
