import { spawn } from "node:child_process";
import { constants } from "node:os";
import { systemClock } from "../../services/clock.ts";
import { readProcess } from "./child-processes.ts";
import { explainRefusal, type StartFailure } from "./child-program.ts";
import { forwardSignals, type SignalHost } from "./child-signals.ts";
import { ABORT_STAGES, END_STAGES, endTree, type TreeEnd } from "./child-tree.ts";

/** The variable that marks everything a run starts. */
export const RUN_ID = "GREENLIGHT_RUN_ID";

export interface StartChildOptions {
  /** The program's path, as it was found. */
  readonly program: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** Holds {@link RUN_ID}. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runId: string;
  /** `stderr` where this process has stdout for itself. */
  readonly stdout: "stdout" | "stderr";
  readonly host: SignalHost;
}

/** How a command ended. */
export type ChildEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: NodeJS.Signals }
  | { readonly kind: "not-started"; readonly failure: StartFailure };

export interface FinishedChild {
  readonly end: ChildEnd;
  /** Wall clock, ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The signals with which this process was asked to end it. */
  readonly passedOn: readonly NodeJS.Signals[];
  /** What it left behind, which has been ended. */
  readonly tree: TreeEnd;
}

export interface Child {
  /** Resolves when the command and all it started have ended. Never rejects. */
  readonly finished: Promise<FinishedChild>;
  /** Ends the command early; false when it has ended already. */
  abort(): boolean;
}

/**
 * Starts a command in a session of its own, with this process's stdin, stdout and stderr as they are: no byte passes
 * through here. A session and not a group alone, because what leaves the group still belongs to the session.
 */
export function startChild(options: StartChildOptions): Child {
  const { program, command, cwd, env, runId, stdout, host } = options;
  const [name = "", ...args] = command;
  const startedAt = systemClock.now();
  let leader: number | undefined;
  const forwarding = forwardSignals(host, {
    command: () => leader,
    stopSelf: () => void process.kill(process.pid, "SIGSTOP"),
  });
  const child = spawn(program, args, {
    argv0: name,
    cwd,
    env,
    detached: true,
    stdio: ["inherit", stdout === "stdout" ? "inherit" : 2, "inherit"],
  });
  leader = child.pid;
  if (leader === undefined) {
    forwarding.stop();
    return { finished: notStarted(child, { program, startedAt }), abort: () => false };
  }
  const mark = {
    leader,
    startTicks: readProcess(leader)?.startTicks ?? 0,
    variable: `${RUN_ID}=${runId}`,
  };
  let aborting: Promise<TreeEnd> | undefined;
  let hasEnded = false;

  const ended = new Promise<ChildEnd>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(signal === null ? { kind: "exited", code: code ?? 0 } : { kind: "killed", signal }),
    );
  });

  async function finish(): Promise<FinishedChild> {
    const end = await ended;
    hasEnded = true;
    const endedAt = systemClock.now();
    await aborting;
    const tree = await endTree(mark, END_STAGES);
    forwarding.stop();
    return { end, startedAt, endedAt, passedOn: forwarding.passedOn(), tree };
  }

  return {
    finished: finish(),
    abort() {
      if (hasEnded) return false;
      aborting ??= endTree(mark, ABORT_STAGES);
      return true;
    },
  };
}

/** What `kill -l` calls the signal's number. */
export const signalNumber = (signal: NodeJS.Signals): number => constants.signals[signal];

function notStarted(
  child: ReturnType<typeof spawn>,
  { program, startedAt }: { readonly program: string; readonly startedAt: number },
): Promise<FinishedChild> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      resolve({
        end: { kind: "not-started", failure: explainRefusal(error, program) },
        startedAt,
        endedAt: systemClock.now(),
        passedOn: [],
        tree: { told: [], left: [] },
      });
    });
  });
}
