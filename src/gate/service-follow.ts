import { pause } from "./pause.ts";
import type { GateAnswer } from "./gate-answer.ts";
import type { Asked } from "./service-answers.ts";
import type { ServiceIncidents } from "./service-incidents.ts";
import { createTrouble, type LossListeners } from "./trouble.ts";
import type { FollowOptions, Seen } from "./watch.ts";

export interface FollowServiceOptions {
  readonly ask: (heldMs: number) => Promise<Asked>;
  readonly accept: (answer: GateAnswer) => Seen;
  readonly history: ServiceIncidents;
  /** Incidents from then on are asked for: wall clock, ms. */
  readonly since: number;
  readonly shown: string;
  readonly listeners: FollowOptions & LossListeners;
  readonly loseAfterMs: number;
  /** Why it is not given up all the same; undefined when it is. */
  readonly whyKeep: () => string | undefined;
  readonly signal: AbortSignal;
}

const PERIOD_MS = 1000;

/** Asks about once a second, until the signal aborts or the service is lost. Never rejects. */
export async function followService(options: FollowServiceOptions): Promise<void> {
  const { ask, accept, history, since, shown, listeners, loseAfterMs, whyKeep, signal } = options;
  const { onSeen, onNote, onTrouble, onLost } = listeners;
  const trouble = createTrouble(onNote, shown);
  let heldMs = 0;

  async function once(): Promise<string | undefined> {
    try {
      const asked = await ask(heldMs);
      if (asked.kind === "trouble") return asked.note;
      const seen = accept(asked.answer);
      // A suite that is `go` is answered at once; one that is not is told of as soon as it is.
      heldMs = seen.evaluation.verdict === "go" ? 0 : PERIOD_MS;
      onSeen(seen);
      await history.poll(since, signal);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  for (;;) {
    const begunAt = performance.now();
    const note = await once();
    if (signal.aborted) return;
    if (note === undefined) {
      trouble.over();
    } else {
      const lasted = trouble.met(note);
      if (lasted === 0) onTrouble?.();
      if (lasted >= loseAfterMs) {
        const kept = whyKeep();
        if (kept === undefined) {
          onLost?.(note);
          return;
        }
        trouble.told(kept);
      }
    }
    const rest = PERIOD_MS - (performance.now() - begunAt);
    await pause(rest, signal).catch(() => undefined);
    if (signal.aborted) return;
  }
}
