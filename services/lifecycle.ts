/** This process's own phase, for its readiness; it says nothing about any dependency. */
export type Phase = "starting" | "ready" | "draining";

export interface Lifecycle {
  phase(): Phase;
  enter(phase: Phase): void;
}

export function createLifecycle(): Lifecycle {
  let current: Phase = "starting";
  return {
    phase: () => current,
    enter(phase) {
      // Told to end while still starting: the start must not take that back.
      if (current !== "draining") current = phase;
    },
  };
}
