import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { namesItem } from "../../services/drift/accept.ts";
import { entryOf } from "../../services/drift/baseline.ts";
import { createIgnored } from "../../services/drift/ignore.ts";
import { addressOf, placeOf } from "../../services/drift/reading.ts";
import type { DriftOptions } from "../config/drift.ts";
import type { ExplainedKey } from "../views/drift-report.ts";
import { committedIn } from "./committed.ts";
import type { Comparable } from "./prepare.ts";

export interface ExplainInput {
  readonly drift: DriftOptions;
  readonly look: Comparable;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly usedBy: (source: string, key: string) => readonly string[];
}

interface Named {
  readonly source: string;
  readonly key: string;
}

/** Every key of the baseline and of the sources. */
export function knownKeys({ compared, reading }: Comparable): Named[] {
  const before = [...compared.baseline.sources].flatMap(([source, entries]) =>
    [...entries.keys()].map((key) => ({ source, key })),
  );
  const now = reading.sources.flatMap(({ id, items }) => items.map(({ key }) => ({ source: id, key })));
  const all = new Map([...before, ...now].map((each) => [addressOf(each.source, each.key), each]));
  return [...all.values()];
}

export const namedKeys = (look: Comparable, name: string): Named[] =>
  knownKeys(look).filter(({ source, key }) => namesItem(name, source, key));

/** All that is known of one key. */
export async function explainKey({ source, key }: Named, input: ExplainInput): Promise<ExplainedKey> {
  const { drift, look, cwd, signal, usedBy } = input;
  const { compared, reading } = look;
  const read = reading.sources.find(({ id }) => id === source);
  const item = read?.items.findLast((each) => each.key === key);
  const before = compared.baseline.sources.get(source)?.get(key);
  const after = item && entryOf(compared.fingerprinter, source, key, item.state);
  const place = placeOf(read, item);
  const subject = addressOf(source, key);
  const rule = drift.ignore.find((each) => createIgnored([each])(source, key));
  const baselinePath = resolve(cwd, drift.baseline.path);
  const committed =
    before && (await committedIn(baselinePath, `${JSON.stringify(key)}: ${JSON.stringify(before)}`, signal));
  const options = drift.sources.find(({ id }) => id === source);
  const file = options && "file" in options ? resolve(cwd, options.file.path) : undefined;
  const written = file && (await stat(file).catch(() => undefined));
  const { status, other } = statusOf({ source, key }, look);
  return {
    subject,
    source,
    key,
    status: rule ? "ignored" : status,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(other !== undefined && { other }),
    ...(rule && { reason: rule.reason }),
    ...(place && { place }),
    ...(written && { fileWrittenAt: written.mtime.toISOString() }),
    ...(committed && { committed }),
    accepted: compared.baseline.accepted.flatMap(({ at, by, reason, changes }) =>
      changes
        .filter((change) => change.endsWith(` ${subject}`) || change.includes(` ${subject} to `))
        .map((change) => ({ at, by, reason, change })),
    ),
    usedBy: usedBy(source, key),
  };
}

function statusOf(named: Named, { changes, reading }: Comparable): Pick<ExplainedKey, "status" | "other"> {
  const { source, key } = named;
  if (reading.faults.some(({ id }) => id === source)) return { status: "unknown" };
  for (const change of changes) {
    if (change.kind === "source-added" && change.source === source) return { status: "added" };
    if (change.kind === "source-removed" && change.source === source) return { status: "removed" };
    if (!("key" in change)) continue;
    if (change.source === source && change.key === key) {
      if (change.kind !== "renamed") return { status: change.kind };
      return { status: "renamed", other: addressOf(change.from.source, change.from.key) };
    }
    if (change.kind === "renamed" && change.from.source === source && change.from.key === key)
      return { status: "renamed", other: addressOf(change.source, change.key) };
  }
  return { status: "same" };
}
