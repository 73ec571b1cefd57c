import { type Client, Query, type QueryConfig } from "pg";
import { CauseError } from "../errors.ts";

export type PostgresRow = Readonly<Record<string, unknown>>;

/** More rows than anybody asks for here: a table read whole would fill the memory before its time is up. */
const MOST_ROWS = 5000;

/**
 * The rows of one statement. It is prepared: sent as plain text it could be several, and end the transaction.
 *
 * @throws {CauseError} `ANSWER_TOO_LARGE`, after which the connection is of no use: more rows are on their way.
 */
export function readRows(
  client: Client,
  text: string,
  values: readonly unknown[],
): Promise<readonly PostgresRow[]> {
  const config: QueryConfig & { queryMode: "extended" } = {
    text,
    values: [...values],
    queryMode: "extended",
  };
  const { promise, resolve, reject } = Promise.withResolvers<readonly PostgresRow[]>();
  const rows: PostgresRow[] = [];
  const query = new Query<PostgresRow>(config);
  query.on("row", (row) => {
    if (rows.length < MOST_ROWS) rows.push(row);
    else reject(new CauseError("ANSWER_TOO_LARGE", `expected at most ${MOST_ROWS} rows, found more`));
  });
  query.on("end", () => resolve(rows));
  query.on("error", reject);
  client.query(query);
  return promise;
}
