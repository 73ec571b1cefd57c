import type { Seen } from "../gate/watch.ts";
import type { Progress, ProgressOptions } from "./progress.ts";
import { renderProgress } from "./progress-table.ts";
import { createSince } from "./since.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

export interface ProgressInput extends ProgressOptions {
  readonly terminal: Terminal;
  readonly write: (text: string) => void;
}

/** The clock in the headline moves with it. */
const REDRAW_MS = 500;

/** Draws one table over and over in the same place; notes stay above it. */
export function createLiveProgress(input: ProgressInput): Progress {
  const { terminal, write, suite, vantage, timeoutMs } = input;
  const startedAt = performance.now();
  const since = createSince();
  let seen: Seen | undefined;
  let drawn = 0;
  let ended = false;

  const erase = (): string => (drawn === 0 ? "" : `\u001B[${drawn}A\u001B[J`);

  function draw(above = ""): void {
    const elapsedMs = performance.now() - startedAt;
    const table = { suite, vantage, timeoutMs, elapsedMs, seen, sinceMs: since.ages() };
    const lines = renderProgress(table, terminal);
    const text = `${lines.join("\n")}\n`;
    write(`${erase()}${above}${terminal.unicode ? text : toAscii(text)}`);
    drawn = lines.length;
  }

  const timer = setInterval(() => draw(), REDRAW_MS);
  timer.unref();
  draw();
  return {
    seen(next) {
      if (ended) return;
      seen = next;
      since.learn(next.checks);
      draw();
    },
    note(text) {
      if (ended) return;
      const lines = hang("note: ", clean(text), terminal.width - 1).join("\n");
      draw(`${terminal.unicode ? lines : toAscii(lines)}\n`);
    },
    end() {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      write(erase());
    },
  };
}
