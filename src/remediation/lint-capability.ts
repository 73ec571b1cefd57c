import { hash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { Clock } from "../../services/clock.ts";
import type { LintFinding } from "../../services/lint/python/source-file.ts";
import { canonicalJson, sameJson } from "../../services/remediation/canonical.ts";
import type {
  FileChanges,
  LintCapability,
  LintKind,
  RefusedFile,
} from "../../services/remediation/capability.ts";
import type { Environment } from "../config/config.ts";
import { digestOf } from "../lint/journal/durable.ts";
import { journalFolder } from "../lint/journal/folder.ts";
import { type Journal, listRuns, readJournal } from "../lint/journal/journal.ts";
import { lint, type LintResult } from "../lint/lint.ts";
import { type PreparedFix, prepareFix } from "../lint/prepare-fix.ts";
import { undoRun } from "../lint/undo.ts";
import { writeFix } from "../lint/write-fix.ts";

export interface LintCapabilityOptions {
  /** Folders of plans are relative to it, and in it. */
  readonly base: string;
  readonly env: Environment;
  readonly clock: Clock;
}

/** The lint of this machine's files. What it changes stands in the journal that `greenlight lint runs` lists. */
export function createLintCapability({ base, env, clock }: LintCapabilityOptions): LintCapability {
  const journals = journalFolder(env);

  async function look(kind: LintKind, folder: string, signal: AbortSignal) {
    const full = await inBase(base, folder);
    const result = await lint({ folder: full, areas: [kind], exclude: [], env, signal, forFix: true });
    const prepared = await prepareFix(result);
    return { result, prepared, changes: changesOf(result, prepared) };
  }

  async function undo(changes: FileChanges): Promise<readonly RefusedFile[]> {
    const journal = await findJournal(journals, markOf(changes));
    if (journal === undefined) return [];
    const refused = refusals(changes, await states(changes));
    // One file alone taken back would leave the others with half of what belongs together.
    if (refused.length > 0) return refused;
    const undone = await undoRun(journal, journals);
    return undone.flatMap(({ file, action, reason = "" }) =>
      action === "refused" ? [{ file, reason }] : [],
    );
  }

  return {
    async look(kind, folder, signal) {
      const { result, prepared, changes } = await look(kind, folder, signal);
      const fixable = prepared.fixed.filter(counts).length;
      return { ...changes, findings: result.findings.filter(counts).length, fixable };
    },
    async fix(kind, folder, changes, signal) {
      const found = await states(changes);
      if (found.every((state) => state === "after")) return [];
      // What a killed run left half done, and the files it wrote beside them.
      const left = await undo(changes);
      if (left.length > 0) return left;
      const { result, prepared, changes: now } = await look(kind, folder, signal);
      if (!sameJson(now, pick(changes)))
        return [{ file: folder, reason: "its files are not those that were looked at before" }];
      const { refused } = await writeFix({
        root: result.root,
        journals,
        now: new Date(clock.now()),
        files: prepared.files,
        signal,
        mark: markOf(changes),
      });
      return refused;
    },
    states,
    undo,
    async count(kind, folder, signal) {
      const full = await inBase(base, folder);
      const { findings } = await lint({ folder: full, areas: [kind], exclude: [], env, signal });
      return findings.filter(counts).length;
    },
  };
}

async function states({ root, files }: FileChanges) {
  return Promise.all(
    files.map(async ({ file, before, after }) => {
      const bytes = await readFile(join(root, file)).catch(() => undefined);
      if (bytes === undefined) return "gone";
      const digest = digestOf(bytes);
      if (digest === before) return "before";
      return digest === after ? "after" : "changed";
    }),
  );
}

/** Warnings that are as much of a fault as errors, for what a plan wants put right. */
const FAULTS: ReadonlySet<string> = new Set([
  "MARKER_UNREGISTERED",
  "MARKER_NEAR_MISS",
  "ASYNC_GENERATOR_NOT_ITERATED",
]);

/** What keeps tests from doing what they say; a marker that nobody uses keeps none from it. */
const counts = ({ finding, edits = [] }: LintFinding): boolean =>
  finding.severity === "error" || edits.length > 0 || FAULTS.has(finding.code);

const changesOf = ({ root }: LintResult, { files }: PreparedFix): FileChanges => ({
  root,
  files: files
    .map(({ file, before, after }) => ({ file, before, after }))
    .toSorted((a, b) => (a.file < b.file ? -1 : 1)),
});

/** Others may have put more into it. */
const pick = ({ root, files }: FileChanges): FileChanges => ({ root, files });

/** The same changes of the same files have the same one, after a restart too. */
const markOf = (changes: FileChanges): string => `plan:${hash("sha256", canonicalJson(pick(changes)))}`;

async function findJournal(folder: string, mark: string): Promise<Journal | undefined> {
  for (const run of await listRuns(folder)) {
    const journal = await readJournal(folder, run).catch(() => undefined);
    if (journal?.mark === mark) return journal;
  }
  return undefined;
}

const REASONS = { changed: "it has been changed since", gone: "it is gone" } as const;

function refusals({ files }: FileChanges, found: readonly string[]): readonly RefusedFile[] {
  return files.flatMap(({ file }, index) => {
    const state = found[index];
    return state === "changed" || state === "gone" ? [{ file, reason: REASONS[state] }] : [];
  });
}

/** @throws {Error} for a folder that is not there, or is elsewhere: a plan may come from anywhere. */
async function inBase(base: string, folder: string): Promise<string> {
  const place = JSON.stringify(folder);
  const real = await realpath(resolve(base, folder)).catch(() => undefined);
  if (real === undefined) throw new Error(`expected a folder at ${place} in ${base}, found none`);
  const root = await realpath(base);
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new Error(`expected a folder in ${base}, found ${place}, which is elsewhere`);
  return real;
}
