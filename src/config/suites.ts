/** Suites: what each requires, from the file or by default. */
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { Requirement, SuiteOptions } from "../../services/gate/suite.ts";
import type { Config } from "./config.ts";
import { type Problem, type ResolveInput, faultAt, isBroken, warnAt } from "./input.ts";
import { describeKey } from "./redact.ts";
import { type Present, resolveRequirements } from "./requirements.ts";
import { NAME, NAME_EXPECTED } from "./schema-targets.ts";
import type { ParsedSuite, ParsedSuites } from "./schema-suites.ts";

/** For how long all must be fit together before it is `go`, unless a suite says otherwise. */
export const DEFAULT_STABLE_MS = 3000;

/** Those of the file, one for each group that has none of its name, and `all`. */
export function resolveSuites(
  given: ParsedSuites,
  present: Present,
  input: ResolveInput,
): Pick<Config, "suites" | "suiteDependencies"> {
  const suites = new Map(defaultSuites(present).map((suite) => [suite.name, suite]));
  const suiteDependencies: DependencyOptions[] = [];
  for (const [name, parsed] of Object.entries(given)) {
    const { suite, dependencies } = resolveSuite(name, parsed, present, input);
    suites.set(name, suite);
    suiteDependencies.push(...dependencies);
  }
  return { suites: [...suites.values()], suiteDependencies };
}

function resolveSuite(name: string, parsed: ParsedSuite, present: Present, input: ResolveInput) {
  const at = `suites.${name}`;
  const isList = Array.isArray(parsed);
  const { stable, grace, expected, credentials = [] } = isList ? NOTHING_SAID : parsed;
  const requires = isList ? parsed : parsed.requires;
  if (!NAME.test(name)) {
    const where = input.place(at);
    const found = describeKey(name);
    // What is no name may be a part of a secret that a broken line has made a key.
    input.report({ code: "CONFIG_INVALID_VALUE", where, path: "suites", expected: NAME_EXPECTED, found });
  }
  if (requires === undefined && !isBroken(input, `${at}.requires`)) {
    const suggestion = "name what it requires: `requires: [postgres]`";
    missing(input, `${at}.requires`, { expected: "`requires` to be given", suggestion });
  }
  const hasCredentials = credentials.length > 0 || isBroken(input, `${at}.credentials`);
  if (hasCredentials && expected === undefined && !isBroken(input, `${at}.expected`)) {
    const why = "`expected` to be given: credentials must live for as long as the suite takes";
    missing(input, `${at}.expected`, { expected: why, suggestion: "write `expected: 20m`" });
  }
  const { requirements, dependencies } = resolveRequirements(requires ?? [], {
    suite: name,
    at: isList ? at : `${at}.requires`,
    present,
    input,
  });
  if (requirements.length > 0 && !requirements.some(({ level }) => level === "required")) {
    warnAt(input, at, "nothing in it is required, so it never waits for anything");
  }
  const suite: SuiteOptions = {
    name,
    requirements,
    stableMs: stable,
    graceMs: grace,
    ...(expected !== undefined && { expectedMs: expected }),
    credentials: [...new Set(credentials.map(({ variable }) => variable))].map((variable) => ({ variable })),
  };
  return { suite, dependencies };
}

const NOTHING_SAID = {
  stable: DEFAULT_STABLE_MS,
  grace: 0,
  expected: undefined,
  credentials: undefined,
};

function missing(input: ResolveInput, path: string, problem: Omit<Problem, "found">): void {
  faultAt(input, path, { ...problem, found: "nothing" }, "CONFIG_MISSING_KEY");
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
  return { dependency: name, observed: name, level: required ? "required" : "optional", assurance: "real" };
}
