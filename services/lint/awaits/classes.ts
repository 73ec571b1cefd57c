import type { ClassFacts } from "./facts.ts";
import { all, type Resolver, type Target, type Targets } from "./resolve.ts";
import { KNOWN_CLASSES } from "./standard.ts";

type ClassTarget = Target & { kind: "class" };

export interface Classes {
  /** A method of exactly this class, or of its bases. */
  readonly exact: (owner: ClassTarget, name: string) => Targets;
  /** A method of an instance of this class or of any class of the tree that is made from it. */
  readonly virtual: (owner: ClassTarget, name: string) => Targets;
  /** Its instances are certain to be no more than they say, and cannot be awaited. */
  readonly isPlain: (owner: ClassTarget) => boolean;
}

/** A class of the tree, or one that is known from outside. */
type Ancestor = ClassTarget | { readonly kind: "known"; readonly name: string };

export function createClasses(resolver: Resolver, files: readonly string[]): Classes {
  const orders = new Map<string, readonly Ancestor[] | undefined>();
  const keyOf = (one: Ancestor): string => (one.kind === "known" ? one.name : `${one.file}\0${one.index}`);
  const factsOf = ({ file, index }: ClassTarget): ClassFacts | undefined =>
    resolver.facts(file)?.classes?.[index];

  /** Python's method resolution order; undefined when it cannot be known. */
  function order(owner: ClassTarget): readonly Ancestor[] | undefined {
    const key = keyOf(owner);
    if (orders.has(key)) return orders.get(key);
    orders.set(key, undefined);
    const made = linearize(owner);
    orders.set(key, made);
    return made;
  }

  function linearize(owner: ClassTarget): readonly Ancestor[] | undefined {
    const facts = factsOf(owner);
    const dynamic = resolver.facts(owner.file)?.dynamic;
    if (
      facts === undefined ||
      facts.opaque === true ||
      dynamic !== undefined ||
      resolver.replaced.has(facts.name)
    )
      return undefined;
    const bases: Ancestor[] = [];
    const lists: Ancestor[][] = [];
    for (const base of basesOf(owner, facts)) {
      if (base === undefined) return undefined;
      const above = base.kind === "known" ? [base] : order(base);
      if (above === undefined) return undefined;
      bases.push(base);
      lists.push([...above]);
    }
    const merged = merge([...lists, bases], keyOf);
    return merged === undefined ? undefined : [owner, ...merged];
  }

  function basesOf(owner: ClassTarget, facts: ClassFacts): readonly (Ancestor | undefined)[] {
    return facts.bases.map((reference) => {
      const found = resolver.resolve(owner.file, reference, exact);
      const [base, another] = Array.isArray(found) ? (found as readonly Target[]) : [];
      if (base === undefined || another !== undefined) return undefined;
      if (base.kind === "class") return base;
      return base.kind === "outside" && KNOWN_CLASSES.has(base.name)
        ? { kind: "known", name: base.name }
        : undefined;
    });
  }

  const cannotFind = (name: string): boolean => resolver.replaced.has(name) || resolver.fields.has(name);

  function exact(owner: ClassTarget, name: string): Targets {
    const ancestors = cannotFind(name) ? undefined : order(owner);
    if (ancestors === undefined) return undefined;
    for (const one of ancestors) {
      if (one.kind === "known") {
        if (KNOWN_CLASSES.get(one.name) === "full") return undefined;
        continue;
      }
      const reference = factsOf(one)?.members.find(([member]) => member === name)?.[1];
      if (reference !== undefined) return resolver.resolve(one.file, reference, exact);
    }
    return undefined;
  }

  let below:
    | { readonly of: ReadonlyMap<string, readonly ClassTarget[]>; readonly unsure: ReadonlySet<string> }
    | undefined;

  const named = new Set<string>();
  /** A class from outside may be one of the tree, installed under another name. */
  const isNamesake = (base: Target): boolean =>
    base.kind === "outside" && !KNOWN_CLASSES.has(base.name) && named.has(base.name.split(".").at(-1) ?? "");

  /** Which classes are made from which, and what those define whose bases are not known. */
  function descent(): NonNullable<typeof below> {
    if (below !== undefined) return below;
    const of = new Map<string, ClassTarget[]>();
    const unsure = new Set<string>();
    for (const file of files) for (const { name } of resolver.facts(file)?.classes ?? []) named.add(name);
    for (const file of files) {
      for (const [index, facts] of (resolver.facts(file)?.classes ?? []).entries()) {
        const one: ClassTarget = { kind: "class", file, index };
        for (const reference of facts.bases) {
          const found = resolver.resolve(file, reference, exact);
          const bases = found === undefined || found === "missing" ? [] : found;
          for (const base of bases)
            if (base.kind === "class") of.set(keyOf(base), [...(of.get(keyOf(base)) ?? []), one]);
          if (bases.length === 0 || bases.some(isNamesake))
            for (const [name] of facts.members) unsure.add(name);
        }
      }
    }
    below = { of, unsure };
    return below;
  }

  function virtual(owner: ClassTarget, name: string): Targets {
    const { of, unsure } = descent();
    const ancestors = order(owner);
    if (ancestors === undefined || unsure.has(name) || ancestors.some(isProtocol)) return undefined;
    const seen = new Set<string>();
    const found: Targets[] = [];
    const open: ClassTarget[] = [owner];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (seen.has(keyOf(one))) continue;
      seen.add(keyOf(one));
      const target = exact(one, name);
      if (target === undefined) return undefined;
      found.push(target);
      open.push(...(of.get(keyOf(one)) ?? []));
    }
    return all(found);
  }

  return {
    exact,
    virtual,
    isPlain: (owner) =>
      !resolver.replaced.has("__await__") &&
      !resolver.replaced.has("__new__") &&
      order(owner)?.every((one) => one.kind === "known" || factsOf(one)?.odd !== true) === true,
  };
}

const isProtocol = (one: Ancestor): boolean =>
  one.kind === "known" && KNOWN_CLASSES.get(one.name) === "protocol";

/** The C3 merge; undefined when there is no such order, which Python refuses too. */
function merge<T>(lists: T[][], keyOf: (one: T) => string): T[] | undefined {
  const merged: T[] = [];
  let open = lists.filter((list) => list.length > 0);
  while (open.length > 0) {
    const tails = new Set(open.flatMap((list) => list.slice(1).map(keyOf)));
    const next = open.find(([head]) => head !== undefined && !tails.has(keyOf(head)))?.[0];
    if (next === undefined) return undefined;
    merged.push(next);
    const key = keyOf(next);
    open = open
      .map((list) => (list[0] !== undefined && keyOf(list[0]) === key ? list.slice(1) : list))
      .filter((list) => list.length > 0);
  }
  return merged;
}
