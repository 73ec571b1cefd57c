/** Time of the fake: the machine's own, or one that stands still until it is advanced. Milliseconds since 1970. */
export interface FakeTime {
  now(): number;
  /** Calls back when it is so late; the returned function takes it back. */
  at(due: number, call: () => void): () => void;
}

/** The machine's own; its timers keep no process alive. */
export const realTime: FakeTime = {
  now: () => Date.now(),
  at(due, call) {
    const timer = setTimeout(call, Math.max(0, due - Date.now())).unref();
    return () => clearTimeout(timer);
  },
};

/** A time that tests move. */
export interface VirtualTime extends FakeTime {
  /** Moves on by so many milliseconds and calls whatever falls due on the way, in order. */
  advance(ms: number): void;
}

/** Starts at a fixed moment unless told otherwise. */
export function createVirtualTime(start = Date.UTC(2026, 0, 1)): VirtualTime {
  let now = start;
  const waiting = new Set<{ due: number; call: () => void }>();
  return {
    now: () => now,
    at(due, call) {
      const entry = { due, call };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...waiting].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (next === undefined) break;
        waiting.delete(next);
        now = Math.max(now, next.due);
        next.call();
      }
      now = end;
    },
  };
}
