/** One answer, and when it was under way: wall clock and monotonic ms of this machine. */
export interface Exchange {
  readonly sentAt: number;
  readonly sentAtMonotonic: number;
  readonly receivedAtMonotonic: number;
  /** What the other machine's wall clock showed while it answered. */
  readonly theirs: number;
}

export interface ClockOffset {
  /** Of answers that were not held back: their time is taken to be half-way. */
  learn(exchange: Exchange): void;
  known(): boolean;
  /** By how many ms the other clock is ahead of this one; 0 before anything was learnt. */
  ms(): number;
}

/** A sample is as good as its round trip is short; a clock that is set makes the later samples differ from all before. */
export function createClockOffset(): ClockOffset {
  let best: { readonly offsetMs: number; readonly tripMs: number } | undefined;
  return {
    learn({ sentAt, sentAtMonotonic, receivedAtMonotonic, theirs }) {
      const tripMs = receivedAtMonotonic - sentAtMonotonic;
      const offsetMs = theirs - (sentAt + tripMs / 2);
      // Neither of two right samples is further off than half its own round trip.
      const contradicts =
        best !== undefined && Math.abs(offsetMs - best.offsetMs) > (tripMs + best.tripMs) / 2 + TICK_MS;
      if (best === undefined || contradicts || tripMs <= best.tripMs) best = { offsetMs, tripMs };
    },
    known: () => best !== undefined,
    ms: () => Math.round(best?.offsetMs ?? 0),
  };
}

/** Wall clocks are read in whole milliseconds, and are slewed a little all the time. */
const TICK_MS = 5;
