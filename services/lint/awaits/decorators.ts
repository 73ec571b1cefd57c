import { ownerOf, type Scope } from "./scopes.ts";
import { dotted } from "./text.ts";

/**
 * What a decorator leaves of what is called: the same function, one that returns something plain, something else that
 * still hands the function its `self` (`value`), or unknown.
 */
export type DecoratorEffect =
  | "same"
  | "static"
  | "class"
  | "plain"
  | "abstract"
  | "overload"
  | "value"
  | "unknown";

const EFFECTS: Readonly<Record<string, DecoratorEffect>> = {
  "functools.wraps": "same",
  "typing.final": "same",
  "typing.override": "same",
  "typing.no_type_check": "same",
  "typing.runtime_checkable": "same",
  "typing.overload": "overload",
  "typing_extensions.final": "same",
  "typing_extensions.override": "same",
  "typing_extensions.runtime_checkable": "same",
  "typing_extensions.overload": "overload",
  "abc.abstractmethod": "abstract",
  "contextlib.contextmanager": "plain",
  "contextlib.asynccontextmanager": "value",
  "functools.cached_property": "value",
  "pytest.fixture": "value",
  "pytest_asyncio.fixture": "value",
  "dataclasses.dataclass": "same",
  "functools.total_ordering": "same",
  "enum.unique": "same",
  "unittest.skip": "same",
  "unittest.skipIf": "same",
  "unittest.skipUnless": "same",
  "unittest.expectedFailure": "same",
};

const BUILTIN: Readonly<Record<string, DecoratorEffect>> = {
  staticmethod: "static",
  classmethod: "class",
  property: "value",
};

/** @param decorator As written, with its `@`. */
export function decoratorEffect(decorator: string, scope: Scope): DecoratorEffect {
  const parts = dotted((decorator.slice(1).split("(", 1)[0] ?? "").trim());
  const [root = "", ...path] = parts ?? [];
  const bindings = ownerOf(scope, root)?.names.get(root);
  if (bindings === undefined) return path.length === 0 ? (BUILTIN[root] ?? "unknown") : "unknown";
  const [binding] = bindings;
  if (binding?.kind !== "import" || bindings.length > 1) return "unknown";
  const full = [binding.module, ...(binding.name === undefined ? [] : [binding.name]), ...path].join(".");
  if (full.startsWith("pytest.mark.")) return "same";
  return Object.hasOwn(EFFECTS, full) ? (EFFECTS[full] ?? "unknown") : "unknown";
}
