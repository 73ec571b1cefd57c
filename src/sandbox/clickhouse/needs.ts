// Which rights a statement needs. The engine in this process can neither store users nor impersonate one
// (EXECUTE AS is refused: nothing there reads access_control_improvements.allow_impersonate_user), so it cannot
// refuse by itself. But it can say which tables and columns a SELECT reads, which is what a refusal depends on.
import type { Need } from "./grants.ts";
import { unquote } from "./grants.ts";

/** Asks the engine for the text of EXPLAIN QUERY TREE; undefined when it refuses the statement. */
export type Explain = (select: string) => Promise<string | undefined>;

const name = '(?:`[^`]+`|"[^"]+"|\\w+)';
const insert = new RegExp(`^INSERT\\s+INTO\\s+(?:TABLE\\s+)?(?!FUNCTION\\b)(${name})(?:\\.(${name}))?`, "i");
const definition = new RegExp(
  `^(CREATE|DROP|TRUNCATE|ALTER|RENAME|DETACH|ATTACH|OPTIMIZE)\\s+(?:OR\\s+REPLACE\\s+)?(?:TEMPORARY\\s+)?` +
    `(TABLE|VIEW|DATABASE|DICTIONARY)\\s+(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?(${name})(?:\\.(${name}))?`,
  "i",
);
const administrative =
  /^(SYSTEM|KILL|BACKUP|RESTORE|CREATE|DROP|UNDROP|ALTER|RENAME|EXCHANGE|TRUNCATE|DETACH|ATTACH|OPTIMIZE|DELETE|UPDATE|MOVE|EXECUTE|GRANT|REVOKE)\b/i;

/** Lists the rights that `sql` needs when run in `database`. */
export async function needsOf(sql: string, database: string, explain: Explain): Promise<Need[]> {
  const text = withoutComments(sql);
  if (/^(SELECT|WITH|\()/i.test(text)) {
    return readsOf(text, explain);
  }
  const [inserted, first, second] = insert.exec(text) ?? [];
  if (inserted !== undefined && first !== undefined) {
    const source = /^[^]*?\b((?:SELECT|WITH)\b[^]*)$/i.exec(text.slice(inserted.length));
    const fromSelect = /\bVALUES\b|\bFORMAT\b/i.test(text.split(/\bSELECT\b/i)[0] ?? "")
      ? undefined
      : source?.[1];
    return [
      { privilege: "INSERT", ...tableOf(first, second, database) },
      ...(fromSelect === undefined ? [] : await readsOf(fromSelect, explain)),
    ];
  }
  const [, verb = "", kind = "", one, two] = definition.exec(text) ?? [];
  if (one !== undefined) {
    const target =
      kind.toUpperCase() === "DATABASE"
        ? { database: unquote(one), table: "*" }
        : tableOf(one, two, database);
    return [{ privilege: `${verb} ${kind}`.toUpperCase(), ...target }];
  }
  return administrative.test(text) ? [{ privilege: "SYSTEM", database: "*", table: "*" }] : [];
}

async function readsOf(select: string, explain: Explain): Promise<Need[]> {
  if (!/\bFROM\b/i.test(select)) {
    return [];
  }
  const tree = await explain(select.replace(/\bFORMAT\s+\w+\s*;?\s*$/i, "").replace(/;\s*$/, ""));
  const tables = [...(tree ?? "").matchAll(/\bTABLE id: (\d+).*?table_name: ([^\s.]+)\.([^\s,]+)/g)];
  return tables.map(([, id, database = "", table = ""]) => {
    const columns = [
      ...(tree ?? "").matchAll(/\bCOLUMN id: \d+.*?column_name: ([^,\n]+).*?source_id: (\d+)/g),
    ];
    const read = columns.filter(([, , source]) => source === id).map(([, column = ""]) => column);
    return { privilege: "SELECT", database, table, columns: [...new Set(read)] };
  });
}

function tableOf(
  first: string,
  second: string | undefined,
  database: string,
): { database: string; table: string } {
  return second === undefined
    ? { database, table: unquote(first) }
    : { database: unquote(first), table: unquote(second) };
}

function withoutComments(sql: string): string {
  return sql
    .replace(/\/\*[^]*?\*\//g, " ")
    .replace(/^\s*--.*$/gm, " ")
    .trim();
}
