/** Names under `/health/`: each belongs to one dependency or one group. */
import type { Parsed } from "./schema.ts";
import { type ResolveInput, faultAt } from "./input.ts";
import { describeFound, describeKey } from "./redact.ts";
import { notConfigured } from "./not-configured.ts";
import { DATABASES, URL_VARIABLES } from "./variables.ts";

const KINDS = Object.keys(URL_VARIABLES);
const STORES: ReadonlySet<string> = new Set(DATABASES);
/** The routes of this service itself. */
const OWN: ReadonlySet<string> = new Set(["live", "ready", "startup"]);

/** The default group needs no saying, and its name is taken all the same. */
const DEFAULT_GROUP = "database";

/** Reports targets whose name something else has. */
export function checkNames({ dependencies, groups }: Parsed, input: ResolveInput): void {
  const seen = new Set<string>();
  for (const list of ["http", "tcp"] as const) {
    for (const [index, { name }] of dependencies[list].entries()) {
      if (name === undefined) continue;
      const path = `dependencies.${list}.${index}.name`;
      const owner = ownerOf(name, { seen, groups: [DEFAULT_GROUP, ...Object.keys(groups)] });
      const found = describeFound(name, input.hidden.has(path));
      if (owner)
        faultAt(input, path, { expected: "a name that nothing else has", found: `${found}, ${owner}` });
      seen.add(name);
    }
  }
}

function ownerOf(
  name: string,
  taken: { seen: ReadonlySet<string>; groups: readonly string[] },
): string | undefined {
  if (taken.seen.has(name)) return "the name of another target";
  if (KINDS.includes(name)) return "the name of a dependency of that kind";
  if (OWN.has(name)) return "a route of this service";
  return taken.groups.includes(name) ? "the name of a group" : undefined;
}

/** The groups; `database` holds the databases that are configured unless the file says otherwise. */
export function resolveGroups(
  given: Parsed["groups"],
  present: readonly string[],
  input: ResolveInput,
): Readonly<Record<string, readonly string[]>> {
  for (const [name, members] of Object.entries(given)) {
    const path = `groups.${name}`;
    const fault = (at: string, expected: string, found: string, suggestion?: string) =>
      input.report({
        code: "CONFIG_INVALID_VALUE",
        where: input.place(at),
        path: "groups",
        expected,
        found,
        ...(suggestion && { suggestion }),
      });
    if (!/^[a-z][a-z\d-]{0,39}$/.test(name)) {
      fault(path, "a name of lower-case letters, digits and `-`", describeKey(name));
    } else if (KINDS.includes(name) || OWN.has(name)) {
      fault(path, "a name that `/health/{name}` does not use already", describeKey(name));
    }
    for (const [index, member] of members.entries()) {
      if (present.includes(member)) continue;
      const hidden = input.hidden.has(`${path}.${index}`);
      const { expected, found, suggestion } = notConfigured(member, { present, hidden });
      fault(`${path}.${index}`, expected, found, suggestion);
    }
  }
  const stores = present.filter((name) => STORES.has(name));
  return { ...(stores.length > 0 && { [DEFAULT_GROUP]: stores }), ...given };
}
