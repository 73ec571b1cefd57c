import { createFinding } from "../findings/create.ts";
import type { Finding, Place } from "../findings/finding.ts";
import { subjectOf } from "./accept.ts";
import type { Change } from "./compare.ts";
import { type SourceFault, addressOf } from "./reading.ts";

/** What a change is told as. */
export function findingOfChange(change: Change): Finding {
  const subject = subjectOf(change);
  const { place } = change;
  return createFinding({ ...told(change), subject, ...(place === undefined ? {} : { place }) });
}

type Told = Pick<Parameters<typeof createFinding>[0], "code" | "message" | "evidence">;

function told(change: Change): Told {
  const { kind, source } = change;
  if (kind === "source-added" || kind === "source-removed") return toldOfSource(change);
  const { key } = change;
  if (kind === "changed") {
    const evidence = [`baseline ${change.before}`, `now ${change.after}`];
    return {
      code: "DRIFT_CHANGED",
      message: `${key} of ${source} is another than in the baseline.`,
      evidence,
    };
  }
  if (kind === "added") {
    const message = `${key} of ${source} is not in the baseline.`;
    return { code: "DRIFT_ADDED", message, evidence: [`now ${change.after}`] };
  }
  if (kind === "removed") {
    const message = `${key} of ${source} is in the baseline and not there any more.`;
    return { code: "DRIFT_REMOVED", message, evidence: [`baseline ${change.before}`] };
  }
  const { from, before, after } = change;
  const message =
    from.source === source
      ? `${from.key} of ${source} is called ${key} now.`
      : `${from.key} of ${from.source} is ${key} of ${source} now.`;
  const evidence = [
    `baseline ${before} as ${addressOf(from.source, from.key)}`,
    `the same value, now ${after}`,
  ];
  return { code: "DRIFT_RENAMED", message, evidence };
}

function toldOfSource(change: Extract<Change, { kind: "source-added" | "source-removed" }>): Told {
  if (change.kind === "source-added") {
    const message = `The source ${change.source} (${keys(change.entries.size)}) is not in the baseline.`;
    return { code: "DRIFT_SOURCE_ADDED", message };
  }
  const message = `The source ${change.source} (${keys(change.count)}) is in the baseline and not configured any more.`;
  return { code: "DRIFT_SOURCE_REMOVED", message };
}

const keys = (count: number): string => (count === 1 ? "1 key" : `${count} keys`);

/** A source that could not be read. */
export function findingOfFault({ id, file, line, column, expected, found }: SourceFault): Finding {
  const where = [file, line, column].filter((part) => part !== undefined).join(":");
  return createFinding({
    code: "DRIFT_SOURCE_UNREADABLE",
    subject: id,
    message: `${where} cannot be compared: expected ${expected}, found ${found}.`,
    place: filePlace(file, line, column),
  });
}

export const filePlace = (file: string, line?: number, column?: number): Place => ({
  kind: "file",
  file,
  ...(line === undefined ? {} : { line }),
  ...(column === undefined ? {} : { column }),
});
