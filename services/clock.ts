/** Time as the services see it; injected, so that tests can move it. All values are milliseconds. */
export interface Clock {
  /** Wall-clock time since the epoch, for people and for `time` members. */
  now(): number;
  /** Monotonic time, for durations and ages; has no relation to the wall clock. */
  monotonic(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
