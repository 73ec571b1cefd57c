import type { Dialect } from "../../services/env-files/dialect.ts";
import type { EnvFile } from "../../services/env-files/env-file.ts";
import { flagNames } from "../../services/env-lint/flags.ts";
import type { LintInput } from "../../services/env-lint/input.ts";
import { lintEnvironment } from "../../services/env-lint/lint.ts";
import { stacksOf } from "../../services/env-lint/stacks.ts";
import { compareFindings, createFinding } from "../../services/findings/create.ts";
import type { Finding } from "../../services/findings/finding.ts";
import type { Environment } from "../config/config.ts";
import { readLayers } from "../env-files/read-layers.ts";
import { trackedFiles } from "./git.ts";
import { searchReaders } from "./search.ts";

export interface FileToLint {
  /** Relative to `directory`, as it is shown. */
  readonly path: string;
  readonly dialect: Dialect;
  /** False: that it is missing is no fault. */
  readonly required: boolean;
}

export interface LintFilesInput extends Pick<LintInput, "environment" | "labels" | "now"> {
  readonly directory: string;
  /** The lowest first. */
  readonly files: readonly FileToLint[];
  /** True: all files lie over each other, as declared. False: those of one environment do, as their names say. */
  readonly declared: boolean;
  /** Where the readers of flags are; relative to `directory`. Empty: nobody said, and flags are not judged. */
  readonly sources: readonly string[];
  readonly env: Environment;
  readonly signal: AbortSignal;
}

export interface LintedFiles {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** That were there and could be read. */
  readonly files: readonly Pick<EnvFile, "path" | "dialect">[];
  /** False: git could not be asked, so committed secrets were not looked for. */
  readonly git: boolean;
}

/** Reads the files, asks git, searches the sources and judges. Never throws but for an abort. */
export async function lintFiles(input: LintFilesInput): Promise<LintedFiles> {
  const { directory, environment, labels, now, env, signal } = input;
  const files = await readFiles(input);
  const paths = files.map(({ path }) => path);
  const search = input.sources.length === 0 ? undefined : searchFor(files, input);
  const [committed, searched] = await Promise.all([
    trackedFiles({ cwd: directory, paths, env, signal }),
    search,
  ]);
  const findings = lintEnvironment({
    files,
    stacks: input.declared ? [files] : stacksOf(files),
    variables: env,
    now,
    ...(environment !== undefined && { environment }),
    ...(labels !== undefined && { labels }),
    ...(committed !== undefined && { committed }),
    ...(searched !== undefined && { read: searched.read }),
  });
  const unreadable = searched?.unreadable.map(sourceUnreadable) ?? [];
  return {
    findings: [...findings, ...unreadable].toSorted(compareFindings),
    files: files.filter(isRead).map(({ path, dialect }) => ({ path, dialect })),
    git: committed !== undefined,
  };
}

/** One that cannot be read is a file without entries and with its fault; one that may be missing and is, is left out. */
async function readFiles({ directory, files, signal }: LintFilesInput): Promise<readonly EnvFile[]> {
  const read = await readLayers({ layers: files, directory, signal });
  const failed = read.failed.map(({ layer: { path, dialect }, fault }) => {
    const nothing = { text: "", entries: [], comments: [] };
    return { path, dialect, ...nothing, faults: [fault] };
  });
  return [...read.files, ...failed];
}

const isRead = ({ text, faults }: EnvFile): boolean => text !== "" || faults.length === 0;

const searchFor = (files: readonly EnvFile[], { directory, sources, signal }: LintFilesInput) =>
  searchReaders({ cwd: directory, roots: sources, names: flagNames({ files }), signal });

const sourceUnreadable = (path: string): Finding =>
  createFinding({
    code: "ENV_SOURCE_UNREADABLE",
    subject: path,
    message: `${path} cannot be searched for what reads flags: it is not there or may not be read.`,
    place: { kind: "file", file: path },
    evidence: ["what it reads counts as read by nobody"],
  });
