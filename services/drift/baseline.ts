import type { Fingerprinter } from "../env-files/fingerprint.ts";
import type { IsIgnored } from "./ignore.ts";
import type { ItemState, Reading } from "./reading.ts";

/** By key: `fp:…` for a value, `ref:…` for what is kept elsewhere, `unset`. */
export type Entries = ReadonlyMap<string, string>;

/** Who agreed on which changes, when and why. */
export interface Acceptance {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  /** `changed env:.env.staging:API_URL` */
  readonly changes: readonly string[];
}

/** What was agreed on. Holds no values. */
export interface Baseline {
  /** Tells which key the fingerprints were made with. */
  readonly keyId: string;
  readonly sources: ReadonlyMap<string, Entries>;
  /** The oldest first. */
  readonly accepted: readonly Acceptance[];
}

export const UNSET = "unset";

/**
 * What the baseline holds of one item. Source and key go into the fingerprint, so that equal values of two keys do not
 * look alike: whoever knows one would know the other, and a file full of flags could be read by counting.
 */
export function entryOf(fingerprinter: Fingerprinter, source: string, key: string, state: ItemState): string {
  if (state.kind === "unset") return UNSET;
  if (state.kind === "reference") return `ref:${state.to}`;
  return fingerprinter.of(JSON.stringify([source, key, state.text]));
}

export interface MakeBaselineInput {
  readonly reading: Reading;
  readonly fingerprinter: Fingerprinter;
  readonly ignored: IsIgnored;
  /** What is kept of an earlier baseline: who accepted what. */
  readonly accepted?: readonly Acceptance[];
}

/** A baseline of what was read; what could not be read is not in it. */
export function makeBaseline({
  reading,
  fingerprinter,
  ignored,
  accepted = [],
}: MakeBaselineInput): Baseline {
  const sources = new Map<string, Entries>();
  for (const { id, items } of reading.sources) {
    const kept = items.filter(({ key }) => !ignored(id, key));
    sources.set(id, new Map(kept.map(({ key, state }) => [key, entryOf(fingerprinter, id, key, state)])));
  }
  return { keyId: fingerprinter.keyId, sources, accepted };
}

const ABOUT = "Written by greenlight config baseline: fingerprints under a secret key, and no values.";

/** The text of the file: sorted, one line for each key, the same for the same baseline. */
export function formatBaseline({ keyId, sources, accepted }: Baseline): string {
  const content = {
    schemaVersion: 1,
    about: ABOUT,
    keyId,
    sources: sorted(sources, (entries) => sorted(entries, (entry) => entry)),
    accepted,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** Plain text order, which no machine's language changes; `Object.fromEntries` takes `__proto__` for a name like others. */
function sorted<T, Written>(
  map: ReadonlyMap<string, T>,
  write: (value: T) => Written,
): Record<string, Written> {
  const names = [...map.keys()].toSorted(compareText);
  return Object.fromEntries(names.map((name) => [name, write(map.get(name) as T)]));
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
