import { resolve } from "node:path";
import { type Baseline, makeBaseline } from "../../services/drift/baseline.ts";
import { type Change, compareWithBaseline } from "../../services/drift/compare.ts";
import { findingOfFault } from "../../services/drift/findings.ts";
import { createIgnored } from "../../services/drift/ignore.ts";
import type { Reading } from "../../services/drift/reading.ts";
import type { NamedPath } from "../config/drift.ts";
import { loadBaseline, writeBaseline } from "../drift/baseline-file.ts";
import { readKey } from "../drift/key.ts";
import { wrongKey } from "../drift/look.ts";
import { prepareDrift, troubleError } from "../drift/prepare.ts";
import { readSources } from "../drift/read-source.ts";
import { reportChange } from "../drift/report-change.ts";
import { EXIT } from "../exit-codes.ts";
import { renderBaseline } from "../views/drift-human.ts";
import type { BaselineReport } from "../views/drift-report.ts";
import { writeResult } from "../views/write.ts";
import { CliError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface ConfigBaselineOptions extends OutputOptions {
  readonly config?: string;
  readonly out?: string;
  readonly newKey?: boolean;
}

/** Writes what is configured now as fingerprints. What was accepted before stays in the file. */
export async function configBaseline(
  context: CommandContext,
  options: ConfigBaselineOptions,
): Promise<number> {
  const { env, cwd, signal } = context;
  const { config } = await prepareDrift(context, options.config);
  const { drift } = config;
  const file: NamedPath =
    options.out === undefined ? drift.baseline : { shown: options.out, path: resolve(cwd, options.out) };
  const key = await readKey({ drift: { ...drift, baseline: file }, env, cwd });
  if (!key.ok) throw troubleError(key.finding);
  const { fingerprinter } = key;
  const existing = await loadBaseline(file, cwd, signal);
  if (existing.kind === "invalid") throw troubleError(existing.finding);
  const before = existing.kind === "loaded" ? existing.baseline : undefined;
  const isOtherKey = before !== undefined && before.keyId !== fingerprinter.keyId;
  if (isOtherKey && options.newKey !== true)
    throw troubleError(wrongKey({ ...drift, baseline: file }, before, fingerprinter));
  const reading = await readSources({ sources: drift.sources, env, cwd, signal });
  const troubles = reading.faults.map(findingOfFault);
  if (reading.sources.length === 0) {
    const [first] = troubles;
    throw first ? troubleError(first) : new CliError(EXIT.config, "nothing could be read.");
  }
  const ignored = createIgnored(drift.ignore);
  const made = makeBaseline({
    reading,
    fingerprinter,
    ignored,
    ...(before !== undefined && { accepted: before.accepted }),
  });
  const baseline = isOtherKey || before === undefined ? made : keepUnread(made, before, reading);
  const compared = before && compareWithBaseline({ baseline: before, reading, fingerprinter, ignored });
  const changes: readonly Change[] = compared?.kind === "compared" ? compared.changes : [];
  const from = existing.kind === "loaded" ? { from: existing.text } : {};
  const written = await writeBaseline({ file, cwd, baseline, ...from });
  const result: BaselineReport = {
    schemaVersion: 1,
    command: "config baseline",
    baseline: file.shown,
    written,
    keyId: baseline.keyId,
    sources: [...made.sources].map(([source, entries]) => ({ source, keys: entries.size })),
    changes: changes.map(reportChange),
    troubles,
    nextSteps: nextSteps(file.shown, options.out !== undefined),
  };
  writeResult(context, options, { result, human: renderBaseline });
  return troubles.length === 0 ? EXIT.ok : EXIT.findings;
}

/** What could not be read now is not known to be gone. */
function keepUnread(made: Baseline, before: Baseline, { faults }: Reading): Baseline {
  const kept = faults.flatMap(({ id }) => {
    const entries = before.sources.get(id);
    return entries === undefined ? [] : [[id, entries] as const];
  });
  return { ...made, sources: new Map([...made.sources, ...kept]) };
}

const nextSteps = (file: string, isOther: boolean): string[] => [
  `Look at ${file} and commit it; it holds no values.`,
  ...(isOther ? [`To compare with this file, name it: drift.baseline: ${file}`] : []),
  "Give CI and the service the same key (GREENLIGHT_BASELINE_KEY), and compare: greenlight config drift",
];
