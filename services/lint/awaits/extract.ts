import type { PythonFile } from "../python/source-file.ts";
import type { AwaitFacts, ClassFacts, DefinitionFacts, Named, UseFacts } from "./facts.ts";
import { createReading, type Reading, type UseDraft } from "./reading.ts";
import { bindingReference, defined, referenceTo } from "./references.ts";
import { mayBeWrong } from "./relevance.ts";
import { returnedCalls } from "./returns.ts";
import type { Binding, Scope } from "./scopes.ts";
import { readBlock } from "./statements.ts";

export type { AwaitFacts } from "./facts.ts";

/**
 * What a file says about async functions: what it defines, and what it awaits or calls for nothing, as far as its names
 * can be followed inside the file. Where the parser lost its way, all that is known is that there is such a file.
 */
export function extractAwaits(file: PythonFile): AwaitFacts {
  if (file.tree.rootNode.hasError) return { dynamic: "all" };
  const reading = createReading(file);
  try {
    readBlock(reading, reading.module);
    if (/__all__\s*\./.test(file.text)) reading.all = null;
    return factsOf(reading);
  } finally {
    reading.cursor.delete();
  }
}

function factsOf(reading: Reading): AwaitFacts {
  const { module, stars, replaced, fields, all, dynamic } = reading;
  const exports = namesOf(reading, module);
  const defs = reading.defs.map((draft): DefinitionFacts => {
    const { kind, line, scope } = draft;
    if (kind !== "s") return [kind, line];
    const calls = returnedCalls(reading, scope);
    return calls.length === 0 ? [kind, line] : [kind, line, calls];
  });
  const classes = reading.classes.map((draft): ClassFacts => {
    const { name, scope, owner, bases, opaque, odd } = draft;
    return {
      name,
      bases: bases.map((base) => (base && referenceTo(reading, owner, { parts: base })) ?? "?"),
      members: namesOf(reading, scope),
      ...(opaque ? { opaque } : {}),
      ...(odd ? { odd } : {}),
    };
  });
  const scopes = createTable();
  const uses = reading.uses.flatMap((draft) => useOf(reading, draft, scopes, defs));
  const strays = reading.strays.map(({ scope, ...stray }) => ({ ...stray, scope: scopes.at(scope.path) }));
  return {
    ...filled("exports", exports),
    ...filled("defs", defs),
    ...filled("classes", classes),
    ...filled("stars", stars),
    ...(all === undefined ? {} : { all }),
    ...filled("uses", uses),
    ...filled("strays", strays),
    ...filled("scopes", scopes.list),
    ...filled("replaced", [...replaced]),
    ...filled("fields", [...fields]),
    ...(dynamic === undefined ? {} : { dynamic }),
  };
}

const filled = <K extends string, T>(key: K, list: readonly T[]): { [P in K]?: readonly T[] } =>
  (list.length === 0 ? {} : { [key]: list }) as { [P in K]?: readonly T[] };

/** What a module or a class binds; what is bound twice may be either. */
function namesOf(reading: Reading, scope: Scope): readonly Named[] {
  return [...scope.names].map(([name, bindings]): Named => {
    const found = defined(reading, bindings).map((binding: Binding) => bindingReference(binding) ?? "?");
    return [name, found.includes("?") ? "?" : [...new Set(found)].join("|")];
  });
}

/** Leaves out what the file alone shows to be well. */
function useOf(
  reading: Reading,
  draft: UseDraft,
  scopes: Table,
  defs: readonly DefinitionFacts[],
): readonly UseFacts[] {
  const { kind, callee, scope, inAsync, assigned, ...rest } = draft;
  const target = referenceTo(reading, scope, callee);
  if (target === undefined || !mayBeWrong(reading, defs, kind, target)) return [];
  const written = callee.method === undefined ? callee.parts : [`${callee.parts.join(".")}()`, callee.method];
  return [
    {
      kind,
      target,
      callee: written.join("."),
      scope: scopes.at(scope.path),
      ...rest,
      ...(inAsync ? { inAsync } : {}),
      ...(assigned === undefined ? {} : { assigned }),
    },
  ];
}

interface Table {
  readonly list: readonly string[];
  readonly at: (text: string) => number;
}

function createTable(): Table {
  const places = new Map<string, number>();
  const list: string[] = [];
  return {
    list,
    at(text) {
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, list.length);
      return list.push(text) - 1;
    },
  };
}
