import { fileURLToPath } from "node:url";
import { startProcess } from "../src/sandbox/process.ts";

/** Whom to ask, how often, and when to stop waiting. */
export interface PollTarget {
  readonly name: string;
  readonly url: string;
  readonly everyMs: number;
  readonly giveUpMs: number;
}

/** One question and its answer. */
export interface Sample {
  readonly name: string;
  /** When it was asked, in milliseconds since 1970, finer than one. */
  readonly at: number;
  readonly tookMs: number;
  /** 0: no answer. */
  readonly status: number;
}

export interface Poll {
  /** Begins to ask one more. */
  add(target: PollTarget): void;
  /** The answers so far. */
  readonly samples: readonly Sample[];
  stop(): Promise<void>;
}

const entry = fileURLToPath(new URL("poller.ts", import.meta.url));
const lastReportMs = 150;

/** The clock of `Sample.at`. */
export const pollNow = (): number => performance.timeOrigin + performance.now();

/** Starts a process that asks whoever is added, until it is stopped. */
export async function startPoll(): Promise<Poll> {
  const samples: Sample[] = [];
  const managed = await startProcess({
    name: "the poller",
    command: process.execPath,
    args: [entry],
    parentDeathSignal: "KILL",
    onMessage: (message) => samples.push(...(message as Sample[])),
  });
  return {
    samples,
    add: (target) => void managed.child.send(target),
    async stop() {
      await new Promise((resolve) => setTimeout(resolve, lastReportMs));
      await managed.stop();
    },
  };
}
