import type { StopCode } from "./engine.ts";

/** Ends a run in the middle, before its next change. Never leaves the engine. */
export class Stop extends Error {
  readonly code: StopCode;
  constructor(code: StopCode, message: string) {
    super(message);
    this.name = "Stop";
    this.code = code;
  }
}

/** For a signal that aborted: its own stop, or that somebody wanted it to end. */
export const stopOf = ({ reason }: AbortSignal): Stop =>
  reason instanceof Stop ? reason : new Stop("ABORTED", "it was told to end");

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
