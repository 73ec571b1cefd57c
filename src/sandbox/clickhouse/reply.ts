import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ChdbResult } from "chdb";
import { type ClickHouseFailure, httpStatus } from "./failure.ts";
import type { QueryRequest } from "./request.ts";

const zip = promisify(gzip);
const displayName = "greenlight-sandbox";

/** Answers with a result, with the headers that the server sends. */
export async function sendResult(
  response: ServerResponse,
  query: QueryRequest,
  queryId: string,
  result: ChdbResult,
): Promise<void> {
  const format = /\bFORMAT\s+(\w+)\s*;?\s*$/i.exec(query.sql)?.[1] ?? query.format;
  const bytes = Buffer.from(result.bytes());
  commonHeaders(response, queryId);
  response.setHeader("Content-Type", contentType(format));
  response.setHeader("X-ClickHouse-Format", format);
  response.setHeader("X-ClickHouse-Timezone", "UTC");
  response.setHeader("X-ClickHouse-Summary", summaryOf(result, bytes.length));
  if (query.gzip) {
    response.setHeader("Content-Encoding", "gzip");
  }
  response.end(query.gzip ? await zip(bytes) : bytes);
}

/** Answers with an error as the server words it. */
export function sendFailure(
  response: ServerResponse,
  queryId: string,
  failure: ClickHouseFailure,
  version: string,
): void {
  commonHeaders(response, queryId);
  response.statusCode = httpStatus(failure.symbol);
  response.setHeader("Content-Type", "text/plain; charset=UTF-8");
  response.setHeader("X-ClickHouse-Exception-Code", String(failure.code));
  if (response.statusCode === 401) {
    response.setHeader("WWW-Authenticate", 'Basic realm="ClickHouse server HTTP API"');
  }
  const { code, message, symbol } = failure;
  response.end(
    `Code: ${code}. DB::Exception: ${message} (${symbol}) (version ${version} (official build))\n`,
  );
}

/** Answers with a line of text: `Ok.` to a ping, or that there is no such path. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "text/html; charset=UTF-8");
  response.end(text);
}

function commonHeaders(response: ServerResponse, queryId: string): void {
  response.setHeader("X-ClickHouse-Server-Display-Name", displayName);
  response.setHeader("X-ClickHouse-Query-Id", queryId);
}

function summaryOf(result: ChdbResult, resultBytes: number): string {
  return JSON.stringify({
    read_rows: String(result.rowsRead),
    read_bytes: String(result.bytesRead),
    written_rows: "0",
    written_bytes: "0",
    total_rows_to_read: String(result.rowsRead),
    result_rows: "0",
    result_bytes: String(resultBytes),
    elapsed_ns: String(Math.round(result.elapsed * 1e9)),
  });
}

function contentType(format: string): string {
  if (/^JSON.*EachRow|NDJSON|JSONLines/i.test(format)) {
    return "application/x-ndjson; charset=UTF-8";
  }
  if (/^JSON/i.test(format)) {
    return "application/json; charset=UTF-8";
  }
  if (/^(TabSeparated|TSV)/i.test(format)) {
    return "text/tab-separated-values; charset=UTF-8";
  }
  return /^CSV/i.test(format) ? "text/csv; charset=UTF-8; header=absent" : "text/plain; charset=UTF-8";
}
