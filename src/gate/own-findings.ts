import type { FindingReasons } from "../../services/gate/findings.ts";
import type { ActiveWaiver, Evaluation } from "../../services/gate/verdict.ts";
import type { CommandContext } from "../commands/context.ts";
import type { ConfigReader } from "../commands/read-config.ts";
import { asksStrict, type LocalFindings, openLocalFindings } from "../findings/local.ts";
import { type Limit, within } from "./pause.ts";
import { unseen } from "./unseen.ts";
import type { Seen, Watch } from "./watch.ts";

export interface OwnFindingsOptions {
  readonly readConfig: ConfigReader;
  /** Of what is looked at instead of a configured suite. */
  readonly urls?: readonly string[];
  readonly strictValidation?: boolean | undefined;
}

/**
 * The findings of this machine that count for a wait: those of its own configuration where that is what is waited for,
 * and otherwise only when strict validation is asked for here.
 *
 * @throws {CliError} 78 for faults of the configuration.
 */
export async function ownFindings(
  context: CommandContext,
  watch: Watch,
  options: OwnFindingsOptions,
): Promise<LocalFindings | undefined> {
  const { readConfig, urls = [] } = options;
  const strict = asksStrict(context, options);
  const isConfigured = urls.length === 0 && watch.vantage().kind === "here";
  if (!strict && !isConfigured) return undefined;
  return await openLocalFindings(context, { readConfig, strict });
}

/**
 * Collects them within the time of the wait; undefined when that was not enough. Nothing is looked at any longer then.
 *
 * @throws the reason of `signal` when that aborts.
 */
export async function findInTime(
  find: LocalFindings,
  { ms, signal }: Limit,
): Promise<FindingReasons | undefined> {
  const limit = new AbortController();
  try {
    return await within(find(AbortSignal.any([signal, limit.signal])), { ms, signal });
  } finally {
    limit.abort(new Error("findings are not waited for any longer"));
  }
}

/** What is seen when they could not be collected in time: nobody knows, so it is no `go`. */
export const notFoundInTime = ({ suite }: Pick<Watch, "suite">): Seen =>
  unseen({
    suite,
    at: Date.now(),
    message: "What is wrong in configuration and context could not be collected in time.",
    code: "FINDING",
  });

/** What was seen, with the findings of this machine: what blocks decides, and whatever else there is, is told. */
export function withFindings(seen: Seen, found: FindingReasons | undefined): Seen {
  if (found === undefined) return seen;
  const { evaluation } = seen;
  const { blocking, notes, strict } = found;
  const waivers = mergeWaivers(evaluation.waivers ?? [], found.waivers);
  const merged: Evaluation = {
    ...evaluation,
    // They were collected once and are not looked at again, so nothing of them is cured by waiting.
    verdict: blocking.length > 0 ? "stop" : evaluation.verdict,
    reasons: [...blocking, ...evaluation.reasons, ...notes],
    ...(strict && { strict }),
    ...(waivers.length > 0 && { waivers }),
  };
  return { ...seen, evaluation: merged };
}

function mergeWaivers(
  theirs: readonly ActiveWaiver[],
  own: readonly ActiveWaiver[],
): readonly ActiveWaiver[] {
  const known = new Set(theirs.map(({ finding }) => finding));
  return [...theirs, ...own.filter(({ finding }) => !known.has(finding))];
}

/** Enough for a first word on each, so that everything that is wrong is told at once. */
const LOOK_MS = 3000;

/** A `stop` for findings, with how the environment is as far as that can be told at once. */
export async function stopForFindings(
  { signal }: Pick<CommandContext, "signal">,
  watch: Watch,
  found: FindingReasons,
): Promise<Seen> {
  const seen = await within(watch.look(signal), { ms: LOOK_MS, signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    // That nobody can be asked changes nothing about what was found.
    void error;
  });
  return withFindings(seen ?? watch.latest() ?? nothingSeen(watch), found);
}

function nothingSeen({ suite, options }: Watch): Seen {
  const evaluation: Evaluation = {
    suite,
    verdict: "stop",
    fit: false,
    stableForMs: 0,
    stableMs: options?.stableMs ?? 0,
    reasons: [],
  };
  const checks = (options?.requirements ?? []).map(
    ({ dependency, level }) => ({ dependency, level, status: "unknown" }) as const,
  );
  return { at: Date.now(), evaluation, checks };
}
