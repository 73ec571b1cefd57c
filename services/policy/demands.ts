import { flagOf, type RequiredWhat } from "./flags.ts";
import type { Demand, Policy } from "./policy.ts";
import type { Flags } from "./read-flags.ts";

/** What is demanded of the suites of one environment, and who says so, for messages. */
export interface Demands {
  /** Of what is to be looked at otherwise than a suite says. */
  readonly levels: ReadonlyMap<string, { readonly demand: Level; readonly because: string }>;
  /** Whoever says that nothing a suite names is optional. */
  readonly raise?: string;
  /** Whoever says that nothing less than the real server serves. */
  readonly real?: string;
}

/** `told`: looked at for every suite, and no suite is stopped by it: what a policy would require that only warns. */
export type Level = Exclude<Demand, "forbidden"> | "told";

export interface DemandsInput {
  readonly policy: Policy | undefined;
  readonly flags: Flags;
  /** The names of what is configured. */
  readonly configured: readonly string[];
}

const DATABASES: ReadonlySet<string> = new Set(["postgres", "clickhouse", "redis"]);

/** Pure. Where a flag and the policy differ, the stricter of the two holds; nothing is made milder by a flag. */
export function demandsOf({ policy, flags, configured }: DemandsInput): Demands {
  const levels = new Map<string, { demand: Level; because: string }>();
  for (const [name, demand] of Object.entries(policy?.requires ?? {})) {
    const level = levelOf(demand, policy);
    if (level !== undefined)
      levels.set(name, { demand: level, because: `the policy for ${policy?.environment ?? ""}` });
  }
  for (const flag of flags.on) {
    const { effect } = flagOf(flag);
    if (effect.kind !== "require") continue;
    for (const name of requiredBy(effect.what, configured))
      levels.set(name, { demand: "required", because: flag });
  }
  const raise = flags.on.find((flag) => flagOf(flag).effect.kind === "raise");
  const real = flags.on.find((flag) => flagOf(flag).effect.kind === "real");
  return { levels, ...(raise && { raise }), ...(real && { real }) };
}

/** The names that a flag requires; a single kind also where it is not configured, which then is missed. */
export function requiredBy(what: RequiredWhat, configured: readonly string[]): readonly string[] {
  if (what === "all") return configured;
  if (what === "databases") return configured.filter((name) => DATABASES.has(name));
  return [what];
}

/** A policy that only warns lowers nothing either: nothing is weaker for being less than enforced. */
function levelOf(demand: Demand, policy: Policy | undefined): Level | undefined {
  if (policy === undefined || policy.mode === "off" || demand === "forbidden") return undefined;
  if (policy.mode === "enforce") return demand;
  return demand === "required" ? "told" : undefined;
}
