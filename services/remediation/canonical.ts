import { hash } from "node:crypto";
import type { Json } from "./action.ts";

/** One text for one meaning: members in the order of their names, none that is undefined. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (isObject(member) ? ordered(member) : member));
}

export const sameJson = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

export interface Attempted {
  readonly environment: string;
  readonly kind: string;
  readonly params: Json;
}

/**
 * What attempts are counted by: an action with its parameters in an environment, whichever plan asks for it. SHA-256,
 * hexadecimal.
 */
export function fingerprintOf({ environment, kind, params }: Attempted): string {
  return hash("sha256", canonicalJson([environment, kind, params]));
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const ordered = (value: object): object =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
