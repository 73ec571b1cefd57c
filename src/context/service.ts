import type { Clock } from "../../services/clock.ts";
import type { Detection } from "../../services/context/detect.ts";
import type { GatherInput } from "./gather.ts";

export interface ContextServiceInput extends Pick<GatherInput, "config" | "env" | "cwd"> {
  readonly clock: Clock;
}

/** Tells the service's callers which environment this is. */
export interface ContextService {
  /** What was detected at most ten seconds ago, however many ask. */
  current(): Promise<Detection>;
  /** Ends what is under way. */
  close(): void;
}

const KEPT_MS = 10_000;

/** Nothing is loaded, looked at or asked before somebody wants to know. */
export function createContextService({ clock, ...input }: ContextServiceInput): ContextService {
  const ending = new AbortController();
  let kept: { readonly at: number; readonly detection: Promise<Detection> } | undefined;

  async function look(): Promise<Detection> {
    const { detectContext } = await import("./detect-context.ts");
    return detectContext({ ...input, probe: true, signal: ending.signal });
  }

  return {
    current() {
      if (kept === undefined || clock.monotonic() - kept.at > KEPT_MS) {
        const detection = look();
        const made = { at: clock.monotonic(), detection };
        kept = made;
        detection.catch(() => {
          if (kept === made) kept = undefined;
        });
      }
      return kept.detection;
    },
    close: () => ending.abort(new Error("the service ends")),
  };
}
