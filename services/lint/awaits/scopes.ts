import type { Node } from "web-tree-sitter";

/** What gives a name its value. `other` is anything that is not looked into. */
export type Binding =
  | { readonly kind: "def"; readonly def: number }
  | { readonly kind: "class"; readonly index: number }
  | { readonly kind: "import"; readonly module: string; readonly name?: string }
  | { readonly kind: "value"; readonly node: Node }
  | { readonly kind: "parameter"; readonly annotation?: string }
  /** `self` or `cls` of a method of this class. */
  | { readonly kind: "receiver"; readonly index: number }
  | { readonly kind: "other" };

export interface Scope {
  readonly kind: "module" | "class" | "function";
  readonly parent?: Scope;
  readonly names: Map<string, Binding[]>;
  /** Dotted, "" at the top level. */
  readonly path: string;
  readonly isAsync: boolean;
  /** Of a function: its return statements, and whether it yields. */
  readonly returns: Node[];
  yields: boolean;
  /** Of a function: it does more than say what it is for, pass or raise. */
  real: boolean;
  /** It has a `raise` statement. */
  raises: boolean;
}

export interface ScopeOptions {
  readonly kind: Scope["kind"];
  readonly parent?: Scope;
  readonly name?: string;
  readonly isAsync?: boolean;
}

export function createScope(options: ScopeOptions): Scope {
  const { kind, parent, name = "", isAsync = false } = options;
  const outer = parent?.path ?? "";
  return {
    kind,
    ...(parent === undefined ? {} : { parent }),
    names: new Map(),
    path: outer === "" ? name : `${outer}.${name}`,
    isAsync,
    returns: [],
    yields: false,
    real: false,
    raises: false,
  };
}

export function bind(scope: Scope, name: string, binding: Binding): void {
  const known = scope.names.get(name);
  if (known === undefined) scope.names.set(name, [binding]);
  else known.push(binding);
}

export const OTHER: Binding = { kind: "other" };

/**
 * The scope that a name belongs to when it is read in `scope`: as Python looks, past the classes around a function.
 * Undefined: nothing in the file binds it.
 */
export function ownerOf(scope: Scope, name: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.kind === "class" && at !== scope) continue;
    if (at.names.has(name)) return at;
  }
  return undefined;
}

export function moduleOf(scope: Scope): Scope {
  let at = scope;
  while (at.parent !== undefined) at = at.parent;
  return at;
}
