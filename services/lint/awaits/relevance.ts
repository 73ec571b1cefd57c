import type { DefinitionFacts, DefinitionKind, Reference, UseFacts } from "./facts.ts";
import type { Reading } from "./reading.ts";
import { bindingReference, defined } from "./references.ts";
import { KNOWN_FUNCTIONS, STANDARD_MODULES } from "./standard.ts";

type Kind = UseFacts["kind"];

/** What a use has to lead to, to be told. */
const WRONG: Readonly<Record<Kind, readonly DefinitionKind[]>> = { await: ["s", "g"], call: ["c", "g"] };

/**
 * Whether the rest of the tree can make a fault of a use. Most calls of a test suite (`self.assertEqual`, `os.remove`)
 * are settled here, and never kept.
 */
export function mayBeWrong(
  reading: Reading,
  defs: readonly DefinitionFacts[],
  kind: Kind,
  target: Reference,
): boolean {
  if (target.includes("|")) return target.split("|").every((one) => mayBeWrong(reading, defs, kind, one));
  const rest = target.slice(1);
  switch (target[0]) {
    case "b":
      return isKnown(kind, `builtins.${rest}`);
    case "d":
      return WRONG[kind].includes(defs[Number(rest)]?.[0] ?? "?");
    case "m":
      return isImportTelling(kind, rest);
    case "k": {
      const [index = "", method] = rest.split(".");
      return method === undefined ? kind === "await" : mayHave(reading, Number(index), method);
    }
    case "g":
      return isGlobalTelling(reading, defs, kind, rest.split("."));
    default: {
      const [made = "", method = ""] = rest.split("#");
      return mayMake(reading, made, method);
    }
  }
}

const isKnown = (kind: Kind, name: string): boolean => WRONG[kind].includes(KNOWN_FUNCTIONS.get(name) ?? "?");

/** @param target `module:path` */
function isImportTelling(kind: Kind, target: string): boolean {
  const [module = "", path = ""] = target.split(":");
  return !STANDARD_MODULES.has(module.split(".", 1)[0] ?? "") || isKnown(kind, `${module}.${path}`);
}

function isGlobalTelling(
  reading: Reading,
  defs: readonly DefinitionFacts[],
  kind: Kind,
  [root = "", ...path]: readonly string[],
): boolean {
  if (reading.stars.length > 0) return true;
  const bindings = defined(reading, reading.module.names.get(root) ?? []);
  return bindings.every((binding) => {
    const reference = bindingReference(binding, path);
    return reference !== undefined && mayBeWrong(reading, defs, kind, reference);
  });
}

/** Whether `made` may be a class that has such a method. */
function mayMake(reading: Reading, made: Reference, method: string): boolean {
  const rest = made.slice(1);
  if (made.startsWith("k")) return !rest.includes(".") && mayHave(reading, Number(rest), method);
  if (made.startsWith("m")) return isImportTelling("call", rest);
  if (!made.startsWith("g") || reading.stars.length > 0) return made.startsWith("g");
  const [root = "", ...path] = rest.split(".");
  return (reading.module.names.get(root) ?? []).every((binding) => {
    const reference = bindingReference(binding, path);
    return reference !== undefined && !reference.startsWith("d") && mayMake(reading, reference, method);
  });
}

/** Whether class `index`, or what it may inherit from, has such a method; no if nothing can be known of the class. */
function mayHave(reading: Reading, index: number, method: string, seen: readonly number[] = []): boolean {
  const draft = reading.classes[index];
  if (draft === undefined || draft.opaque || seen.includes(index)) return false;
  const own = draft.scope.names.get(method);
  if (own !== undefined)
    return defined(reading, own).every((binding) => bindingReference(binding) !== undefined);
  return draft.bases.some((base) => {
    const [root = "", ...path] = base ?? [];
    const bindings = draft.owner.names.get(root) ?? reading.module.names.get(root);
    if (bindings === undefined) return reading.stars.length > 0;
    return bindings.some((binding) => {
      if (binding.kind === "class" && path.length === 0)
        return mayHave(reading, binding.index, method, [...seen, index]);
      const reference = bindingReference(binding, path);
      return reference?.startsWith("m") === true && isImportTelling("call", reference.slice(1));
    });
  });
}
