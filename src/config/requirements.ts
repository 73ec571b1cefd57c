/** The requirements of one suite: each names something that is configured, once. */
import type { DependencyKind, DependencyOptions } from "../../services/dependencies/options.ts";
import type { Requirement } from "../../services/gate/suite.ts";
import { type ResolveInput, faultAt, warnAt } from "./input.ts";
import { notConfigured } from "./not-configured.ts";
import type { ParsedRequirement } from "./schema-suites.ts";
import { expectationsIn, misplaced, withExpectations } from "./suite-expectations.ts";
import type { Config } from "./config.ts";

/** What a suite may require. */
export interface Present {
  readonly dependencies: readonly DependencyOptions[];
  readonly groups: Config["groups"];
  /** The names that are configured, also of what has a fault. */
  readonly present: readonly string[];
  /** By name, also of what has a fault. */
  readonly kinds: ReadonlyMap<string, DependencyKind>;
}

interface Place {
  readonly suite: string;
  /** The key of the list. */
  readonly at: string;
  readonly present: Present;
  readonly input: ResolveInput;
}

interface Resolved {
  readonly requirements: readonly Requirement[];
  /** Those that the suite expects more of. */
  readonly dependencies: readonly DependencyOptions[];
}

/** Reports whatever is wrong with any of them, and leaves those out. */
export function resolveRequirements(
  given: readonly (string | ParsedRequirement)[],
  { suite, at, present, input }: Place,
): Resolved {
  const requirements = new Map<string, Requirement>();
  const dependencies: DependencyOptions[] = [];
  for (const [index, entry] of given.entries()) {
    const path = `${at}.${index}`;
    const isText = typeof entry === "string";
    const parsed = isText ? { dependency: entry, level: "required" as const } : entry;
    const named = isText ? path : `${path}.dependency`;
    const { dependency, level, assurance } = parsed;
    if (!checkName(dependency, { named, taken: requirements, present, input })) continue;
    const expectations = checkExpectations(parsed, dependency, path, { present, input });
    const own = present.dependencies.find(({ name }) => name === dependency);
    const derived = own && expectations > 0 ? withExpectations(own, parsed, suite) : undefined;
    if (derived) dependencies.push(derived);
    if (assurance !== undefined && own !== undefined && own.kind !== "auth") {
      warnAt(
        input,
        `${path}.assurance`,
        `has no effect: nothing but ${own.name} itself can serve as ${own.name}`,
      );
    }
    requirements.set(dependency, {
      dependency,
      observed: derived?.name ?? dependency,
      level,
      assurance: assurance ?? "real",
    });
  }
  return { requirements: [...requirements.values()], dependencies };
}

interface NamePlace {
  /** The key of the name. */
  readonly named: string;
  readonly taken: ReadonlyMap<string, unknown>;
  readonly present: Present;
  readonly input: ResolveInput;
}

function checkName(
  name: string | undefined,
  { named, taken, present: { present }, input }: NamePlace,
): name is string {
  if (name === undefined) {
    if (input.broken.has(named)) return false;
    const suggestion = `name one of ${present.join(", ")}`;
    const problem = { expected: "`dependency` to be given", found: "nothing" };
    faultAt(input, named, { ...problem, ...(present.length > 0 && { suggestion }) }, "CONFIG_MISSING_KEY");
    return false;
  }
  if (!present.includes(name)) {
    faultAt(input, named, notConfigured(name, { present, hidden: input.hidden.has(named) }));
    return false;
  }
  if (!taken.has(name)) return true;
  const suggestion = "say all that is required of it in one entry";
  faultAt(input, named, {
    expected: "each dependency once in a suite",
    found: `\`${name}\` again`,
    suggestion,
  });
  return false;
}

/** How many expectations there are; one that the kind does not have is reported. */
function checkExpectations(
  parsed: ParsedRequirement,
  dependency: string,
  path: string,
  { present, input }: Pick<Place, "present" | "input">,
): number {
  const kind = present.kinds.get(dependency);
  const given = expectationsIn(parsed);
  for (const key of given) {
    const problem = kind && misplaced(key, kind);
    if (problem) faultAt(input, `${path}.${key}`, problem, "CONFIG_UNKNOWN_KEY");
  }
  return given.length;
}
