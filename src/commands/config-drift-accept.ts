import { userInfo } from "node:os";
import { acceptChanges, isNamed, subjectOf } from "../../services/drift/accept.ts";
import type { Change } from "../../services/drift/compare.ts";
import type { Reading } from "../../services/drift/reading.ts";
import { createRedact } from "../../services/redact.ts";
import type { Environment } from "../config/config.ts";
import { readVariable } from "../config/interpolate.ts";
import { writeBaseline } from "../drift/baseline-file.ts";
import { compareOrEnd, prepareDrift } from "../drift/prepare.ts";
import { reportChange } from "../drift/report-change.ts";
import { EXIT } from "../exit-codes.ts";
import { renderAccept } from "../views/drift-human.ts";
import type { AcceptReport } from "../views/drift-report.ts";
import { clean } from "../views/text.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { unknownName } from "./unknown-name.ts";

export interface DriftAcceptOptions extends OutputOptions {
  readonly keys: readonly string[];
  readonly reason: string;
  readonly by?: string;
  readonly dryRun?: boolean;
  readonly config?: string;
}

/** Writes the named changes into the baseline, or all of them. */
export async function driftAccept(context: CommandContext, options: DriftAcceptOptions): Promise<number> {
  const { env, cwd } = context;
  const { keys, dryRun = false } = options;
  if (clean(options.reason) === "") throw usageError("--reason is empty.", "Say why the changes are meant.");
  const prepared = await prepareDrift(context, options.config);
  const { baseline: file } = prepared.config.drift;
  const { changes, troubles, reading, compared } = await compareOrEnd(context, prepared);
  const chosen = choose(changes, keys);
  const redact = createRedact(valuesIn(reading, options.reason));
  const acceptance = {
    at: new Date().toISOString(),
    by: clean(options.by ?? personOf(env)),
    reason: redact(clean(options.reason)),
  };
  const baseline = acceptChanges(compared.baseline, chosen, acceptance);
  const written =
    chosen.length > 0 && !dryRun ? await writeBaseline({ file, cwd, baseline, from: compared.text }) : false;
  const result: AcceptReport = {
    schemaVersion: 1,
    command: "config drift accept",
    baseline: file.shown,
    dryRun,
    written,
    ...acceptance,
    changes: chosen.map(reportChange),
    left: changes.length - chosen.length,
    troubles,
  };
  writeResult(context, options, { result, human: renderAccept });
  return troubles.length === 0 ? EXIT.ok : EXIT.findings;
}

/** Those that are named; each name must be that of a change. */
function choose(changes: readonly Change[], names: readonly string[]): readonly Change[] {
  for (const name of names) {
    if (changes.some((change) => isNamed(change, name))) continue;
    if (changes.length === 0) throw usageError(`nothing has changed, so ${name} has not either.`);
    const known = [...new Set(changes.map(subjectOf))];
    throw unknownName("change of", name, { known, listWith: "greenlight config drift" });
  }
  return names.length === 0
    ? changes
    : changes.filter((change) => names.some((name) => isNamed(change, name)));
}

/** A reason is committed: a value that somebody put into it must not be. */
function valuesIn({ sources }: Reading, text: string): string[] {
  return sources.flatMap(({ items }) =>
    items.flatMap(({ state }) =>
      state.kind === "value" && state.text.length >= SHORTEST_SECRET && text.includes(state.text)
        ? [state.text]
        : [],
    ),
  );
}

/** Shorter ones are words of a sentence too: `true`, `staging`. */
const SHORTEST_SECRET = 8;

function personOf(env: Environment): string {
  const named = ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "LOGNAME"].map((name) =>
    readVariable(env, name),
  );
  return named.find((name) => name !== undefined) ?? userName();
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // Some containers run as a number that no user has.
    return "unknown";
  }
}
