import type { AwaitFacts, Reference } from "./facts.ts";
import { createModules, type ModulePath, type Modules } from "./modules.ts";

/** Where a reference leads in the end. */
export type Target =
  | { readonly kind: "def"; readonly file: string; readonly index: number }
  | { readonly kind: "class"; readonly file: string; readonly index: number }
  | { readonly kind: "module"; readonly path: ModulePath }
  /** Not in this tree: `asyncio.sleep`, `builtins.print`. */
  | { readonly kind: "outside"; readonly name: string };

/** All it may be. `undefined`: it may be something else too. `missing`: nothing has that name there. */
export type Targets = readonly Target[] | undefined | "missing";

export type FindMethod = (owner: Target & { kind: "class" }, name: string) => Targets;

export interface Resolver {
  readonly modules: Modules;
  readonly facts: (file: string) => AwaitFacts | undefined;
  /** Names that something in the tree may give another value from outside. */
  readonly replaced: ReadonlySet<string>;
  /** Names of attributes that something sets on its `self`. */
  readonly fields: ReadonlySet<string>;
  /** What a reference other than `=` and `~` leads to. */
  readonly resolve: (file: string, reference: Reference, method: FindMethod) => Targets;
}

export interface ResolverOptions {
  readonly files: ReadonlyMap<string, AwaitFacts>;
  readonly unread?: readonly string[];
  readonly roots?: readonly string[];
  readonly standard?: ReadonlySet<string>;
}

export function createResolver(options: ResolverOptions): Resolver {
  const { files, unread = [], roots = [], standard } = options;
  const modules = createModules({
    files: [...files.keys(), ...unread],
    roots,
    ...(standard === undefined ? {} : { standard }),
  });
  const replaced = new Set<string>();
  const fields = new Set<string>();
  for (const facts of files.values()) {
    for (const name of facts.replaced ?? []) replaced.add(name);
    for (const name of facts.fields ?? []) fields.add(name);
  }
  const names = new Map<string, ReadonlyMap<string, Reference>>();
  const known = new Map<string, Targets>();

  function namesIn(file: string): ReadonlyMap<string, Reference> {
    const before = names.get(file);
    if (before !== undefined) return before;
    const made = new Map(files.get(file)?.exports ?? []);
    names.set(file, made);
    return made;
  }

  function resolve(file: string, reference: Reference, method: FindMethod): Targets {
    if (reference.includes("|")) return all(reference.split("|").map((one) => resolve(file, one, method)));
    const rest = reference.slice(1);
    if (reference.startsWith("d")) return [{ kind: "def", file, index: Number(rest) }];
    if (reference.startsWith("b"))
      return replaced.has(rest) ? undefined : [{ kind: "outside", name: `builtins.${rest}` }];
    if (reference.startsWith("k")) {
      const [index = "", ...path] = rest.split(".");
      return follow([{ kind: "class", file, index: Number(index) }], path, method);
    }
    if (reference.startsWith("g")) {
      const [name = "", ...path] = rest.split(".");
      return follow(bound(file, name, method), path, method);
    }
    if (!reference.startsWith("m")) return undefined;
    const [module = "", path = ""] = rest.split(":");
    return ofModule(file, module, path === "" ? [] : path.split("."), method);
  }

  function ofModule(file: string, module: string, path: readonly string[], method: FindMethod): Targets {
    if (replaced.has(module.slice(module.lastIndexOf(".") + 1))) return undefined;
    const found = modules.find(file, module);
    if (found === "unsure") return undefined;
    if (found === "outside") {
      if (path.some((name) => replaced.has(name))) return undefined;
      return [{ kind: "outside", name: [module, ...path].join(".") }];
    }
    const targets = found.map(({ path: start, likely }) => {
      const end = follow([{ kind: "module", path: start }], path, method);
      return end === "missing" && likely ? undefined : end;
    });
    return all(targets.filter((target) => target !== "missing"));
  }

  function follow(from: Targets, path: readonly string[], method: FindMethod): Targets {
    let at = from;
    for (const name of path) {
      if (at === undefined || at === "missing") return at;
      at = all(at.map((target) => step(target, name, method)));
    }
    return at;
  }

  function step(target: Target, name: string, method: FindMethod): Targets {
    if (replaced.has(name) || target.kind === "def") return undefined;
    if (target.kind === "outside") return [{ kind: "outside", name: `${target.name}.${name}` }];
    if (target.kind === "class") return method(target, name);
    const file = modules.file(target.path);
    const child = modules.child(target.path, name);
    const below = child === undefined ? "missing" : ([{ kind: "module", path: child }] as const);
    if (file === undefined) return below;
    const own = bound(file, name, method);
    if (own === "missing" || child === undefined) return own === "missing" ? below : own;
    // Whether the package's name or its module came last is not known, unless the name is taken from that very module.
    return namesIn(file).get(name)?.startsWith(`m.${name}:`) === true ? own : undefined;
  }

  /** What a module binds `name` to, by itself or with its star imports. */
  function bound(file: string, name: string, method: FindMethod): Targets {
    const facts = files.get(file);
    if (facts === undefined || facts.dynamic === "all" || replaced.has(name)) return undefined;
    const key = `${file}\0${name}`;
    if (known.has(key)) return known.get(key);
    // A circle of imports leads nowhere.
    known.set(key, undefined);
    const own = namesIn(file).get(name);
    const found: Targets[] = own === undefined ? [] : [resolve(file, own, method)];
    // It is asked for whatever is not there.
    if (own === undefined && namesIn(file).has("__getattr__")) return undefined;
    for (const module of facts.stars ?? []) found.push(starred(file, module, name, method));
    const present = found.filter((one) => one !== "missing");
    const result = present.length === 0 ? "missing" : all(present);
    known.set(key, result);
    return result;
  }

  function starred(file: string, module: string, name: string, method: FindMethod): Targets {
    const found = modules.find(file, module);
    if (typeof found === "string") return undefined;
    const targets = found.map(({ path }): Targets => {
      const from = modules.file(path);
      const facts = from === undefined ? undefined : files.get(from);
      if (from === undefined || facts === undefined || facts.all === null) return undefined;
      const isPublic = facts.all === undefined ? !name.startsWith("_") : facts.all.includes(name);
      return isPublic ? bound(from, name, method) : "missing";
    });
    const present = targets.filter((one) => one !== "missing");
    return present.length === 0 ? "missing" : all(present);
  }

  return { modules, facts: (file) => files.get(file), replaced, fields, resolve };
}

/** All of them together; nothing is known when one is not. */
export function all(found: readonly Targets[]): Targets {
  const targets: Target[] = [];
  for (const one of found) {
    if (one === undefined) return undefined;
    if (one === "missing") return "missing";
    targets.push(...one);
  }
  return targets.length === 0 ? "missing" : targets;
}
