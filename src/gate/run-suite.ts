import type { CommandContext } from "../commands/context.ts";
import { systemClock } from "../../services/clock.ts";
import { formatDuration } from "../../services/duration.ts";
import { type FinishedChild, startChild } from "./child.ts";
import type { SignalHost } from "./child-signals.ts";
import { trackDown } from "./run-abort.ts";
import type { Watch } from "./watch.ts";

export interface RunSuiteOptions {
  readonly watch: Watch;
  readonly program: string;
  readonly command: readonly string[];
  readonly env: CommandContext["env"];
  readonly runId: string;
  readonly stdout: "stdout" | "stderr";
  readonly host: SignalHost;
  /** End the suite when a required dependency has been down for so long, in ms. */
  readonly abortAfterMs?: number | undefined;
}

export interface SuiteRun extends FinishedChild {
  /** Why it was ended early, in one sentence. */
  readonly aborted?: string;
  /** What was told of the looking while it ran. */
  readonly notes: readonly string[];
}

/** Runs the command to its end and looks at the environment meanwhile. Never rejects once the command was started. */
export async function runSuite(
  { cwd, stderr }: Pick<CommandContext, "cwd" | "stderr">,
  options: RunSuiteOptions,
): Promise<SuiteRun> {
  const { watch, program, command, env, runId, stdout, host, abortAfterMs } = options;
  const notes = new Set<string>();
  let aborted: string | undefined;
  const child = startChild({ program, command, cwd, env, runId, stdout, host });

  function abort(why: string): void {
    if (aborted !== undefined || !child.abort()) return;
    aborted = why;
    stderr.write(`greenlight: ending the command: ${why}\n`);
  }

  const see = abortAfterMs === undefined ? undefined : trackDown(abortAfterMs);
  watch.follow({
    onSeen(seen) {
      const down = see?.(seen, systemClock.monotonic());
      if (down === undefined) return;
      const { dependency, downForMs, message } = down;
      const seconds = formatDuration(Math.round(downForMs / 1000) * 1000);
      abort(`${dependency} has been down for ${seconds}, longer than --abort-on-unfit allows. ${message}`);
    },
    onNote: (note) => notes.add(note),
    onLeaseLost: abort,
  });
  const finished = await child.finished;
  return { ...finished, ...(aborted === undefined ? {} : { aborted }), notes: [...notes] };
}
