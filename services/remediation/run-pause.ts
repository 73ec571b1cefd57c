import { setTimeout as sleep } from "node:timers/promises";
import { stopOf } from "./run-stop.ts";

/** @throws {Stop} when the run is to end meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw stopOf(signal);
  }
}
