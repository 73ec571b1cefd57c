import * as v from "valibot";
import { isRecord, parseJson } from "../../services/json.ts";
import type { RunRecord } from "./run-record.ts";
import { runRecordSchema } from "./run-record-schema.ts";

/** A text that was to be a record: the record, or what was expected and what was found. */
export type ReadRunRecord =
  | { readonly ok: true; readonly record: RunRecord }
  | { readonly ok: false; readonly expected: string; readonly found: string };

const EXPECTED = "the record of a run, as --report json=PATH writes it";

/** Reads a record from the text of a file. Never throws. */
export function readRunRecord(text: string): ReadRunRecord {
  const json = parseJson(text.replace(/^\uFEFF/, ""));
  if (json === undefined) {
    const found = text.trim() === "" ? "nothing" : `${text.length} characters that are not JSON`;
    return { ok: false, expected: EXPECTED, found };
  }
  if (!isRecord(json) || !("schemaVersion" in json) || !("outcome" in json))
    return { ok: false, expected: EXPECTED, found: "JSON of something else" };
  if (json.schemaVersion !== 1) {
    const found = typeof json.schemaVersion === "number" ? String(json.schemaVersion) : "something else";
    return { ok: false, expected: "schemaVersion 1", found: `schemaVersion ${found}` };
  }
  const result = v.safeParse(runRecordSchema, json, { abortEarly: true });
  // Codes of causes are kept as text: those of a later version are as good for a report.
  if (result.success) return { ok: true, record: result.output as unknown as RunRecord };
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? "the record";
  return { ok: false, expected: `${place}: ${issue.expected ?? "another value"}`, found: foundIn(issue) };
}

/** The kind of value alone: a foreign file may hold anything. */
function foundIn({ received, input }: v.BaseIssue<unknown>): string {
  if (input === undefined) return "nothing";
  return typeof input === "string" ? "another text" : received;
}
