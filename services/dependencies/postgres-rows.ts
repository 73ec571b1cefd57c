import { type Client, Query, type QueryConfig } from "pg";
import { CauseError } from "../errors.ts";
import { codeOf } from "./classify.ts";

export type PostgresRow = Readonly<Record<string, unknown>>;

/** More rows than anybody asks for here: a table read whole would fill the memory before its time is up. */
const MOST_ROWS = 5000;

/** Prepared: sent as plain text it could be several statements, of which one ends the transaction. */
const oneStatement = (
  text: string,
  values: readonly unknown[],
): QueryConfig & { readonly queryMode: "extended" } => ({
  text,
  values: [...values],
  queryMode: "extended",
});

/**
 * All rows of one statement, as arrays of values.
 *
 * @throws {CauseError} `ASSERTION_INVALID` for a text of several statements, of which none was carried out.
 */
export async function readValues(
  client: Client,
  text: string,
  values: readonly unknown[],
): Promise<unknown[][]> {
  try {
    const config = { ...oneStatement(text, values), rowMode: "array" as const };
    return (await client.query<unknown[]>(config)).rows;
  } catch (error) {
    throw ifSeveral(error);
  }
}

/**
 * The rows of one statement.
 *
 * @throws {CauseError} `ANSWER_TOO_LARGE`, after which the connection is of no use: more rows are on their way;
 * `ASSERTION_INVALID` for a text of several statements, of which none was carried out.
 */
export function readRows(
  client: Client,
  text: string,
  values: readonly unknown[],
): Promise<readonly PostgresRow[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly PostgresRow[]>();
  const rows: PostgresRow[] = [];
  const query = new Query<PostgresRow>(oneStatement(text, values));
  query.on("row", (row) => {
    if (rows.length < MOST_ROWS) rows.push(row);
    else reject(new CauseError("ANSWER_TOO_LARGE", `expected at most ${MOST_ROWS} rows, found more`));
  });
  query.on("end", () => resolve(rows));
  query.on("error", (error: unknown) => reject(ifSeveral(error)));
  client.query(query);
  return promise;
}

/** The server's own sentence speaks of prepared statements, in its own language; its routine is the same in all. */
function ifSeveral(error: unknown): unknown {
  const { routine } = error as { routine?: unknown };
  if (codeOf(error) !== "42601" || routine !== "exec_parse_message") return error;
  return new CauseError(
    "ASSERTION_INVALID",
    "expected one statement, found several: none was carried out; have each asked by itself",
    { cause: error },
  );
}
