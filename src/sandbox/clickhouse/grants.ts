import { ClickHouseFailure } from "./failure.ts";

/** A right that a statement needs. */
export interface Need {
  privilege: string;
  database: string;
  /** `*` for the database as a whole. */
  table: string;
  /** Columns, for the text of the refusal. */
  columns?: readonly string[];
}

/** `GRANT … TO …` or `REVOKE … FROM …`, understood. */
export interface GrantStatement {
  effect: "allow" | "deny";
  rights: readonly Right[];
  user: string;
}

/** The rights of all users, as they are now. */
export interface Grants {
  /** Throws `ClickHouseFailure` 497 when `user` lacks one of these. */
  require(user: string, needs: readonly Need[]): void;
  apply(statement: GrantStatement): void;
  /** What SHOW GRANTS answers. */
  show(user: string): string[];
}

interface Right {
  privilege: string;
  database: string;
  table: string;
}

interface Rule extends Right {
  effect: "allow" | "deny";
}

/** Tables of `system` that everybody may read, whatever was granted. */
const open = new Set(["one", "numbers", "functions", "databases", "tables", "columns", "settings"]);
const identifier = '(?:`[^`]+`|"[^"]+"|[\\w*]+)';
const object = `(${identifier})\\.(${identifier})`;
const statement = new RegExp(
  `^\\s*(GRANT|REVOKE)\\s+([\\w ,]+?)\\s+ON\\s+${object}\\s+(?:TO|FROM)\\s+(${identifier})\\s*;?\\s*$`,
  "i",
);

/** Understands a GRANT or REVOKE on tables; undefined for any other statement. */
export function parseGrant(sql: string): GrantStatement | undefined {
  const [, verb, privileges, database, table, user] = statement.exec(sql) ?? [];
  if (!verb || !privileges || !database || !table || !user) {
    return undefined;
  }
  const rights = privileges.split(",").map((privilege) => ({
    privilege: privilege.trim().toUpperCase().replace(/\s+/g, " ").replace("ALL PRIVILEGES", "ALL"),
    database: unquote(database),
    table: unquote(table),
  }));
  return { effect: verb.toUpperCase() === "GRANT" ? "allow" : "deny", rights, user: unquote(user) };
}

/** Keeps rights in memory. The last rule that matches decides, so a REVOKE may take a part of a GRANT. */
export function createGrants(users: Iterable<{ name: string; grants: readonly string[] }>): Grants {
  const rules = new Map<string, Rule[]>();

  function apply({ effect, rights, user }: GrantStatement): void {
    const known = rules.get(user);
    if (known === undefined) {
      const text = `There is no role \`${user}\` in \`user directories\`.`;
      throw new ClickHouseFailure(511, "UNKNOWN_ROLE", text);
    }
    known.push(...rights.map((right) => ({ ...right, effect })));
  }

  for (const { name, grants } of users) {
    rules.set(name, []);
    for (const grant of grants) {
      const parsed = parseGrant(`GRANT ${grant} TO \`${name}\``);
      if (parsed === undefined) {
        throw new TypeError(`A grant reads like "SELECT ON app.*", not "${grant}".`);
      }
      apply(parsed);
    }
  }

  return {
    apply,
    require(user, needs) {
      const missing = needs.find((need) => !allows(rules.get(user) ?? [], need));
      if (missing !== undefined) {
        const text = `${user}: Not enough privileges. To execute this query, it's necessary to have the grant ${describe(missing)}.`;
        throw new ClickHouseFailure(497, "ACCESS_DENIED", text);
      }
    },
    show: (user) =>
      (rules.get(user) ?? []).map(
        ({ effect, privilege, database, table }) =>
          `${effect === "allow" ? "GRANT" : "REVOKE"} ${privilege} ON ${database}.${table} ${effect === "allow" ? "TO" : "FROM"} ${user}`,
      ),
  };
}

/** Takes the quotes off an identifier. */
export function unquote(name: string): string {
  return name.replace(/^[`"]|[`"]$/g, "");
}

function allows(rules: readonly Rule[], need: Need): boolean {
  if (need.privilege === "SELECT" && need.database === "system" && open.has(need.table)) {
    return true;
  }
  const last = rules.findLast(
    (rule) =>
      ["ALL", need.privilege, need.privilege.split(" ")[0]].includes(rule.privilege) &&
      ["*", need.database].includes(rule.database) &&
      ["*", need.table].includes(rule.table),
  );
  return last?.effect === "allow";
}

function describe({ privilege, database, table, columns }: Need): string {
  const name = `${database}.${table}`;
  if (columns === undefined) {
    return `${privilege} ON ${name}`;
  }
  return columns.length === 0
    ? `${privilege} for at least one column on ${name}`
    : `${privilege}(${columns.join(", ")}) ON ${name}`;
}
