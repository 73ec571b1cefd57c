import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ClickHouseFailure } from "./failure.ts";

/** One query as it came over HTTP. */
export interface QueryRequest {
  sql: string;
  method: string;
  database: string | undefined;
  format: string;
  queryId: string | undefined;
  session: { id: string; timeoutMs: number } | undefined;
  /** Values of `{name:Type}` placeholders, escaped as in a TSV file. */
  parameters: Readonly<Record<string, string>>;
  settings: Readonly<Record<string, string>>;
  /** Whether the client wants a compressed answer. */
  gzip: boolean;
}

/** URL parameters of the HTTP interface that are not settings. */
const reserved = new Set(
  (
    "query database default_format query_id session_id session_timeout session_check close_session user password " +
    "quota_key stacktrace role buffer_size wait_end_of_query compress decompress client_protocol_version"
  ).split(" "),
);
const largestBody = 16 * 1024 * 1024;
const unzip = promisify(gunzip);

/** Reads query, parameters and settings from URL and body. Throws `ClickHouseFailure`. */
export async function readQuery(request: IncomingMessage, url: URL): Promise<QueryRequest> {
  const values = new Map(url.searchParams);
  let body = await readBody(request);
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(
    request.headers["content-type"] ?? "",
  )?.[1];
  if (boundary !== undefined) {
    for (const [name, value] of formFields(body, boundary)) {
      values.set(name, value);
    }
    body = "";
  }
  const settings = [...values].filter(([name]) => !reserved.has(name) && !name.startsWith("param_"));
  const parameters = [...values]
    .filter(([name]) => name.startsWith("param_"))
    .map(([name, value]) => [name.slice("param_".length), value] as const);
  const session = values.get("session_id");
  const compression = values.get("enable_http_compression");
  return {
    sql: [values.get("query"), body].filter(Boolean).join("\n"),
    method: request.method ?? "GET",
    database: values.get("database") ?? headerOf(request, "x-clickhouse-database"),
    format: values.get("default_format") ?? headerOf(request, "x-clickhouse-format") ?? "TabSeparated",
    queryId: values.get("query_id"),
    session: session
      ? { id: session, timeoutMs: Number(values.get("session_timeout") ?? 60) * 1000 }
      : undefined,
    parameters: Object.fromEntries(parameters),
    settings: Object.fromEntries(settings),
    gzip: compression === "1" && (headerOf(request, "accept-encoding") ?? "").includes("gzip"),
  };
}

/** One header as text; undefined when it is absent or empty. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) || undefined;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) {
      throw new ClickHouseFailure(62, "QUERY_IS_TOO_LARGE", `The body is larger than ${largestBody} bytes.`);
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return (request.headers["content-encoding"] === "gzip" ? await unzip(body) : body).toString("utf8");
}

function formFields(body: string, boundary: string): [string, string][] {
  return body.split(`--${boundary}`).flatMap((part) => {
    const [, name, value] = /name="([^"]+)"[^]*?\r\n\r\n([^]*)\r\n$/.exec(part) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as [string, string]];
  });
}
