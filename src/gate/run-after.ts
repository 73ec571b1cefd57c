import { createReadStream } from "node:fs";
import type { Incident } from "../../services/history/incident.ts";
import type { ReportFault, TriageResult } from "../../services/triage/result.ts";
import type { TriageOptions } from "../../services/triage/triage.ts";
import type { CommandContext } from "../commands/context.ts";
import { redactVariables } from "../views/reports/redact-record.ts";
import type { RunRecord } from "../views/run-record.ts";
import type { FinishedChild } from "./child.ts";
import { within } from "./pause.ts";
import { judgeRun, type ReportsFound } from "./run-outcome.ts";
import type { ReportPaths } from "./run-results.ts";
import type { SuiteRun } from "./run-suite.ts";
import type { Watch } from "./watch.ts";

export interface RecordRunOptions {
  readonly watch: Watch;
  readonly ran: SuiteRun;
  readonly reports: ReportPaths;
  readonly pytest: boolean;
  readonly command: readonly string[];
  /** What was known when the command started. */
  readonly base: RunRecord;
}

/** A failure may be quicker than the next look; the last one is given so long, in ms. */
const LAST_LOOK_MS = 10_000;

/** What a run came to. Never rejects: whatever fails after the command has ended is a note, and takes nothing of its result. */
export async function recordRun(
  { env }: Pick<CommandContext, "env">,
  options: RecordRunOptions,
): Promise<RunRecord> {
  const { watch, ran, reports, pytest, command, base } = options;
  const { end, startedAt, endedAt, aborted, passedOn } = ran;
  const redact = redactVariables(env);
  const notes = [...base.notes, ...ran.notes, ...reports.notes, ...treeNotes(ran)];
  const note = (what: string) => (error: unknown) =>
    void notes.push(`${what}: ${redact(error instanceof Error ? error.message : String(error))}`);

  if (end.kind !== "exited" || end.code !== 0) notes.push(...(await lookOnceMore(watch)));
  const incidents = await watch.incidents(startedAt).catch((error: unknown): readonly Incident[] => {
    note("It is not known what happened to the environment, so no failure is put down to it")(error);
    return [];
  });
  const fingerprint = await watch.fingerprint().catch((error: unknown) => {
    note("The environment could not be described")(error);
    return base.fingerprint;
  });
  const result = await judgeReports(reports, {
    incidents,
    run: { from: startedAt, to: endedAt },
    redact,
    dependencies: fingerprint.dependencies,
  }).catch(note("The reports of the tests could not be judged"));
  notes.push(...(result?.faults ?? reports.faults).map(faultNote));
  const found = reportsFound(reports, result ?? undefined);
  const outcome = judgeRun({ end, reports: found, pytest, interrupted: passedOn[0], aborted });
  return {
    ...base,
    ...outcome,
    endedAt: Date.now(),
    vantage: watch.vantage(),
    child: {
      command: command.map(redact),
      startedAt,
      endedAt,
      exitCode: end.kind === "exited" ? end.code : null,
      ...(end.kind === "killed" ? { signal: end.signal } : {}),
    },
    incidents,
    ...(result ? { triage: result } : {}),
    junit: reports.files,
    fingerprint,
    notes,
    nextSteps: end.kind === "not-started" ? [end.failure.hint] : stepsAfter(outcome.outcome, incidents),
  };
}

/** Undefined where there are none. */
async function judgeReports(
  { files, faults }: ReportPaths,
  options: Omit<TriageOptions, "sources">,
): Promise<TriageResult | undefined> {
  if (files.length === 0) return undefined;
  // A run without reports does not load their reader.
  const { triage } = await import("../../services/triage/triage.ts");
  const sources = files.map((path) => ({ name: path, open: () => createReadStream(path) }));
  const result = await triage({ ...options, sources });
  return { ...result, faults: [...faults, ...result.faults] };
}

/** Why nothing could be seen, if so. */
async function lookOnceMore(watch: Watch): Promise<readonly string[]> {
  const limit = new AbortController();
  try {
    const seen = await within(watch.look(limit.signal), { ms: LAST_LOOK_MS, signal: limit.signal });
    if (seen === undefined)
      return ["The environment could not be looked at once more: there was no answer in time."];
    const { reasons } = seen.evaluation;
    return reasons.flatMap(({ code, dependency, message }) =>
      code === "UNKNOWN" && dependency === undefined ? [message] : [],
    );
  } catch (error) {
    return [
      `The environment could not be looked at once more: ${error instanceof Error ? error.message : String(error)}`,
    ];
  } finally {
    limit.abort(new Error("the last look is over"));
  }
}

function reportsFound({ missing, files }: ReportPaths, result: TriageResult | undefined): ReportsFound {
  if (result !== undefined) return { kind: "read", triage: result };
  return missing === undefined || files.length > 0 ? { kind: "none" } : { kind: "missing", what: missing };
}

const faultNote = ({ file, line, expected, found }: ReportFault): string =>
  `${file}${line === undefined ? "" : `, line ${line}`}: expected ${expected}, found ${found}. What it says is incomplete, so no failure is put down to the environment.`;

/** What it takes to get the environment right again, each once. */
function stepsAfter(outcome: RunRecord["outcome"], incidents: readonly Incident[]): readonly string[] {
  if (outcome === "no-tests")
    return ["Check what the command selects: markers, names, paths. A run without tests is never a pass."];
  const steps = incidents
    .filter(({ status, required }) => status === "fail" && required)
    .flatMap(({ dependency, cause }) => cause.remedies.map((remedy) => `${dependency}: ${remedy}`));
  return outcome === "passed" ? [] : [...new Set(steps)];
}

function names(members: FinishedChild["tree"]["told"]): string {
  const shown = members.slice(0, 5).map(({ name, pid }) => `${name} (${pid})`);
  return [...shown, ...(members.length > 5 ? ["…"] : [])].join(", ");
}

function treeNotes({ tree: { told, left } }: FinishedChild): readonly string[] {
  const gone = told.filter(({ pid }) => !left.some((each) => each.pid === pid));
  return [
    ...(gone.length === 0 ? [] : [`The command left these running, which have been ended: ${names(gone)}.`]),
    ...(left.length === 0 ? [] : [`These of its processes could not be ended: ${names(left)}.`]),
  ];
}
