import { defuseCommands } from "./ci-commands.ts";
import { describeTerminal } from "./terminal.ts";
import type { CommandContext } from "../commands/context.ts";
import type { Seen } from "../gate/watch.ts";
import { createLineProgress } from "./progress-lines.ts";
import { createLiveProgress } from "./progress-live.ts";

/** What people see on stderr while a command waits. */
export interface Progress {
  seen(seen: Seen): void;
  note(text: string): void;
  /** Leaves nothing on the screen that is not true any more. Nothing is written after that. */
  end(): void;
}

export interface ProgressOptions {
  readonly suite: string;
  /** Who looks: `from here`, or a service's address. */
  readonly vantage: string;
  readonly timeoutMs: number;
  /** One line for each look, whatever it saw. */
  readonly verbose: boolean;
  /** False with `--no-color`. */
  readonly color?: boolean | undefined;
}

/** A table that is redrawn in place where somebody looks at a screen, one line per change anywhere else. */
export function createProgress(
  { env, stderr }: Pick<CommandContext, "env" | "stderr">,
  options: ProgressOptions,
): Progress {
  const { color, verbose } = options;
  const described = describeTerminal({ env, output: stderr, color });
  // FORCE_COLOR is meant for results; logs of others stay free of escape codes.
  const terminal = { ...described, color: described.color && stderr.isTTY === true };
  const isLive = stderr.isTTY === true && env.TERM !== "dumb" && !verbose;
  const input = { ...options, terminal, write: (text: string) => void stderr.write(defuseCommands(text)) };
  return isLive ? createLiveProgress(input) : createLineProgress(input);
}
