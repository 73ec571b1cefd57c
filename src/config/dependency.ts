/** One parsed dependency → the options its adapter reads. */
import type { DependencyKind, DependencyOptions, TlsOptions } from "../../services/dependencies/options.ts";
import type { ConfigFault, ConfigFaultCode, ConfigWarning } from "./config.ts";
import { type TlsMode, driverUrl, parseConnectionUrl } from "./connection-url.ts";
import { takePostgresTls } from "./postgres-tls.ts";
import type { Parsed, ParsedRedis, ParsedSql } from "./schema.ts";
import { readAuthority } from "./tls-authority.ts";

export interface DependencyInput {
  readonly probe: Parsed["probe"];
  /** Where a key was set, for messages. */
  readonly place: (path: string) => string;
  /** The folder that the path of a certificate starts at. */
  readonly directoryOf: (path: string) => string;
  /** Keys that have a fault already. */
  readonly broken: ReadonlySet<string>;
  readonly report: (fault: ConfigFault) => void;
  readonly warn: (warning: ConfigWarning) => void;
}

const VARIABLES = { postgres: "DATABASE_URL", clickhouse: "CLICKHOUSE_URL", redis: "REDIS_URL" } as const;

export async function resolvePostgres(
  parsed: ParsedSql,
  input: DependencyInput,
): Promise<DependencyOptions[]> {
  const common = await resolveCommon("postgres", parsed, input);
  return common ? [{ kind: "postgres", ...common, ...expectations(parsed) }] : [];
}

export async function resolveClickhouse(
  parsed: ParsedSql,
  input: DependencyInput,
): Promise<DependencyOptions[]> {
  const common = await resolveCommon("clickhouse", parsed, input);
  return common ? [{ kind: "clickhouse", ...common, ...expectations(parsed) }] : [];
}

export async function resolveRedis(
  parsed: ParsedRedis,
  input: DependencyInput,
): Promise<DependencyOptions[]> {
  const common = await resolveCommon("redis", parsed, input);
  if (!common) return [];
  const { key } = parsed;
  if (key === undefined) return [{ kind: "redis", ...common }];
  if (typeof key === "string") return [{ kind: "redis", ...common, key: { name: key } }];
  const { name, equals } = key;
  return [{ kind: "redis", ...common, key: equals === undefined ? { name } : { name, equals } }];
}

function expectations({ table, migration, assert }: ParsedSql) {
  const asserts = assert.map(({ query, params, equals }) => ({ query, equals, ...(params && { params }) }));
  return { assert: asserts, ...(table && { table }), ...(migration && { migration }) };
}

async function resolveCommon(kind: DependencyKind, parsed: ParsedSql | ParsedRedis, input: DependencyInput) {
  const { interval, warnAbove, deadlines, required, writable } = parsed;
  const connection = await resolveConnection(kind, parsed, input);
  if (!connection) return undefined;
  const defaults = input.probe.deadlines;
  return {
    ...connection,
    required,
    writable,
    intervalMs: interval ?? input.probe.interval,
    ...(warnAbove !== undefined && { warnAboveMs: warnAbove }),
    deadlines: {
      resolveMs: deadlines.resolve ?? defaults.resolve,
      connectMs: deadlines.connect ?? defaults.connect,
      queryMs: deadlines.query ?? defaults.query,
      totalMs: deadlines.total ?? defaults.total,
    },
  };
}

async function resolveConnection(
  kind: DependencyKind,
  { url, tls }: ParsedSql | ParsedRedis,
  input: DependencyInput,
): Promise<{ url: string; tls: TlsOptions } | undefined> {
  const path = `dependencies.${kind}.url`;
  if (input.broken.has(path)) return undefined;
  const report = (code: ConfigFaultCode, problem: Pick<ConfigFault, "expected" | "found" | "suggestion">) => {
    const { expected, found, suggestion } = problem;
    input.report({
      code,
      where: input.place(path),
      path,
      expected,
      found,
      ...(suggestion && { suggestion }),
    });
    return undefined;
  };
  if (url === undefined) {
    const suggestion = `set ${VARIABLES[kind]}, or write \`url: \${${VARIABLES[kind]}}\``;
    return report("CONFIG_MISSING_KEY", { expected: `a URL for ${kind}`, found: "nothing", suggestion });
  }
  const parsed = parseConnectionUrl(kind, url);
  if (!parsed.ok) return report("CONFIG_INVALID_URL", parsed);
  const said = kind === "postgres" ? takePostgresTls(parsed.url) : { ok: true as const, url: parsed.url };
  if (!said.ok) return report("CONFIG_INVALID_URL", said);
  const implied = "mode" in said && said.mode ? said.mode : parsed.scheme.tls ? "verify-full" : undefined;
  const caPath = tls.ca ?? ("caPath" in said ? said.caPath : undefined);
  const mode: TlsMode = tls.mode ?? implied ?? (caPath || tls.servername ? "verify-full" : "off");
  if (mode === "off" && implied && implied !== "off") {
    const message = "the URL asks for TLS and `tls.mode` turns it off";
    input.warn({
      where: input.place(`dependencies.${kind}.tls.mode`),
      path: `dependencies.${kind}.tls.mode`,
      message,
    });
  }
  if (kind === "clickhouse" && ["9000", "9440"].includes(parsed.url.port)) {
    const message = `port ${parsed.url.port} is usually ClickHouse's native protocol; the HTTP interface is 8123, or 8443 with TLS`;
    input.warn({ where: input.place(path), path, message });
  }
  const at = tls.ca === undefined ? path : `dependencies.${kind}.tls.ca`;
  const ca = caPath && (await readAuthority({ path: caPath, directory: input.directoryOf(at) }));
  if (ca && !ca.ok) {
    const { expected, found } = ca;
    input.report({ code: "CONFIG_FILE_UNREADABLE", where: input.place(at), path: at, expected, found });
  }
  return {
    url: driverUrl({ url: said.url, scheme: parsed.scheme }, mode),
    tls: {
      mode,
      ...(ca && ca.ok && { ca: ca.pem }),
      ...(tls.servername && { servername: tls.servername }),
    },
  };
}
