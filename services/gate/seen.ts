import type { Check } from "../health/check.ts";
import type { Assurance } from "../dependencies/options.ts";
import type { Requirement, SuiteOptions } from "./suite.ts";

/** One requirement as it was seen, for tables. */
export interface SeenRequirement {
  readonly dependency: string;
  readonly status: Check["status"];
  readonly level: Requirement["level"];
  readonly cause?: string;
  readonly rung?: string;
  readonly durationMs?: number;
  /** Who serves, where one of several may. */
  readonly serving?: string;
}

/** What of a check tells one environment from another; holds no secret and no time. */
export interface SeenDependency {
  readonly kind: string;
  readonly status: Check["status"];
  readonly version?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly serving?: string;
  readonly assurance?: Assurance;
}

/** Pure. `checks` by the name the suite gives it. */
export function seenRequirements(
  { requirements }: Pick<SuiteOptions, "requirements">,
  checks: ReadonlyMap<string, Check>,
): readonly SeenRequirement[] {
  return requirements.map(({ dependency, level }) => {
    const check = checks.get(dependency);
    if (check === undefined) return { dependency, level, status: "unknown" };
    const { status, cause, durationMs, discovery } = check;
    // Before the first observation nothing is known, and a table that says `fail` would be read as more.
    const unseen = cause?.code === "NOT_EVALUATED";
    return {
      dependency,
      level,
      status: unseen ? "unknown" : status,
      ...(cause === undefined ? {} : { cause: cause.code }),
      ...(cause === undefined || unseen ? {} : { rung: cause.rung }),
      ...(durationMs === undefined ? {} : { durationMs: Math.round(durationMs * 100) / 100 }),
      ...(discovery?.serving === undefined ? {} : { serving: discovery.serving.name }),
    };
  });
}

/** Pure: by the same names. */
export const seenDependencies = (
  checks: ReadonlyMap<string, Check>,
): Readonly<Record<string, SeenDependency>> =>
  Object.fromEntries([...checks].map(([name, check]) => [name, seenDependency(check)]));

function seenDependency({ kind, status, version, target, discovery }: Check): SeenDependency {
  const serving = discovery?.serving;
  return {
    kind,
    status,
    ...(version === undefined ? {} : { version }),
    ...(target === undefined ? {} : { host: target.host, port: target.port }),
    ...(target?.database === undefined ? {} : { database: target.database }),
    ...(serving === undefined ? {} : { serving: serving.name, assurance: serving.assurance }),
  };
}
