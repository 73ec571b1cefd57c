import { analyseAwaits } from "../../services/lint/awaits/analyse.ts";
import type { LintFinding } from "../../services/lint/python/source-file.ts";
import type { Environment } from "../config/config.ts";
import type { Area, FileFacts } from "./take-facts.ts";
import type { TextFiles } from "./texts.ts";

export interface AnalyseOptions {
  readonly root: string;
  readonly areas: readonly Area[];
  readonly facts: readonly FileFacts[];
  readonly texts: TextFiles;
  readonly env: Environment;
}

export interface Analysed {
  readonly findings: readonly LintFinding[];
  /** The file that pytest reads. */
  readonly configuration: string | undefined;
}

/** Has the facts of all files judged together. */
export async function analyse({ areas, facts }: AnalyseOptions): Promise<Analysed> {
  const broken = new Set(facts.flatMap(({ path, fault }) => (fault === undefined ? [] : [path])));
  const findings: LintFinding[] = [];
  if (areas.includes("awaits")) {
    const files = new Map(
      facts.flatMap(({ path, awaits }) => (awaits === undefined ? [] : [[path, awaits]])),
    );
    findings.push(...analyseAwaits({ files, unread: [...broken] }));
  }
  // What a file that does not parse seems to hold is a guess, and its one fault is told already.
  return {
    findings: findings.filter(({ finding: { place } }) => place?.kind !== "file" || !broken.has(place.file)),
    configuration: undefined,
  };
}
