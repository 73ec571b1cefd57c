/** A draft against the schema: typed values, or a fault for each value that does not fit. */
import * as v from "valibot";
import type { ConfigFault } from "./config.ts";
import { type Draft, placeOf } from "./draft.ts";
import { type KeyRow, type KeyTable, patternOf } from "./keys.ts";
import { describeFound } from "./redact.ts";
import { type Parsed, configSchema } from "./schema.ts";
import { nearest } from "./suggest.ts";

/** The parsed draft, or nothing when it does not fit; the faults in both cases. */
export function checkDraft(draft: Draft, table: KeyTable): { parsed?: Parsed; faults: ConfigFault[] } {
  const result = v.safeParse(configSchema, draft.root);
  if (result.success) return { parsed: result.output, faults: [] };
  const rows = new Map(table.rows.map((row) => [row.path, row]));
  const broken = new Set(draft.faults.flatMap((fault) => fault.path ?? []));
  const faults = new Map<string, ConfigFault>();
  for (const issue of result.issues) {
    const path = v.getDotPath(issue) ?? "";
    if (broken.has(path) || faults.has(path)) continue;
    faults.set(path, toFault(issue, { path, row: rows.get(patternOf(path)), draft }));
  }
  return { faults: [...faults.values()] };
}

function toFault(
  issue: v.BaseIssue<unknown>,
  { path, row, draft }: { path: string; row: KeyRow | undefined; draft: Draft },
): ConfigFault {
  const value = issue.path?.at(-1)?.value;
  const found = issue.path ? value : issue.input;
  const secret = row?.secret === true || draft.hidden.has(path);
  const suggestion = row && suggest(row, found, secret);
  return {
    code: found === undefined ? "CONFIG_MISSING_KEY" : "CONFIG_INVALID_VALUE",
    where: placeOf(draft.sources, path),
    ...(path && { path }),
    expected: found === undefined ? `\`${path.split(".").at(-1)}\` to be given` : issue.message,
    found: describeFound(found, secret),
    ...(suggestion && { suggestion }),
  };
}

function suggest(row: KeyRow, found: unknown, secret: boolean): string | undefined {
  if (row.path === "access.mode") {
    return "`token`, `google` and `platform` come with a later version; until then listen on 127.0.0.1";
  }
  const digits = typeof found === "number" || (typeof found === "string" && /^\d{1,9}$/.test(found));
  if (row.type === "duration" && digits && !secret) return `write the unit: \`${found}ms\` or \`${found}s\``;
  if (row.type === "text" && typeof found === "number") return "put it in quotes";
  const close = row.options && typeof found === "string" && nearest(found, row.options);
  return close ? `did you mean \`${close}\`?` : undefined;
}
