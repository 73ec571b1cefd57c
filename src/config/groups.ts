import type { ConfigFault } from "./config.ts";
import type { Parsed } from "./schema.ts";
import { describeFound, describeKey } from "./redact.ts";
import { nearest } from "./suggest.ts";

/** In the order everything lists them. */
export const DEPENDENCY_KINDS = ["postgres", "clickhouse", "redis"] as const;

const KINDS: readonly string[] = DEPENDENCY_KINDS;
/** Names that `/health/{name}` answers otherwise. */
const TAKEN = new Set([...KINDS, "live", "ready", "startup"]);

interface GroupInput {
  /** The dependencies that are configured. */
  readonly present: readonly string[];
  readonly place: (path: string) => string;
  readonly report: (fault: ConfigFault) => void;
  /** Keys whose value is not to be shown. */
  readonly hidden: ReadonlySet<string>;
}

/** The groups, with `database` in any case. */
export function resolveGroups(given: Parsed["groups"], { present, place, report, hidden }: GroupInput) {
  for (const [name, members] of Object.entries(given)) {
    const path = `groups.${name}`;
    const fault = (where: string, expected: string, found: string, suggestion?: string) =>
      report({
        code: "CONFIG_INVALID_VALUE",
        where,
        path: "groups",
        expected,
        found,
        ...(suggestion && { suggestion }),
      });
    if (!/^[a-z][a-z\d-]{0,39}$/.test(name)) {
      fault(place(path), "a name of lower-case letters, digits and `-`", describeKey(name));
    } else if (TAKEN.has(name)) {
      fault(place(path), "a name that `/health/{name}` does not use already", describeKey(name));
    }
    for (const [index, member] of members.entries()) {
      if (present.includes(member)) continue;
      const known = KINDS.includes(member);
      const close = nearest(member, KINDS);
      const expected = `a configured dependency (${present.join(", ") || "there is none"})`;
      const found = known
        ? `\`${member}\`, which has no URL`
        : describeFound(member, hidden.has(`${path}.${index}`));
      const suggestion = !known && close ? `did you mean \`${close}\`?` : undefined;
      fault(place(`${path}.${index}`), expected, found, suggestion);
    }
  }
  return { database: present, ...given };
}
