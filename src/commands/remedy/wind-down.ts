import process from "node:process";
import type { RunNotice } from "../../../services/remediation/engine.ts";

export interface WindDownOptions {
  /** Aborts at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

export interface WindDown {
  /** Ends the run: after the step in hand at the first interruption, at once at the second. */
  readonly signal: AbortSignal;
  readonly onEvent: (notice: RunNotice) => void;
  /** Gives Ctrl-C back to whoever had it. */
  close(): void;
}

/** A third interruption ends the process: the journal knows what was begun. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Lets a run end between two steps when it is interrupted, and says how to go on when it cannot. */
export function windDown({ signal, tell }: WindDownOptions): WindDown {
  const ending = new AbortController();
  let runId: string | undefined;
  let inHand: string | undefined;

  const onSecond = (): void => {
    release();
    const resume =
      runId === undefined
        ? ""
        : ` Go on with: greenlight resume ${runId}, or take it back with: greenlight rollback ${runId}`;
    tell(`Ending at once.${resume}`);
    ending.abort(new Error("interrupted twice"));
  };
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, onSecond);
  };
  const onFirst = (): void => {
    if (inHand === undefined) return ending.abort(new Error("interrupted"));
    for (const name of SIGNALS) process.on(name, onSecond);
    tell(`Interrupted: ending when step ${inHand} is finished or taken back. Again to end at once.`);
    return undefined;
  };
  if (signal.aborted) onFirst();
  else signal.addEventListener("abort", onFirst, { once: true });

  return {
    signal: ending.signal,
    onEvent(notice) {
      runId = notice.runId;
      if (notice.kind !== "journalled") return;
      const { event } = notice;
      if (event.type === "step-applying" || event.type === "step-rolling-back") inHand = event.step;
      if (event.type !== "step-ended") return;
      inHand = undefined;
      if (signal.aborted) ending.abort(new Error("interrupted"));
    },
    close() {
      release();
      signal.removeEventListener("abort", onFirst);
    },
  };
}
