import { formatDuration } from "../../services/duration.ts";
import type { Reason } from "../../services/gate/verdict.ts";
import type { CommandContext } from "../commands/context.ts";
import { EXIT } from "../exit-codes.ts";
import { namesOf, stepsOf } from "./gate-summary.ts";
import { describeVantage, type GateWaitOptions, judgeOwnCredentials } from "./gate-wait.ts";
import { ownFindings, withFindings } from "./own-findings.ts";
import type { Seen, Watch } from "./watch.ts";

/** What a dry run of `wait` or `run` says; the same members as those of a wait, for the record. */
export interface DryRun {
  readonly outcome: "dry-run";
  readonly exitCode: 0;
  readonly summary: string;
  readonly nextSteps: readonly string[];
  readonly seen: Seen;
  readonly waitedMs: 0;
  readonly notes: readonly string[];
}

/**
 * Looks once and says what would be decided now. Nothing is started, waited for or leased.
 *
 * @throws {CliError} as {@link Watch.look}.
 */
export async function dryRun(
  context: CommandContext,
  watch: Watch,
  options: GateWaitOptions & { readonly command?: readonly string[] },
): Promise<DryRun> {
  const looked = await watch.look(context.signal);
  const denied = judgeOwnCredentials(context, watch)?.evaluation.reasons ?? [];
  const find = await ownFindings(context, watch, options);
  const { evaluation } = withFindings(looked, await find?.(context.signal));
  const reasons = [...denied, ...evaluation.reasons];
  const verdict = denied.length > 0 ? "stop" : evaluation.verdict;
  const seen: Seen = { ...looked, evaluation: { ...evaluation, verdict, reasons } };
  return {
    outcome: "dry-run",
    exitCode: EXIT.ok,
    summary: `Dry run, nothing was started. Now: ${verdict}, ${decisionOf(seen, options, watch)}.`,
    nextSteps: stepsOf(reasons),
    seen,
    waitedMs: 0,
    notes: [
      `It would be judged by ${describeVantage(watch.vantage())}: ${limitsOf(options, watch)}.`,
      ...(await requirementNotes(watch, looked)),
      ...credentialNotes(watch, denied),
      ...(options.command === undefined || options.command.length === 0
        ? []
        : ["Then the command would be started."]),
    ],
  };
}

function decisionOf({ evaluation }: Seen, options: GateWaitOptions, watch: Watch): string {
  const { verdict, reasons } = evaluation;
  const blocking = reasons.filter(({ effect }) => effect === "blocks");
  const timeout = formatDuration(options.timeout);
  switch (verdict) {
    case "go":
      return `once all has held for ${saidOr(options.stable, watch.options?.stableMs)}`;
    case "stop":
      return `it would end at once with ${EXIT.unavailable}: ${namesOf(blocking.filter(({ curable }) => !curable))}`;
    default:
      return `it would wait for at most ${timeout}: ${namesOf(blocking)}`;
  }
}

const limitsOf = ({ timeout, stable, grace }: GateWaitOptions, { options: suite }: Watch): string =>
  `window ${saidOr(stable, suite?.stableMs)}, grace ${saidOr(grace, suite?.graceMs)}, timeout ${formatDuration(timeout)}`;

/** Only the service knows what its suite says. */
const saidOr = (given: number | undefined, own: number | undefined): string => {
  const ms = given ?? own;
  return ms === undefined ? "as the service's suite says" : ms === 0 ? "none" : formatDuration(ms);
};

/** What would be looked at, and where it is. */
async function requirementNotes(watch: Watch, { checks }: Seen): Promise<readonly string[]> {
  const { dependencies } = await watch.fingerprint();
  const parts = checks.map(({ dependency, level }) => {
    const { kind, host, port } = dependencies[dependency] ?? {};
    const at = host === undefined ? "" : ` at ${host.includes(":") ? `[${host}]` : host}:${port ?? ""}`;
    return `${dependency} (${[`${kind ?? "unknown"}${at}`, level].join(", ")})`;
  });
  return parts.length === 0 ? [] : [`It requires ${parts.join(", ")}.`];
}

function credentialNotes({ options: suite }: Watch, denied: readonly Reason[]): readonly string[] {
  const count = suite?.credentials.length ?? 0;
  if (count === 0 || denied.length > 0) return [];
  return [
    `${count === 1 ? "The suite's credential lives" : `The suite's ${count} credentials live`} long enough.`,
  ];
}
