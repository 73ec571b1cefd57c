/** What a suite expects beyond the environment → the options of a dependency of its own. */
import type { DependencyKind, DependencyOptions } from "../../services/dependencies/options.ts";
import { toAssertions, toHeaders, toKey, toMembers, toMigration } from "./expectations.ts";
import type { Problem } from "./input.ts";
import type { ParsedRequirement } from "./schema-suites.ts";

/** What can be expected of the content of each kind. */
const OF_KIND = {
  postgres: ["table", "migration", "assert"],
  clickhouse: ["table", "migration", "assert"],
  redis: ["key"],
  auth: [],
  websocket: [],
  http: ["status", "headers", "json"],
  tcp: ["banner"],
} as const satisfies Record<DependencyKind, readonly (keyof ParsedRequirement)[]>;

type Expectation = (typeof OF_KIND)[DependencyKind][number];
const ALL: readonly Expectation[] = [...new Set(Object.values(OF_KIND).flat())];

/** The expectations that were given, of whatever kind. */
export function expectationsIn(given: ParsedRequirement): readonly Expectation[] {
  return ALL.filter((key) => given[key] !== undefined);
}

/** What is wrong with an expectation of this name, when the kind has none such. */
export function misplaced(key: Expectation, kind: DependencyKind): Problem | undefined {
  const known: readonly Expectation[] = OF_KIND[kind];
  if (known.includes(key)) return undefined;
  const owners = Object.entries(OF_KIND).filter(([, keys]) => keys.some((each) => each === key));
  const list = known.map((each) => `\`${each}\``).join(", ");
  return {
    expected: list === "" ? `no expectation: kind ${kind} has none` : `one of ${list}, for kind ${kind}`,
    found: `\`${key}\``,
    suggestion: `take it out; it is for ${owners.map(([owner]) => owner).join(" and ")}`,
  };
}

/**
 * The environment's own options with what the suite adds. Of what there is one only (table, migration, key, status,
 * banner) the suite's stands in for the environment's; lists are joined.
 */
export function withExpectations(
  own: DependencyOptions,
  given: ParsedRequirement,
  suite: string,
): DependencyOptions {
  const common = { name: `${own.name}@${suite}`, required: true };
  switch (own.kind) {
    case "postgres":
    case "clickhouse": {
      const { table, migration, assert = [] } = given;
      return {
        ...own,
        ...common,
        assert: [...own.assert, ...toAssertions(assert)],
        ...(table !== undefined && { table }),
        ...(migration && { migration: toMigration(migration, own.migration) }),
      };
    }
    case "redis":
      return { ...own, ...common, ...(given.key !== undefined && { key: toKey(given.key) }) };
    case "http": {
      const { status = own.status, headers = [], json = [] } = given;
      return {
        ...own,
        ...common,
        status,
        headers: [...own.headers, ...toHeaders(headers)],
        json: [...own.json, ...toMembers(json)],
      };
    }
    case "tcp":
      return { ...own, ...common, ...(given.banner !== undefined && { banner: given.banner }) };
    default:
      return { ...own, ...common };
  }
}
