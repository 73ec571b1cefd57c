/** actions: each kind of change that a plan may ask for. */
import type { Action, Json, ParamFault } from "../action.ts";
import { describeFound } from "../plan-fault.ts";

/** What one parameter must be. */
export interface Rule {
  /** Completes "expected …". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** May be left out. */
  readonly optional?: true;
}

export type Rules<P> = { readonly [K in keyof P]-?: Rule };

export type Parsed<P extends Json> = ReturnType<Action<P>["parse"]>;

/** Every parameter by its rule, and nothing that has none; then `check` for what lies between parameters. */
export function readParams<P extends Readonly<Record<string, Json>>>(
  params: unknown,
  rules: Rules<P>,
  check: (params: P) => readonly ParamFault[] = () => [],
): Parsed<P> {
  if (typeof params !== "object" || params === null || Array.isArray(params))
    return refuse([fault("params", "a mapping", params)]);
  const given = params as Readonly<Record<string, unknown>>;
  const known = Object.entries<Rule>(rules);
  const faults = known.flatMap(([name, rule]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined && rule.optional === true) return [];
    return rule.accepts(value) ? [] : [fault(`params.${name}`, rule.expected, value)];
  });
  const strange = Object.keys(given).filter((name) => !Object.hasOwn(rules, name));
  const names = known.map(([name]) => name).join(", ");
  for (const name of strange)
    faults.push({ path: `params.${printable(name)}`, expected: `one of ${names}`, found: "another name" });
  if (faults.length > 0) return refuse(faults);
  const entries = known.flatMap(([name]) => (given[name] === undefined ? [] : [[name, given[name]]]));
  const clean = Object.fromEntries(entries) as P;
  const more = check(clean);
  return more.length > 0 ? refuse(more) : { ok: true, params: clean };
}

/** Without what may be secret, and in a form that no terminal obeys. */
export function fault(path: string, expected: string, value: unknown): ParamFault {
  return { path, expected, found: describeFound(value, path) };
}

const refuse = <P extends Json>(faults: readonly ParamFault[]): Parsed<P> => ({ ok: false, faults });

const printable = (name: string): string =>
  /^[\w.-]{1,60}$/.test(name) ? name : `(a name of ${name.length} characters)`;
