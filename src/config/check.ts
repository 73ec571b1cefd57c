/** A draft against the schema: typed values, or a fault for each value that does not fit. */
import * as v from "valibot";
import type { ConfigFault } from "./config.ts";
import { type Draft, isMapping, placeOf } from "./draft.ts";
import { type KeyRow, type KeyTable, patternOf } from "./keys.ts";
import { describeFound } from "./redact.ts";
import { type Parsed, configSchema } from "./schema.ts";
import { nearest } from "./suggest.ts";
import { TEXT_LIST } from "./values.ts";

export interface Checked {
  /** What is left when the values that do not fit are taken out; nothing when that is not a configuration either. */
  readonly parsed: Parsed | undefined;
  readonly faults: readonly ConfigFault[];
}

/** Checks every value, and goes on without those that do not fit, so that later checks can report theirs too. */
export function checkDraft(draft: Draft, table: KeyTable): Checked {
  const rows = new Map(table.rows.map((row) => [row.path, row]));
  const broken = new Set(draft.faults.flatMap((fault) => fault.path ?? []));
  const faults = new Map<string, ConfigFault>();
  const root = structuredClone(draft.root);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = v.safeParse(configSchema, root);
    if (result.success) return { parsed: result.output, faults: [...faults.values()] };
    for (const issue of result.issues) {
      const path = v.getDotPath(issue) ?? "";
      const known = broken.has(path) || faults.has(path);
      if (!known && round === 0)
        faults.set(path, toFault(issue, { path, row: rows.get(patternOf(path)), draft }));
      remove(root, path.split("."));
    }
  }
  return { parsed: undefined, faults: [...faults.values()] };
}

/** Each round takes out one more level around what does not fit. */
const MAX_ROUNDS = 5;

/** Takes out the value, or the nearest thing around it that is in a mapping and there. */
function remove(root: unknown, keys: readonly string[]): void {
  for (let length = keys.length; length > 0; length--) {
    let target: unknown = root;
    for (const key of keys.slice(0, length - 1)) target = memberOf(target, key);
    const last = keys[length - 1] ?? "";
    if (isMapping(target) && Object.hasOwn(target, last)) {
      delete target[last];
      return;
    }
  }
}

function memberOf(target: unknown, key: string): unknown {
  if (Array.isArray(target)) return target[Number(key)];
  return isMapping(target) ? target[key] : undefined;
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
  const digits = typeof found === "number" || (typeof found === "string" && /^\d{1,9}$/.test(found));
  if (row.type === "duration" && digits && !secret) return `write the unit: \`${found}ms\` or \`${found}s\``;
  if (row.type === "text" && typeof found === "number") return "put it in quotes";
  if (row.type === TEXT_LIST && typeof found === "string")
    return "put it in `[]`, or below the key after `- `";
  const close = row.options && typeof found === "string" && nearest(found, row.options);
  return close ? `did you mean \`${close}\`?` : undefined;
}
