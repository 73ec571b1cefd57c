/** The parsed rules of detection, and where dependencies declare their environment. */
import { ENVIRONMENTS, type ContextRules } from "../../services/context/kinds.ts";
import { LABELS, wordsOf } from "../../services/context/labels.ts";
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import { type ResolveInput, faultAt } from "./input.ts";
import type { Parsed } from "./schema.ts";

export interface ContextOptions extends ContextRules {
  /** By the name of the dependency: the statement, the key or the JSON pointer. */
  readonly declares: Readonly<Record<string, string>>;
}

export function resolveContext(
  { context, dependencies }: Parsed,
  present: readonly DependencyOptions[],
  input: ResolveInput,
): ContextOptions {
  checkLabels(context.labels, input);
  const { http, postgres, clickhouse, redis, auth } = dependencies;
  const given = [
    ...Object.entries({ postgres, clickhouse, redis, auth }).map(
      ([name, each]) => [name, each?.declares] as const,
    ),
    ...http.map(({ name = "", declares }) => [name, declares] as const),
  ];
  const names = new Set(present.map(({ name }) => name));
  const declares = given.flatMap(([name, said]) =>
    said === undefined || !names.has(name) ? [] : [[name, said] as const],
  );
  return { ...context, declares: Object.fromEntries(declares) };
}

/** One label, one environment; and nothing takes production's own labels away from it. */
function checkLabels(labels: Parsed["context"]["labels"], input: ResolveInput): void {
  const taken = new Map<string, string>(LABELS.production.map((label) => [label, "production"]));
  for (const kind of ENVIRONMENTS) {
    for (const [index, text] of labels[kind].entries()) {
      const path = `context.labels.${kind}.${index}`;
      const label = wordsOf(text).join(" ");
      const other = taken.get(label);
      if (label === "") {
        faultAt(input, path, { expected: "a label with letters or digits", found: "none" });
      } else if (other !== undefined && other !== kind) {
        faultAt(input, path, {
          expected: "each label for one environment, and those of production for no other",
          found: `a label of ${other}`,
          suggestion: "take it out, or use `context.projects` for the one project that it misleads about",
        });
      } else taken.set(label, kind);
    }
  }
}
