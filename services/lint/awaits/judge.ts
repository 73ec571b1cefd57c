import type { Classes } from "./classes.ts";
import type { DefinitionKind, Reference } from "./facts.ts";
import { all, type Resolver, type Target, type Targets } from "./resolve.ts";
import { KNOWN_FUNCTIONS } from "./standard.ts";

/** What calling something gives: a coroutine, an async generator, something that cannot be awaited, or who knows. */
export type Given = "coroutine" | "generator" | "plain" | "unknown";

export interface Judge {
  /** All that a call of `reference` in `file` may call; undefined when it may call something else too. */
  readonly targets: (file: string, reference: Reference) => readonly Target[] | undefined;
  readonly given: (target: Target) => Given;
}

const GIVEN: Readonly<Record<DefinitionKind, Given>> = {
  c: "coroutine",
  g: "generator",
  s: "plain",
  "?": "unknown",
};

export function createJudge(resolver: Resolver, classes: Classes): Judge {
  const known = new Map<string, Given>();

  function targets(file: string, reference: Reference): readonly Target[] | undefined {
    const found = reference.split("|").map((one) => oneOf(file, one));
    const together = all(found);
    return together === "missing" ? undefined : together;
  }

  function oneOf(file: string, reference: Reference): Targets {
    if (!/^[=~]/.test(reference)) return resolver.resolve(file, reference, classes.exact);
    const [made = "", method = ""] = reference.slice(1).split("#");
    const owners = resolver.resolve(file, made, classes.exact);
    if (owners === undefined || owners === "missing") return undefined;
    return all(
      owners.map((owner): Targets => {
        if (owner.kind !== "class") return undefined;
        if (reference.startsWith("~")) return classes.virtual(owner, method);
        // Calling it may give something that is no instance of it.
        return classes.isPlain(owner) ? classes.exact(owner, method) : undefined;
      }),
    );
  }

  function given(target: Target): Given {
    if (target.kind === "outside") return GIVEN[KNOWN_FUNCTIONS.get(target.name) ?? "?"];
    if (target.kind === "module") return "unknown";
    if (target.kind === "class") return classes.isPlain(target) ? "plain" : "unknown";
    const key = `${target.file}\0${target.index}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    // A function that only returns its own calls never returns.
    known.set(key, "plain");
    const made = ofDefinition(target.file, target.index);
    known.set(key, made);
    return made;
  }

  function ofDefinition(file: string, index: number): Given {
    const [kind = "?", , calls = []] = resolver.facts(file)?.defs?.[index] ?? [];
    if (kind !== "s") return GIVEN[kind];
    const plain = calls.every((reference) => {
      const found = targets(file, reference);
      return found !== undefined && found.every((one) => ["plain", "generator"].includes(given(one)));
    });
    return plain ? "plain" : "unknown";
  }

  return { targets, given };
}
