import type { Acceptance, Baseline, Entries } from "./baseline.ts";
import type { Change } from "./compare.ts";
import { addressOf, leafOf } from "./reading.ts";

/** The baseline with these changes in it, and the acceptance at the end of its list; all else stays as it is. */
export function acceptChanges(
  baseline: Baseline,
  changes: readonly Change[],
  acceptance: Omit<Acceptance, "changes">,
): Baseline {
  const sources = new Map<string, Entries>(baseline.sources);
  const set = (source: string, key: string, entry: string | undefined): void => {
    const entries = new Map(sources.get(source));
    if (entry === undefined) entries.delete(key);
    else entries.set(key, entry);
    sources.set(source, entries);
  };
  for (const change of changes) {
    const { kind, source } = change;
    if (kind === "source-added") sources.set(source, change.entries);
    else if (kind === "source-removed") sources.delete(source);
    else if (kind === "removed") set(source, change.key, undefined);
    else {
      if (kind === "renamed") set(change.from.source, change.from.key, undefined);
      set(source, change.key, change.after);
    }
  }
  const accepted = [...baseline.accepted, { ...acceptance, changes: changes.map(titleOf) }];
  return { ...baseline, sources, accepted };
}

/** `changed env:.env.staging:API_URL`; in a baseline, so it says the same forever. */
export function titleOf(change: Change): string {
  const { kind, source } = change;
  if (kind === "source-added" || kind === "source-removed") return `${kind} ${source}`;
  const to = addressOf(source, change.key);
  return kind === "renamed"
    ? `renamed ${addressOf(change.from.source, change.from.key)} to ${to}`
    : `${kind} ${to}`;
}

/** What a change is called in a command: a source and a key, or a source. */
export const subjectOf = (change: Change): string =>
  "key" in change ? addressOf(change.source, change.key) : change.source;

/** Whether somebody who names a key, its last part, a source with its key or a source means this change; sources with or without their kind. */
export function isNamed(change: Change, name: string): boolean {
  if (change.source === name || withoutKind(change.source) === name) return true;
  if (!("key" in change)) return false;
  const places = change.kind === "renamed" ? [change, change.from] : [change];
  return places.some(({ source, key }) => namesItem(name, source, key));
}

/** The same for one key of a source. */
export const namesItem = (name: string, source: string, key: string): boolean =>
  [key, leafOf(key), addressOf(source, key), addressOf(withoutKind(source), key)].includes(name);

/** `.env.staging` of `env:.env.staging`. */
const withoutKind = (source: string): string => source.slice(source.indexOf(":") + 1);
