/** One parsed dependency → the options its adapter reads. */
import type { DependencyOptions, TlsOptions } from "../../services/dependencies/options.ts";
import { type ConnectionKind, driverUrl, parseConnectionUrl } from "./connection-url.ts";
import { toAssertions, toKey } from "./expectations.ts";
import { type Problem, type ResolveInput, faultAt, warnAt } from "./input.ts";
import { takePostgresTls } from "./postgres-tls.ts";
import { resolveObserved } from "./observed.ts";
import type { ParsedRedis, ParsedSql } from "./schema.ts";
import { readTlsFiles } from "./tls.ts";
import { URL_VARIABLES } from "./variables.ts";

export async function resolvePostgres(parsed: ParsedSql, input: ResolveInput): Promise<DependencyOptions[]> {
  const common = await resolveCommon("postgres", parsed, input);
  return common ? [{ kind: "postgres", ...common, ...expectations(parsed) }] : [];
}

export async function resolveClickhouse(
  parsed: ParsedSql,
  input: ResolveInput,
): Promise<DependencyOptions[]> {
  const common = await resolveCommon("clickhouse", parsed, input);
  return common ? [{ kind: "clickhouse", ...common, ...expectations(parsed) }] : [];
}

export async function resolveRedis(parsed: ParsedRedis, input: ResolveInput): Promise<DependencyOptions[]> {
  const common = await resolveCommon("redis", parsed, input);
  if (!common) return [];
  const { key } = parsed;
  return [{ kind: "redis", ...common, ...(key !== undefined && { key: toKey(key) }) }];
}

function expectations({ table, migration, assert }: ParsedSql) {
  return { assert: toAssertions(assert), ...(table && { table }), ...(migration && { migration }) };
}

async function resolveCommon(kind: ConnectionKind, parsed: ParsedSql | ParsedRedis, input: ResolveInput) {
  const connection = await resolveConnection(kind, parsed, input);
  if (!connection) return undefined;
  return { name: kind, ...connection, writable: parsed.writable, ...resolveObserved(parsed, input.probe) };
}

async function resolveConnection(
  kind: ConnectionKind,
  { url, tls }: ParsedSql | ParsedRedis,
  input: ResolveInput,
): Promise<{ url: string; tls: TlsOptions } | undefined> {
  const path = `dependencies.${kind}.url`;
  const tlsPath = `dependencies.${kind}.tls`;
  if (input.broken.has(path)) return undefined;
  const refuse = (problem: Problem) => faultAt(input, path, problem, "CONFIG_INVALID_URL");
  if (url === undefined) return faultAt(input, path, missingUrl(kind), "CONFIG_MISSING_KEY");
  const parsed = parseConnectionUrl(kind, url);
  if (!parsed.ok) return refuse(parsed);
  const said = kind === "postgres" ? takePostgresTls(parsed.url) : { ok: true as const, url: parsed.url };
  if (!said.ok) return refuse(said);
  const implied = "mode" in said && said.mode ? said.mode : parsed.scheme.tls ? "verify-full" : undefined;
  const caPath = "caPath" in said ? said.caPath : undefined;
  const given = tls.ca ?? caPath ?? tls.servername;
  const mode = tls.mode ?? implied ?? (given ? "verify-full" : "off");
  if (mode === "off" && implied && implied !== "off") {
    warnAt(input, `${tlsPath}.mode`, "the URL asks for TLS and `tls.mode` turns it off");
  }
  if (kind === "clickhouse" && ["9000", "9440"].includes(parsed.url.port)) {
    const native = `port ${parsed.url.port} is usually ClickHouse's native protocol`;
    warnAt(input, path, `${native}; the HTTP interface is 8123, or 8443 with TLS`);
  }
  const files = await readTlsFiles(tls, { path: tlsPath, input, ...(caPath && { url: { caPath, path } }) });
  return { url: driverUrl({ url: said.url, scheme: parsed.scheme }, mode), tls: { mode, ...files } };
}

function missingUrl(kind: ConnectionKind): Problem {
  const variable = URL_VARIABLES[kind];
  const suggestion = `set ${variable}, or write \`url: \${${variable}}\``;
  return { expected: `a URL for ${kind}`, found: "nothing", suggestion };
}
