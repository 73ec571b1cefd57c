import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { ChdbResult } from "chdb";
import { authenticate, type ClickHouseUser } from "./authentication.ts";
import type { Engine } from "./engine.ts";
import { toFailure } from "./failure.ts";
import { type Grants, parseGrant } from "./grants.ts";
import { needsOf } from "./needs.ts";
import { sendFailure, sendResult, sendText } from "./reply.ts";
import { type QueryRequest, readQuery } from "./request.ts";

/** What a request is answered from. */
export interface HandlerOptions {
  engine: Engine;
  users: readonly ClickHouseUser[];
  grants: Grants;
  /** Called once for every query that a client sent, whatever became of it. */
  onQuery: () => void;
}

/** The HTTP interface of ClickHouse: `/ping`, `/replicas_status` and queries on `/`. */
export function createHandler(options: HandlerOptions): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "http://sandbox");
    const isPlainGet = request.method === "GET" && !url.searchParams.has("query");
    if (
      url.pathname === "/ping" ||
      url.pathname === "/replicas_status" ||
      (url.pathname === "/" && isPlainGet)
    ) {
      sendText(response, 200, "Ok.\n");
    } else if (url.pathname === "/") {
      void answer(options, request, response, url);
    } else {
      sendText(response, 404, `There is no handle ${url.pathname}\n\nUse / or /ping for health checks.\n`);
    }
  };
}

async function answer(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  let queryId = url.searchParams.get("query_id") ?? randomUUID();
  options.onQuery();
  try {
    const user = authenticate(request, url, options.users);
    const query = await readQuery(request, url);
    queryId = query.queryId ?? queryId;
    await sendResult(response, query, queryId, await execute(options, user, query));
  } catch (error) {
    if (!response.headersSent) {
      sendFailure(response, queryId, toFailure(error), options.engine.version);
    }
  }
}

async function execute(
  options: HandlerOptions,
  user: ClickHouseUser,
  query: QueryRequest,
): Promise<ChdbResult> {
  const { engine, grants } = options;
  const { sql, format, database, parameters, session } = query;
  const bare = { format, database, parameters, settings: {} };
  const grant = parseGrant(sql);
  if (grant !== undefined) {
    grants.require(user.name, [{ privilege: "ALL", database: "*", table: "*" }]);
    grants.apply(grant);
    return engine.run({ ...bare, sql: "SELECT 1 WHERE 0" });
  }
  if (/^\s*SHOW\s+GRANTS\s*(FORMAT\s+\w+)?\s*;?\s*$/i.test(sql)) {
    const rows = grants.show(user.name).map((row) => `'${row.replaceAll("'", "\\'")}'`);
    const suffix = /FORMAT\s+\w+/i.exec(sql)?.[0] ?? "";
    return engine.run({
      ...bare,
      sql: `SELECT arrayJoin([${rows.join()}]::Array(String)) AS "GRANTS" ${suffix}`,
    });
  }
  const explain = async (select: string): Promise<string | undefined> => {
    const tree = { ...bare, sql: `EXPLAIN QUERY TREE ${select}`, format: "TabSeparatedRaw" };
    // A SELECT that the engine cannot explain it cannot run either: its own error says why.
    return engine.run(tree).then(
      (result) => result.text(),
      () => undefined,
    );
  };
  grants.require(user.name, await needsOf(sql, database ?? "default", explain));
  const readonly = query.method === "GET" ? { readonly: "2" } : {};
  const settings = { ...readonly, ...query.settings, ...user.settings };
  try {
    return await engine.run({ sql, format, database, parameters, settings, session });
  } catch (error) {
    throw withName(user.name, error);
  }
}

/** The engine names its only user in its refusals; the client knows himself by another name. */
function withName(user: string, error: unknown): Error {
  const failure = toFailure(error);
  failure.message = failure.message.replace(/^default(?=: Cannot execute query)/, () => user);
  return failure;
}
