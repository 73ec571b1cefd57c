/** Parsed HTTP, TCP and WebSocket services → the options their adapters read. */
import type { HttpOptions, TcpOptions, WebsocketOptions } from "../../services/dependencies/options.ts";
import { toHeaders, toMembers } from "./expectations.ts";
import { type ResolveInput, faultAt } from "./input.ts";
import { resolveObserved } from "./observed.ts";
import type { ParsedHttp, ParsedTarget, ParsedTcp, ParsedWebsocket } from "./schema-targets.ts";
import { resolveWebTls } from "./tls.ts";
import { URL_VARIABLES } from "./variables.ts";
import { type WebKind, parseWebUrl } from "./web-url.ts";

export async function resolveWebsocket(
  parsed: ParsedWebsocket,
  input: ResolveInput,
): Promise<WebsocketOptions[]> {
  const common = await resolveTarget(
    "websocket",
    { ...parsed, name: "websocket" },
    "dependencies.websocket",
    input,
  );
  const { subprotocol } = parsed;
  return common ? [{ kind: "websocket", ...common, ...(subprotocol && { subprotocol }) }] : [];
}

export async function resolveHttp(
  parsed: ParsedHttp,
  path: string,
  input: ResolveInput,
): Promise<HttpOptions[]> {
  const common = await resolveTarget("http", parsed, path, input);
  if (!common) return [];
  const headers = toHeaders(parsed.headers);
  const json = toMembers(parsed.json);
  return [{ kind: "http", ...common, status: parsed.status, headers, json }];
}

export async function resolveTcp(
  parsed: ParsedTcp,
  path: string,
  input: ResolveInput,
): Promise<TcpOptions[]> {
  const common = await resolveTarget("tcp", parsed, path, input);
  const { banner } = parsed;
  return common ? [{ kind: "tcp", ...common, ...(banner && { banner }) }] : [];
}

type Named = ParsedTarget & { readonly name?: string | undefined };

async function resolveTarget(kind: WebKind, parsed: Named, path: string, input: ResolveInput) {
  const { name, url } = parsed;
  const missing = (key: string, suggestion: string) => {
    if (input.broken.has(`${path}.${key}`)) return;
    const expected = `\`${key}\` to be given`;
    faultAt(input, `${path}.${key}`, { expected, found: "nothing", suggestion }, "CONFIG_MISSING_KEY");
  };
  if (name === undefined) missing("name", "it is the name in `/health/{name}`");
  if (url === undefined) {
    missing(
      "url",
      kind === "websocket" ? `set ${URL_VARIABLES.websocket}` : "write `url: ${VARIABLE}` or the URL",
    );
    return undefined;
  }
  const result = parseWebUrl(kind, url);
  if (!result.ok) return faultAt(input, `${path}.url`, result, "CONFIG_INVALID_URL");
  const tls = await resolveWebTls(parsed.tls, { secure: result.secure, path: `${path}.tls`, input });
  if (name === undefined) return undefined;
  return { name, url: result.url.href, tls, ...resolveObserved(parsed, input.probe) };
}
