import type { SeenDependency } from "../../services/gate/seen.ts";
import type { RunRecord } from "./run-record.ts";

/** One of the two runs that are compared. */
export interface ComparedRun {
  readonly path: string;
  readonly suite: string;
  readonly outcome: string;
  readonly summary: string;
  readonly startedAt: number;
  /** False where no report of the tests was found, so that nothing is known of single ones. */
  readonly testsKnown: boolean;
}

/** Something that is not the same; absent on the side that does not have it. */
export interface Change {
  /** Such as `release` or `postgres version`. */
  readonly what: string;
  readonly before?: string;
  readonly after?: string;
}

/** What is different between two runs. */
export interface RunDiff {
  readonly schemaVersion: 1;
  readonly command: "report diff";
  readonly same: boolean;
  readonly before: ComparedRun;
  readonly after: ComparedRun;
  readonly changes: readonly Change[];
  /** Red tests of the one run and of the other; only what failed is kept of a run. */
  readonly tests: {
    readonly onlyBefore: readonly string[];
    readonly onlyAfter: readonly string[];
    readonly both: number;
  };
}

export interface DiffInput {
  readonly path: string;
  readonly record: RunRecord;
}

/** Pure: compares what two runs were made against, how they ended, and which tests were red. */
export function diffRuns(before: DiffInput, after: DiffInput): RunDiff {
  const changes = [...compare(factsOf(before.record), factsOf(after.record))];
  const [old, now] = [redTests(before.record), redTests(after.record)];
  const tests = {
    onlyBefore: [...old].filter((id) => !now.has(id)),
    onlyAfter: [...now].filter((id) => !old.has(id)),
    both: [...old].filter((id) => now.has(id)).length,
  };
  return {
    schemaVersion: 1,
    command: "report diff",
    same: changes.length + tests.onlyBefore.length + tests.onlyAfter.length === 0,
    before: about(before),
    after: about(after),
    changes,
    tests,
  };
}

function* compare(before: Facts, after: Facts): Generator<Change> {
  for (const what of new Set([...before.keys(), ...after.keys()])) {
    const [then, now] = [before.get(what), after.get(what)];
    if (then === now) continue;
    yield {
      what,
      ...(then === undefined ? {} : { before: then }),
      ...(now === undefined ? {} : { after: now }),
    };
  }
}

type Facts = ReadonlyMap<string, string>;

/** By what a reader calls each; in the order in which they should be looked at. */
function factsOf({ suite, outcome, gate, vantage, fingerprint }: RunRecord): Facts {
  const { environment, release, revision, greenlight, dependencies } = fingerprint;
  const rows: [string, string | undefined][] = [
    ["suite", suite],
    ["outcome", outcome],
    ["verdict", gate.verdict],
    ["environment", environment],
    ["release", release],
    ["revision", revision],
    ...Object.entries(dependencies).flatMap(([name, dependency]) =>
      dependencyFacts(dependency).map(([what, value]): [string, string | undefined] => [
        `${name} ${what}`,
        value,
      ]),
    ),
    ["looked from", vantage.kind === "here" ? "here" : vantage.url],
    ["greenlight", greenlight],
  ];
  return new Map(rows.filter((each): each is [string, string] => each[1] !== undefined));
}

function dependencyFacts(dependency: SeenDependency): [string, string | undefined][] {
  const { kind, status, version, host, port, database, serving, assurance } = dependency;
  const at = host === undefined ? undefined : `${host}${port === undefined ? "" : `:${port}`}`;
  return [
    ["kind", kind],
    ["status", status],
    ["version", version],
    ["at", at],
    ["database", database],
    ["served by", serving],
    ["assurance", assurance],
  ];
}

const redTests = ({ triage }: RunRecord): Set<string> =>
  new Set((triage?.judged ?? []).map(({ test }) => test.id));

const about = ({ path, record }: DiffInput): ComparedRun => ({
  path,
  suite: record.suite,
  outcome: record.outcome,
  summary: record.summary,
  startedAt: record.startedAt,
  testsKnown: record.triage !== undefined,
});
