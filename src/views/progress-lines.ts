import type { SeenRequirement } from "../../services/gate/seen.ts";
import { formatDuration } from "../../services/duration.ts";
import type { Seen } from "../gate/watch.ts";
import type { ProgressInput } from "./progress-live.ts";
import type { Progress } from "./progress.ts";
import { standing, wholeSeconds } from "./progress-table.ts";
import { createSince } from "./since.ts";
import { clean, toAscii } from "./text.ts";

/** CI systems end jobs that say nothing for minutes. */
const HEARTBEAT_MS = 30_000;

/** One line per change, and now and then one that says that nothing has changed. */
export function createLineProgress(input: ProgressInput): Progress {
  const { terminal, write, suite, vantage, timeoutMs, verbose } = input;
  const startedAt = performance.now();
  const since = createSince();
  let last: Seen | undefined;
  let told = "";
  let ended = false;

  function line(text: string): void {
    if (ended) return;
    heartbeat.refresh();
    const time = `${wholeSeconds(performance.now() - startedAt)} of ${formatDuration(timeoutMs)}`;
    const whole = `greenlight: ${clean(suite)} [${time}] ${clean(text)}\n`;
    write(terminal.unicode ? whole : toAscii(whole));
  }

  const heartbeat = setInterval(() => {
    line(last === undefined ? "still waiting for the first word" : `still ${describe(last, last.checks)}`);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  line(`waiting, ${vantage}`);

  return {
    seen(seen) {
      last = seen;
      const changed = since.learn(seen.checks);
      const meaning = JSON.stringify([
        seen.evaluation.verdict,
        seen.evaluation.reasons.map(({ code, dependency }) => [code, dependency]),
      ]);
      const isNew = changed.length > 0 || meaning !== told;
      told = meaning;
      if (verbose) line(describe(seen, seen.checks));
      else if (isNew) line(describe(seen, changed));
    },
    note: (text) => line(`note: ${text}`),
    end() {
      ended = true;
      clearInterval(heartbeat);
    },
  };
}

function describe({ evaluation }: Seen, checks: readonly SeenRequirement[]): string {
  const general = evaluation.reasons.filter(
    ({ dependency, code }) => dependency === undefined && code !== "SETTLING",
  );
  const parts = [...checks.map(describeCheck), ...general.map(({ message }) => message)];
  return parts.length === 0 ? standing(evaluation) : `${standing(evaluation)}: ${parts.join("; ")}`;
}

function describeCheck({ dependency, status, cause, rung, level }: SeenRequirement): string {
  const optional = level === "optional" ? ", optional" : "";
  if (cause === "NOT_EVALUATED") return `${dependency} not observed yet${optional}`;
  const why = cause === undefined ? "" : ` (${cause}${rung === undefined ? "" : ` at ${rung}`}${optional})`;
  return `${dependency} ${status}${why === "" && optional !== "" ? " (optional)" : why}`;
}
