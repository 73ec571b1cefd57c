import { isRecord } from "../json.ts";
import { type Acceptance, type Baseline, UNSET } from "./baseline.ts";
import { findJsonFault } from "./json-fault.ts";
import type { Misread } from "./misread.ts";

export type ParsedBaseline = { readonly ok: true; readonly baseline: Baseline } | Misread;

/** Reads the text of a baseline. Never throws; a fault quotes nothing of the text but names of keys. */
export function parseBaseline(text: string): ParsedBaseline {
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    const { line } = fault;
    const conflict = /^(?:<{7}|={7}|>{7})/.test(text.split("\n")[line - 1] ?? "");
    return { ok: false, ...fault, ...(conflict && { found: "a conflict of a merge that nobody resolved" }) };
  }
  const content: unknown = JSON.parse(text);
  if (!isRecord(content))
    return wrong("an object, as greenlight config baseline writes it", "something else");
  const { schemaVersion, keyId, sources, accepted = [] } = content;
  if (schemaVersion !== 1) return wrong("`schemaVersion` 1", "another, or none");
  if (typeof keyId !== "string" || keyId === "") return wrong("`keyId`, text", "something else");
  if (!isRecord(sources)) return wrong("`sources`, an object", "something else");
  if (!Array.isArray(accepted) || !accepted.every(isAcceptance))
    return wrong("`accepted`, a list of who accepted what", "something else");
  for (const [id, entries] of Object.entries(sources)) {
    if (!isRecord(entries)) return wrong(`an object for the source ${id}`, "something else");
    const broken = Object.entries(entries).find(([, entry]) => !isEntry(entry));
    if (broken !== undefined)
      return {
        ...wrong("`fp:` and 16 hexadecimal digits, `ref:…` or `unset`", `another text at ${id}:${broken[0]}`),
        ...lineOf(text, broken[0]),
      };
  }
  const read = Object.entries(sources).map(
    ([id, entries]) => [id, new Map(Object.entries(entries as Record<string, string>))] as const,
  );
  return { ok: true, baseline: { keyId, sources: new Map(read), accepted } };
}

const wrong = (expected: string, found: string): Misread => ({ ok: false, expected, found });

const isEntry = (entry: unknown): boolean =>
  typeof entry === "string" && (entry === UNSET || /^(?:fp:[\da-f]{16}|ref:.*)$/s.test(entry));

function isAcceptance(value: unknown): value is Acceptance {
  if (!isRecord(value)) return false;
  const { at, by, reason, changes } = value;
  const texts = [at, by, reason].every((each) => typeof each === "string");
  return texts && Array.isArray(changes) && changes.every((each) => typeof each === "string");
}

function lineOf(text: string, key: string): { readonly line?: number } {
  const index = text.indexOf(`${JSON.stringify(key)}:`);
  return index < 0 ? {} : { line: text.slice(0, index).split("\n").length };
}
