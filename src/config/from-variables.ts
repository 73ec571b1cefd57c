/** Variables of the process → values of the keys they set. A variable wins over the file. */
import type { ConfigFault, ConfigSource, Environment } from "./config.ts";
import { type Draft, coerce, emptyMapping, isMapping } from "./draft.ts";
import { readVariable } from "./interpolate.ts";
import type { KeyRow, KeyTable } from "./keys.ts";
import { nearest } from "./suggest.ts";

/** Read by the command line, not by the configuration. */
export const COMMAND_LINE_VARIABLES = [
  "GREENLIGHT_CONFIG",
  "GREENLIGHT_URL",
  "GREENLIGHT_TOKEN",
  "GREENLIGHT_RELEASE",
  "GREENLIGHT_BASELINE_KEY",
];

/** Set by `greenlight run` for its command, which may well be Greenlight again. */
export const HANDED_ON_VARIABLES = [
  "GREENLIGHT_SUITE",
  "GREENLIGHT_VERDICT",
  "GREENLIGHT_RUN_ID",
  "GREENLIGHT_PYTEST",
];

/** The keys that variables set. */
export function overriddenKeys(env: Environment, table: KeyTable): Set<string> {
  return new Set(setRows(env, table).map((row) => row.path));
}

/** The draft with the variables' values over it; an unknown `GREENLIGHT_*` is a fault. */
export function applyVariables(draft: Draft, env: Environment, table: KeyTable): Draft {
  const sources = new Map<string, ConfigSource>(draft.sources);
  const hidden = new Set(draft.hidden);
  const root = isMapping(draft.root) ? draft.root : emptyMapping();
  for (const row of setRows(env, table)) {
    const value = readVariable(env, row.variable)?.trim() ?? "";
    if (!put(root, row.path.split("."), coerce(value, row.type))) continue;
    hidden.delete(row.path);
    for (const key of sources.keys()) if (key.startsWith(`${row.path}.`)) sources.delete(key);
    sources.set(row.path, { kind: "variable", name: row.variable });
  }
  const faults = [...draft.faults, ...unknownVariables(env, table)];
  return { root: isMapping(draft.root) ? root : draft.root, sources, hidden, faults };
}

function setRows(env: Environment, table: KeyTable): (KeyRow & { readonly variable: string })[] {
  return table.rows.flatMap((row) => {
    const { variable } = row;
    return variable && readVariable(env, variable)?.trim() ? [{ ...row, variable }] : [];
  });
}

/** False when something on the way is not a mapping, which is a fault of its own. */
function put(root: Record<string, unknown>, keys: readonly string[], value: unknown): boolean {
  let target = root;
  for (const key of keys.slice(0, -1)) {
    const next = (target[key] ??= emptyMapping());
    if (!isMapping(next)) return false;
    target = next;
  }
  target[keys.at(-1) ?? ""] = value;
  return true;
}

function unknownVariables(env: Environment, table: KeyTable): ConfigFault[] {
  const own = table.rows.flatMap(({ variable }) => (variable?.startsWith("GREENLIGHT_") ? [variable] : []));
  const known = [...own, ...COMMAND_LINE_VARIABLES, ...HANDED_ON_VARIABLES];
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith("GREENLIGHT_") && !known.includes(name) && readVariable(env, name),
  );
  return unknown.map((name) => {
    const close = nearest(name, known);
    return {
      code: "CONFIG_UNKNOWN_VARIABLE",
      where: name,
      expected: "a variable of the reference (docs/reference/configuration.md)",
      found: "a GREENLIGHT_ variable that nothing reads",
      suggestion: close ? `did you mean ${close}?` : "unset it",
    };
  });
}
