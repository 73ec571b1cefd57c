import type { Reference } from "./facts.ts";
import { calleeOf } from "./callee.ts";
import type { Callee, Reading } from "./reading.ts";
import { type Binding, ownerOf, type Scope } from "./scopes.ts";
import { dotted } from "./text.ts";

/** Where a callee leads, as far as this file tells; undefined when it may be anything. */
export function referenceTo(reading: Reading, scope: Scope, callee: Callee): Reference | undefined {
  const { parts, method } = callee;
  const target = plainReference(reading, scope, parts);
  if (target !== undefined && method === undefined) return target;
  if (method !== undefined) return target === undefined ? undefined : receiverReference("=", target, method);
  return methodReference(reading, scope, parts);
}

/** What a binding is on its own; undefined for anything that is not a definition or an import. */
export function bindingReference(binding: Binding, path: readonly string[] = []): Reference | undefined {
  if (binding.kind === "def") return path.length === 0 ? `d${binding.def}` : undefined;
  if (binding.kind === "class") return [`k${binding.index}`, ...path].join(".");
  if (binding.kind !== "import") return undefined;
  return `m${binding.module}:${[...(binding.name === undefined ? [] : [binding.name]), ...path].join(".")}`;
}

function plainReference(reading: Reading, scope: Scope, parts: readonly string[]): Reference | undefined {
  const [root = "", ...path] = parts;
  const owner = ownerOf(scope, root);
  if (owner === undefined) {
    if (reading.stars.length > 0) return `g${parts.join(".")}`;
    return path.length === 0 ? `b${root}` : undefined;
  }
  const bindings = owner.names.get(root) ?? [];
  // What a class body calls its own is there only once its statement has run.
  if (owner.kind === "class") return undefined;
  if (owner.kind === "module") return bindings.some(isLocal) ? undefined : `g${parts.join(".")}`;
  const found = defined(reading, bindings).map((binding) => bindingReference(binding, path));
  return found.includes(undefined) ? undefined : [...new Set(found)].join("|");
}

const isLocal = ({ kind }: Binding): boolean => kind === "value" || kind === "other" || kind === "parameter";

/** Without the signatures that `@overload` leaves behind. */
export function defined({ defs }: Reading, bindings: readonly Binding[]): readonly Binding[] {
  const real = bindings.filter((binding) => binding.kind !== "def" || defs[binding.def]?.isOverload !== true);
  return real.length === 0 ? bindings : real;
}

/** `self.m`, `cls.m`, `client.m` of a local that is made once, or of a parameter with a plain annotation. */
function methodReference(reading: Reading, scope: Scope, parts: readonly string[]): Reference | undefined {
  const [root = "", method, ...more] = parts;
  if (method === undefined || more.length > 0) return undefined;
  const owner = ownerOf(scope, root);
  const [binding, another] = owner?.names.get(root) ?? [];
  if (owner?.kind !== "function" || binding === undefined || another !== undefined) return undefined;
  if (binding.kind === "receiver") return receiverReference("~", `k${binding.index}`, method);
  if (binding.kind === "parameter") {
    if (reading.hasMocks) return undefined;
    const annotation = dotted(binding.annotation ?? "");
    const made =
      annotation === undefined ? undefined : plainReference(reading, owner.parent ?? owner, annotation);
    return made === undefined ? undefined : receiverReference("~", made, method);
  }
  if (binding.kind !== "value" || binding.node.type !== "call") return undefined;
  const maker = calleeOf(binding.node, reading.file.text);
  const made =
    maker === undefined || maker.method !== undefined
      ? undefined
      : plainReference(reading, owner, maker.parts);
  return made === undefined ? undefined : receiverReference("=", made, method);
}

const receiverReference = (kind: "=" | "~", made: Reference, method: string): Reference | undefined =>
  made.startsWith("b") || made.includes("|") ? undefined : `${kind}${made}#${method}`;
