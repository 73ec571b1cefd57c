import type { CommandContext } from "../commands/context.ts";
import { describeTerminal } from "./terminal.ts";

export interface LintProgress {
  readonly tell: (done: number, all: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

const REDRAW_MS = 100;

/** One line on a terminal that says how far it is; nothing anywhere else. */
export function createLintProgress(
  { env, stderr }: Pick<CommandContext, "env" | "stderr">,
  color: boolean | undefined,
): LintProgress {
  const { width } = describeTerminal({ env, output: stderr, color });
  let drawnAt = Number.NEGATIVE_INFINITY;
  if (stderr.isTTY !== true || env.TERM === "dumb") return { tell: () => undefined, end: () => undefined };
  return {
    tell(done, all) {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const text = `linting: ${done} of ${all} files`;
      stderr.write(`\r\u001B[K${text.slice(0, width - 1)}`);
    },
    end() {
      if (drawnAt > 0) stderr.write("\r\u001B[K");
    },
  };
}
