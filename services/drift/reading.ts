/** drift: what the sources of configuration hold now against a baseline of fingerprints; text comes in, nothing is opened. */
import type { Misfit } from "./misread.ts";
import type { Place } from "../findings/finding.ts";

/** What a key holds. */
export type ItemState =
  | { readonly kind: "value"; readonly text: string }
  /** The value is kept elsewhere; `to` names the place and is no secret: `secret db-password@3`. */
  | { readonly kind: "reference"; readonly to: string }
  /** Named without a value: whoever starts the program hands one on. */
  | { readonly kind: "unset" };

/** One thing a source holds. */
export interface Item {
  /** The path within the source, its last part the name: `API_URL`, `env/API_URL`, `scaling/minInstanceCount`. */
  readonly key: string;
  readonly state: ItemState;
  readonly line?: number;
}

/** What one source holds. */
export interface SourceReading {
  /** `env:.env.staging` */
  readonly id: string;
  /** As the source is named in messages; absent for the variables of the process. */
  readonly file?: string;
  /** In any order; of two with one key the last is meant. */
  readonly items: readonly Item[];
}

/** A source that could not be read. No member ever quotes what is in it. */
export interface SourceFault extends Misfit {
  readonly id: string;
  readonly file: string;
}

/** What was read of all sources: each is in one of the two lists. */
export interface Reading {
  readonly sources: readonly SourceReading[];
  readonly faults: readonly SourceFault[];
}

/** `API_URL` of `containers/api/env/API_URL`. */
export const leafOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

export const addressOf = (source: string, key: string): string => `${source}:${key}`;

/** Where an item is, for findings. */
export function placeOf(source: SourceReading | undefined, item: Item | undefined): Place | undefined {
  if (source === undefined) return undefined;
  if (source.file === undefined) return item && { kind: "variable", name: item.key };
  return { kind: "file", file: source.file, ...(item?.line === undefined ? {} : { line: item.line }) };
}
