import { resolve } from "node:path";
import type { ReportFault } from "../../services/triage/result.ts";
import type { CommandContext } from "../commands/context.ts";
import type { PytestHead } from "./pytest/head.ts";
import { type Injection, injectPytest } from "./pytest/inject.ts";
import { findReports, markOf, type ReportFiles, sortReports } from "./run-junit.ts";

export interface ResultsOptions {
  /** `--junit`. */
  readonly patterns: readonly string[];
  readonly pytest: PytestHead;
  /** False with `--no-inject`. */
  readonly inject: boolean;
}

/** The reports that a run left. */
export interface ReportPaths {
  readonly files: readonly string[];
  readonly faults: readonly ReportFault[];
  /** Completes "and …", where one was asked for and there is none. */
  readonly missing?: string;
  readonly notes: readonly string[];
}

/** Where the results of a run will be found. */
export interface Results {
  /** Variables for the command. */
  readonly env: Readonly<Record<string, string>>;
  /** Looks for them once the command has ended. Never rejects. */
  collect(): Promise<ReportPaths>;
  /** Deletes what is of no use to anybody else. Never rejects. */
  close(): Promise<void>;
}

/** Notes what reports there are before the command starts, and has pytest write one. Never rejects: trouble is a note. */
export async function prepareResults(
  { cwd, env }: Pick<CommandContext, "cwd" | "env">,
  { patterns, pytest, inject }: ResultsOptions,
): Promise<Results> {
  const notes: string[] = [];
  const before = await find(patterns, cwd, notes);
  const injection = await injected();

  async function injected(): Promise<Injection | undefined> {
    if (pytest.kind === "none" || !inject) return undefined;
    if (pytest.isolated) {
      notes.push(
        "Python is told to ignore its variables (-I or -E), so that pytest cannot be had to say when each test ran.",
      );
      return undefined;
    }
    try {
      return await injectPytest(env);
    } catch (error) {
      notes.push(`pytest cannot be had to say when each test ran: ${textOf(error)}.`);
      return undefined;
    }
  }

  async function collect(): Promise<ReportPaths> {
    const after = await find(patterns, cwd, notes);
    const { fresh, stale } = sortReports(before, after);
    if (stale.length > 0) {
      const named = `${stale.slice(0, 3).join(", ")}${stale.length > 3 ? ", …" : ""}`;
      notes.push(`Not written by this run, and so not read: ${named}.`);
    }
    const session = await injection?.session();
    const own = session?.kind === "loaded" ? session.report : undefined;
    const written = session?.kind === "loaded" ? await writtenBy(session) : [];
    const files = [...new Set([...fresh, ...written])];
    const missing = files.length > 0 ? undefined : whatIsMissing(patterns, own !== undefined);
    const faults = [...after.faults, ...(missing === undefined ? await silent(files) : [])];
    return { files, faults, notes, ...(missing === undefined ? {} : { missing }) };
  }

  /** Of several patterns, those that nothing was written for: a part of the tests may have ended before it could tell. */
  async function silent(written: readonly string[]): Promise<ReportFault[]> {
    if (patterns.length < 2) return [];
    const faults: ReportFault[] = [];
    for (const pattern of patterns) {
      const { marks } = await find([pattern], cwd, notes);
      if (written.some((path) => marks.has(path))) continue;
      const found = marks.size === 0 ? "none" : "older ones alone";
      faults.push({ file: pattern, expected: "a report that this run wrote", found });
    }
    return faults;
  }

  return {
    env: injection?.env ?? {},
    collect,
    close: async () => injection?.close().catch(() => undefined),
  };
}

/** The report that pytest names, if it wrote it. */
async function writtenBy({
  report,
  before,
}: {
  readonly report?: string;
  readonly before?: string;
}): Promise<string[]> {
  const mark = report === undefined ? undefined : await markOf(report);
  return report === undefined || mark === undefined || mark === before ? [] : [report];
}

function whatIsMissing(patterns: readonly string[], pytestBegan: boolean): string | undefined {
  if (patterns.length > 0) return `no file that it wrote matches --junit ${patterns.join(" --junit ")}`;
  return pytestBegan ? "pytest left no report" : undefined;
}

async function find(patterns: readonly string[], cwd: string, notes: string[]): Promise<ReportFiles> {
  try {
    return await findReports(patterns, resolve(cwd));
  } catch (error) {
    notes.push(`The files of --junit cannot be listed: ${textOf(error)}.`);
    return { marks: new Map(), faults: [] };
  }
}

const textOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
