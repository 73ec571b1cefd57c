import { causeOf } from "../causes.ts";
import type { Clock } from "../clock.ts";
import type { Check } from "../health/check.ts";
import type { Monitor } from "../health/monitor.ts";

/** The longest window; what is older is forgotten. */
export const MOST_WINDOW_MS = 3_600_000;
const SLOT_MS = 5000;
const SLOTS = MOST_WINDOW_MS / SLOT_MS;

export interface Measured {
  /** Of the window, in ms: how much of it is known, and how much of that it did not pass. */
  readonly knownMs: number;
  readonly downMs: number;
  /** Observations within the window. */
  readonly samples: number;
}

/** How long each dependency passed, by slots of five seconds. Nothing between two looks is taken for a pass but by both. */
export interface Availability {
  /** Undefined for what is not observed. `windowMs` at most {@link MOST_WINDOW_MS}. */
  measure(name: string, windowMs: number): Measured | undefined;
  close(): void;
}

interface Slot {
  /** Which of all slots since the clock began; a later one takes its place. */
  number: number;
  knownMs: number;
  downMs: number;
  samples: number;
}

interface Track {
  readonly slots: (Slot | undefined)[];
  /** Of the last look, monotonic ms. */
  at: number;
  up: boolean;
}

export interface AvailabilityOptions {
  readonly monitor: Pick<Monitor, "names" | "checks" | "subscribe">;
  readonly clock: Pick<Clock, "monotonic">;
  /** A pass is believed for so long, ms: nobody has looked since. */
  readonly believedMs: (name: string) => number;
}

export function createAvailability({ monitor, clock, believedMs }: AvailabilityOptions): Availability {
  const tracks = new Map<string, Track>();

  const close = monitor.subscribe(({ name, state, before }) => {
    const { observation } = state;
    if (observation === undefined || observation === before?.observation) return;
    const [check] = monitor.checks([name]);
    if (check === undefined) return;
    const now = clock.monotonic();
    const up = isUp(check);
    const known = tracks.get(name);
    const track: Track = known ?? { slots: [], at: now, up };
    // It broke, or came back, somewhere between the two: as bad as it may have been.
    if (known !== undefined) spread(track, now, { up: track.up && up, believedMs: believedMs(name) });
    slotAt(track, now).samples += 1;
    track.at = now;
    track.up = up;
    tracks.set(name, track);
  });

  return {
    close,
    measure(name, windowMs) {
      if (!monitor.names.includes(name)) return undefined;
      const track = tracks.get(name);
      if (track === undefined) return { knownMs: 0, downMs: 0, samples: 0 };
      const now = clock.monotonic();
      const from = now - windowMs;
      let [knownMs, downMs, samples] = [0, 0, 0];
      for (const slot of track.slots) {
        const start = (slot?.number ?? Number.NEGATIVE_INFINITY) * SLOT_MS;
        const within = Math.min(1, (start + SLOT_MS - from) / SLOT_MS);
        if (slot === undefined || within <= 0) continue;
        // Of the slot at the edge nobody knows which part was bad: as much as can have been.
        knownMs += slot.knownMs * within;
        downMs += Math.min(slot.downMs, slot.knownMs * within);
        if (within === 1) samples += slot.samples;
      }
      const sinceMs = now - Math.max(track.at, from);
      const tailMs = track.up ? Math.min(sinceMs, believedMs(name)) : sinceMs;
      const known = Math.min(windowMs, knownMs + tailMs);
      return { knownMs: known, downMs: Math.min(known, downMs + (track.up ? 0 : tailMs)), samples };
    },
  };
}

/** A warning whose cause is none by nature is a failure that has not been confirmed. */
const isUp = ({ status, cause }: Check): boolean =>
  status === "pass" || (status === "warn" && (cause === undefined || causeOf(cause.code).warns === true));

/** Puts the time since the last look into its slots. Of a pass that nobody looked at for too long, the rest is not known. */
function spread(
  track: Track,
  now: number,
  { up, believedMs }: { readonly up: boolean; readonly believedMs: number },
): void {
  const to = up ? Math.min(now, track.at + believedMs) : now;
  let from = Math.max(track.at, now - MOST_WINDOW_MS);
  while (from < to) {
    const end = Math.min(to, (Math.floor(from / SLOT_MS) + 1) * SLOT_MS);
    const slot = slotAt(track, from);
    slot.knownMs += end - from;
    if (!up) slot.downMs += end - from;
    from = end;
  }
}

function slotAt(track: Track, ms: number): Slot {
  const number = Math.floor(ms / SLOT_MS);
  const index = number % SLOTS;
  const found = track.slots[index];
  if (found?.number === number) return found;
  const fresh = { number, knownMs: 0, downMs: 0, samples: 0 };
  track.slots[index] = fresh;
  return fresh;
}
