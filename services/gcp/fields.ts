/** Reads members of an answer without trusting it: what is missing or of another type is undefined. */
import { isRecord } from "../json.ts";

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields => (isRecord(value) ? value : {});

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

export const flagOf = (value: unknown): boolean | undefined =>
  typeof value === "boolean" ? value : undefined;

export const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];

/** One of the words given; any other, which a later version of the API may bring, is undefined. */
export const wordOf = <const T extends string>(value: unknown, words: readonly T[]): T | undefined =>
  words.find((word) => word === value);

/** Whole numbers of 64 bits are text in Google's JSON; fakes and old versions send numbers. */
export const longOf = (value: unknown): string | undefined =>
  typeof value === "number" ? String(value) : textOf(value);

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The members that are there: absent and undefined are not the same to whoever compares or sends them. */
export function present<const T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<T>;
}

/** `projects/p/locations/r/services/s` → `s`. */
export const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The part after `collection`: `partAfter("projects/p/regions/r", "projects")` is `p`. */
export function partAfter(name: string, collection: string): string | undefined {
  const parts = name.split("/");
  const at = parts.indexOf(collection);
  return at === -1 ? undefined : textOf(parts[at + 1]);
}
