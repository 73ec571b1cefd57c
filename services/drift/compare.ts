import type { Fingerprinter } from "../env-files/fingerprint.ts";
import type { Place } from "../findings/finding.ts";
import { type Baseline, type Entries, UNSET, compareText, entryOf } from "./baseline.ts";
import type { IsIgnored } from "./ignore.ts";
import { type Item, type ItemState, type Reading, type SourceReading, placeOf } from "./reading.ts";

interface Named {
  readonly source: string;
  readonly key: string;
}

/** One difference. `before` and `after` are entries of a baseline, never values. */
export type Change =
  | (Named & {
      readonly kind: "changed";
      readonly before: string;
      readonly after: string;
      readonly place?: Place;
    })
  | (Named & { readonly kind: "added"; readonly after: string; readonly place?: Place })
  | (Named & { readonly kind: "removed"; readonly before: string; readonly place?: Place })
  /** The same value under another key; `source` and `key` are the new ones. */
  | (Named & {
      readonly kind: "renamed";
      readonly from: Named;
      readonly before: string;
      readonly after: string;
      readonly place?: Place;
    })
  /** A whole source that the baseline does not know. */
  | {
      readonly kind: "source-added";
      readonly source: string;
      readonly entries: Entries;
      readonly place?: Place;
    }
  /** A whole source that is not configured any more. */
  | {
      readonly kind: "source-removed";
      readonly source: string;
      readonly count: number;
      readonly place?: Place;
    };

export type Comparison =
  /** Another key: nothing can be compared. */
  { readonly kind: "other-key" } | { readonly kind: "compared"; readonly changes: readonly Change[] };

export interface CompareInput {
  readonly baseline: Baseline;
  readonly reading: Reading;
  readonly fingerprinter: Fingerprinter;
  readonly ignored: IsIgnored;
}

type Added = Extract<Change, { kind: "added" }> & { readonly state: ItemState };
type Removed = Extract<Change, { kind: "removed" }>;

/**
 * Every difference, once, by source and key. A source that could not be read is not compared: what is not known is
 * neither gone nor changed.
 */
export function compareWithBaseline({ baseline, reading, fingerprinter, ignored }: CompareInput): Comparison {
  if (baseline.keyId !== fingerprinter.keyId) return { kind: "other-key" };
  const changes: Change[] = [];
  const added: Added[] = [];
  const removed: Removed[] = [];
  const unread = new Set(reading.faults.map(({ id }) => id));
  const current = new Map(reading.sources.map((source) => [source.id, source]));
  for (const [id, entries] of baseline.sources)
    if (!current.has(id) && !unread.has(id))
      changes.push({ kind: "source-removed", source: id, count: entries.size });
  for (const source of current.values()) {
    const { id } = source;
    const before = baseline.sources.get(id);
    const items = new Map(
      source.items.filter(({ key }) => !ignored(id, key)).map((item) => [item.key, item]),
    );
    const entry = (item: Item): string => entryOf(fingerprinter, id, item.key, item.state);
    if (before === undefined) {
      const entries = new Map([...items].map(([key, item]) => [key, entry(item)]));
      changes.push({ kind: "source-added", source: id, entries, ...at(source, undefined) });
      continue;
    }
    for (const item of items.values()) {
      const { key, state } = item;
      const change = { source: id, key, after: entry(item), ...at(source, item) };
      const was = before.get(key);
      if (was === undefined) added.push({ kind: "added", ...change, state });
      else if (was !== change.after) changes.push({ kind: "changed", before: was, ...change });
    }
    for (const [key, was] of before)
      if (!items.has(key) && !ignored(id, key))
        removed.push({ kind: "removed", source: id, key, before: was, ...at(source, undefined) });
  }
  changes.push(...pair(added, removed, fingerprinter));
  return { kind: "compared", changes: changes.toSorted(byPlace) };
}

const at = (source: SourceReading, item: Item | undefined): { readonly place?: Place } => {
  const place = placeOf(source, item);
  return place === undefined ? {} : { place };
};

const keyOf = (change: Change): string => ("key" in change ? change.key : "");

const byPlace = (a: Change, b: Change): number =>
  compareText(a.source, b.source) || compareText(keyOf(a), keyOf(b)) || compareText(a.kind, b.kind);

/** More pairs than this are not looked at: so much has changed that names no longer tell anything. */
const MOST_PAIRS = 10_000;

/** Makes one change of a key that is gone and one that is new, where their value leaves no doubt that they belong together. */
function pair(added: readonly Added[], removed: readonly Removed[], fingerprinter: Fingerprinter): Change[] {
  const left = new Set(added);
  const gone = new Set(removed);
  const renamed: Change[] = [];
  const isSame = (from: Removed, to: Added): boolean =>
    from.before !== UNSET && entryOf(fingerprinter, from.source, from.key, to.state) === from.before;
  /** First within a source: a name is changed more often than a place. */
  for (const near of [true, false]) {
    if (left.size * gone.size > MOST_PAIRS) break;
    const matches = [...gone].flatMap((from) =>
      [...left]
        .filter((to) => (to.source === from.source) === near && isSame(from, to))
        .map((to) => ({ from, to })),
    );
    const targets = Map.groupBy(matches, ({ from }) => from);
    const origins = Map.groupBy(matches, ({ to }) => to);
    for (const { from, to } of matches) {
      if (targets.get(from)?.length !== 1 || origins.get(to)?.length !== 1) continue;
      const { kind: _kind, state: _state, ...change } = to;
      const { source, key, before } = from;
      renamed.push({ kind: "renamed", ...change, from: { source, key }, before });
      left.delete(to);
      gone.delete(from);
    }
  }
  return [...renamed, ...gone, ...[...left].map(({ state: _state, ...change }) => change)];
}
