/** Suites: what each requires, from the file or by default. */
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { Requirement, SuiteOptions } from "../../services/gate/suite.ts";
import type { Config } from "./config.ts";

/** For how long all must be fit together before it is `go`, unless a suite says otherwise. */
export const DEFAULT_STABLE_MS = 3000;

interface Present {
  readonly dependencies: readonly DependencyOptions[];
  readonly groups: Config["groups"];
}

/** Those of the file, one for each group that has none of its name, and `all`. */
export function resolveSuites(present: Present): Pick<Config, "suites" | "suiteDependencies"> {
  return { suites: defaultSuites(present), suiteDependencies: [] };
}

function defaultSuites({ dependencies, groups }: Present): SuiteOptions[] {
  const byName = new Map(dependencies.map((options) => [options.name, requirementOf(options)]));
  const all = { ...groups, ...(byName.size > 0 && { all: [...byName.keys()] }) };
  return Object.entries(all).map(([name, members]) => ({
    name,
    requirements: [...new Set(members)].flatMap((member) => byName.get(member) ?? []),
    stableMs: DEFAULT_STABLE_MS,
    graceMs: 0,
    credentials: [],
  }));
}

function requirementOf({ name, required }: DependencyOptions): Requirement {
  return {
    dependency: name,
    observed: name,
    level: required ? "required" : "optional",
    assurance: "real",
  };
}
