import { relative, sep } from "node:path";
import type { LintFinding } from "../../services/lint/python/source-file.ts";
import type { Environment } from "../config/config.ts";
import { analyse } from "./analyse.ts";
import { faultFindings } from "./fault-findings.ts";
import { gatherFacts } from "./pool.ts";
import { findProject, isProject } from "./project.ts";
import type { Area } from "./take-facts.ts";
import { isConfiguration, readTexts } from "./texts.ts";
import { walkTree } from "./walk.ts";

export interface LintOptions {
  /** Absolute; findings are told of what is in it. */
  readonly folder: string;
  readonly areas: readonly Area[];
  readonly exclude: readonly string[];
  readonly env: Environment;
  readonly signal: AbortSignal;
  /**
   * Where the command runs, absolute: there, and in the folder of a project, `--fix` may make a configuration file. Absent:
   * none is made.
   */
  readonly calledIn?: string;
  /** Digests of all files are taken, for a `--fix` that follows. */
  readonly forFix?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
}

export interface LintResult {
  /** The project, absolute; files are named relative to it. */
  readonly root: string;
  /** What was asked for, relative to the root: `.` for all of it. */
  readonly folder: string;
  readonly files: number;
  readonly lines: number;
  readonly configuration: string | undefined;
  /** In the order of their places. */
  readonly findings: readonly LintFinding[];
  /** By file; empty without `forFix`. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Reads the project, judges it and keeps what is about the folder that was asked for. @throws the signal's reason */
export async function lint(options: LintOptions): Promise<LintResult> {
  const { folder, areas, exclude, env, signal, calledIn, forFix = false, onProgress } = options;
  const root = await findProject(folder);
  const within = relative(root, folder).split(sep).join("/") || ".";
  const walked = await walkTree({ root, exclude, wanted: isConfiguration, signal });
  const [facts, texts] = await Promise.all([
    gatherFacts(walked.files, {
      root,
      areas,
      signal,
      digests: forFix,
      onProgress: (done) => onProgress?.(done, walked.files.length),
    }),
    readTexts(root, walked.named),
  ]);
  const mayCreate = calledIn !== undefined && (root === calledIn || (await isProject(root)));
  const judged = await analyse({ root, within, areas, facts, texts, env, mayCreate });
  const faults = faultFindings(facts, [...walked.faults, ...texts.faults]);
  const findings = [...faults, ...judged.findings].filter(({ finding }) => isAbout(finding.place, within));
  return {
    root,
    folder: within,
    files: walked.files.length,
    lines: facts.reduce((sum, { lines }) => sum + lines, 0),
    configuration: judged.configuration,
    findings: findings.sort(byPlace),
    digests: new Map([...facts, ...texts.candidates, ...texts.ci].flatMap(digestEntry)),
  };
}

const digestEntry = ({ path, digest }: { path: string; digest?: string }): [string, string][] =>
  digest === undefined ? [] : [[path, digest]];

type Place = LintFinding["finding"]["place"];

const isAbout = (place: Place, folder: string): boolean =>
  folder === "." || place?.kind !== "file" || place.file === folder || place.file.startsWith(`${folder}/`);

function byPlace(a: LintFinding, b: LintFinding): number {
  const [left, right] = [placeOf(a), placeOf(b)];
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  const byLine = left.line - right.line || left.column - right.column;
  if (byLine !== 0) return byLine;
  return a.finding.id < b.finding.id ? -1 : Number(a.finding.id > b.finding.id);
}

function placeOf({ finding: { place } }: LintFinding) {
  if (place?.kind !== "file") return { file: "", line: 0, column: 0 };
  return { file: place.file, line: place.line ?? 0, column: place.column ?? 0 };
}
