import type { RunNotice } from "../../services/remediation/engine.ts";
import type { JournalEvent } from "../../services/remediation/journal.ts";
import { clean, formatMs } from "./text.ts";

export interface RemedyProgressOptions {
  /** Ids in the order of the plan. */
  readonly steps: readonly string[];
  readonly write: (line: string) => void;
}

/** Tells a run while it happens: a line when a step begins, one when it ends, and now and then that it waits. */
export interface RemedyProgress {
  readonly onEvent: (notice: RunNotice) => void;
  /** By step, what was checked afterwards. */
  readonly verified: ReadonlyMap<string, readonly string[]>;
}

const WAITING_EVERY_MS = 10_000;

export function createRemedyProgress({ steps, write }: RemedyProgressOptions): RemedyProgress {
  const verified = new Map<string, readonly string[]>();
  const begunAt = new Map<string, number>();
  let toldWaiting = Number.NEGATIVE_INFINITY;
  const label = (step: string): string => `[${steps.indexOf(step) + 1}/${steps.length}] ${clean(step)}`;

  function tell(event: JournalEvent): void {
    switch (event.type) {
      case "run-started":
        return write(`Run ${event.runId} begins.`);
      case "run-resumed":
        return write(`The run is taken over to ${event.to === "finish" ? "finish it" : "take it back"}.`);
      case "step-applying":
        begunAt.set(event.step, event.at);
        return write(`${label(event.step)}: applying`);
      case "step-rolling-back":
        return write(`${label(event.step)}: rolling back`);
      case "step-verified":
        verified.set(
          event.step,
          event.results.map((each) => ("evidence" in each ? each.evidence : `${each.kind}: ${each.because}`)),
        );
        return undefined;
      case "step-ended": {
        const { result, step, at } = event;
        const from = begunAt.get(step);
        const took = from === undefined ? "" : ` after ${formatMs(at - from)}`;
        const said = result.kind === "done" ? result.evidence : result.because;
        return write(`${label(step)}: ${result.kind.replaceAll("-", " ")}${took}: ${clean(said)}`);
      }
      default:
        return undefined;
    }
  }

  return {
    verified,
    onEvent(notice) {
      if (notice.kind === "journalled") return tell(notice.event);
      const now = performance.now();
      if (now - toldWaiting < WAITING_EVERY_MS) return undefined;
      toldWaiting = now;
      const lead = notice.step === undefined ? "" : `${label(notice.step)}: `;
      return write(`${lead}waiting: ${clean(notice.because)}`);
    },
  };
}
