import { judgeCredentials } from "../../services/gate/credentials.ts";
import type { CommandContext } from "../commands/context.ts";
import type { GateOptions } from "../commands/gate-options.ts";
import type { ConfigReader } from "../commands/read-config.ts";
import { readVariable } from "../config/interpolate.ts";
import { createProgress } from "../views/progress.ts";
import { describeGate, type GateEnd } from "./gate-summary.ts";
import { findInTime, notFoundInTime, ownFindings, stopForFindings, withFindings } from "./own-findings.ts";
import type { Seen, Vantage, Watch } from "./watch.ts";

export interface GateWait extends GateEnd {
  readonly seen: Seen;
  readonly waitedMs: number;
  /** What was told of the looking itself, each once. */
  readonly notes: readonly string[];
}

export type GateWaitOptions = Pick<
  GateOptions,
  "timeout" | "stable" | "grace" | "verbose" | "color" | "json" | "strictValidation"
> & {
  readonly until?: "fit" | "unfit";
  readonly urls?: readonly string[];
  readonly readConfig: ConfigReader;
};

/**
 * Waits for a suite's environment with progress on stderr, for `wait` and before the command of `run`. The suite's own
 * credentials and the findings of this machine are looked at first: what is not good enough for the run stops it before
 * anything is waited for.
 *
 * @throws {CliError} as {@link Watch.waitFor}.
 */
export async function waitAtGate(
  context: CommandContext,
  watch: Watch,
  options: GateWaitOptions,
): Promise<GateWait> {
  const { timeout, stable, grace, verbose = false, color, until = "fit" } = options;
  const startedAt = performance.now();
  const ended = (seen: Seen, notes: readonly string[]): GateWait => {
    const waitedMs = Math.round(performance.now() - startedAt);
    return { ...describeGate({ seen, waitedMs, timeoutMs: timeout, until }), seen, waitedMs, notes };
  };
  const left = (): number => startedAt + timeout - performance.now();
  const denied = until === "fit" ? judgeOwnCredentials(context, watch) : undefined;
  if (denied !== undefined) return ended(denied, []);
  const find = until === "fit" ? await ownFindings(context, watch, options) : undefined;
  const found = find && (await findInTime(find, { ms: left(), signal: context.signal }));
  if (find !== undefined && found === undefined) return ended(notFoundInTime(watch), []);
  if (found !== undefined && found.blocking.length > 0)
    return ended(await stopForFindings(context, watch, found), []);
  const notes = new Set<string>();
  const vantage = describeVantage(watch.vantage());
  const progress = createProgress(context, {
    suite: watch.suite,
    vantage,
    timeoutMs: timeout,
    verbose,
    color,
  });
  try {
    const seen = await watch.waitFor({
      deadlineAt: startedAt + timeout,
      stableMs: stable,
      graceMs: grace,
      until,
      signal: context.signal,
      onSeen: progress.seen,
      onNote(note) {
        notes.add(note);
        progress.note(note);
      },
    });
    return ended(withFindings(seen, found), [...notes]);
  } finally {
    progress.end();
  }
}

/** A `stop`, when a credential of the run's own is not good enough; nothing has been looked at then. */
export function judgeOwnCredentials({ env }: Pick<CommandContext, "env">, watch: Watch): Seen | undefined {
  const { options: suite } = watch;
  if (suite === undefined) return undefined;
  const now = Date.now();
  const reasons = judgeCredentials({ suite, read: (name) => readVariable(env, name), now });
  if (reasons.length === 0) return undefined;
  const { name, stableMs, requirements } = suite;
  return {
    at: now,
    evaluation: { suite: name, verdict: "stop", fit: false, stableForMs: 0, stableMs, reasons },
    checks: requirements.map(({ dependency, level }) => ({ dependency, level, status: "unknown" })),
  };
}

/** Who looks, for a headline. */
export function describeVantage(vantage: Vantage): string {
  if (vantage.kind === "here") return "looking from here";
  if (vantage.kind === "service") return `asking ${vantage.url}`;
  return `looking from here since ${vantage.url} was lost`;
}
