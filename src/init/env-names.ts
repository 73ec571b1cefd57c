/** The names in env files and in the environment, and what they are of. A value is looked at for its scheme alone. */
import type { SingleKind } from "../config/variables.ts";

/** One variable that is set, or that a file sets. */
export interface EnvName {
  readonly name: string;
  /** Of its value, where that is a URL: `postgres`. */
  readonly scheme?: string;
  /** `.env:3`; absent for a variable of the process. */
  readonly where?: string;
}

const LINE = /^\s*(?:export\s+)?([A-Za-z_]\w{0,99})\s*[=:]\s*["'`]?(?:([a-z][a-z\d+.-]{0,30}):\/\/)?/;

/** The keys of an env file; comments and what is no key are passed over. */
export function namesOfEnvFile(text: string, path: string): EnvName[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [, name, scheme] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    return [{ name, where: `${path}:${index + 1}`, ...(scheme && { scheme }) }];
  });
}

/** The variables of the process that are not empty. */
export function namesOfProcess(env: Readonly<Record<string, string | undefined>>): EnvName[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value || !/^[A-Za-z_]\w{0,99}$/.test(name)) return [];
    const scheme = /^([a-z][a-z\d+.-]{0,30}):\/\//.exec(value)?.[1];
    return [{ name, ...(scheme && { scheme }) }];
  });
}

const SCHEMES: Readonly<Record<string, SingleKind>> = {
  postgres: "postgres",
  postgresql: "postgres",
  clickhouse: "clickhouse",
  clickhouses: "clickhouse",
  redis: "redis",
  rediss: "redis",
  valkey: "redis",
  valkeys: "redis",
  ws: "websocket",
  wss: "websocket",
};

const NAMES: Readonly<Record<string, SingleKind>> = {
  DATABASE_URL: "postgres",
  POSTGRES_URL: "postgres",
  POSTGRESQL_URL: "postgres",
  PG_URL: "postgres",
  CLICKHOUSE_URL: "clickhouse",
  REDIS_URL: "redis",
  VALKEY_URL: "redis",
  AUTH_URL: "auth",
  WEBSOCKET_URL: "websocket",
  WS_URL: "websocket",
};

/** Variables that name a server in parts, of which Greenlight cannot make a URL. */
const PARTS: Readonly<Record<string, SingleKind>> = {
  PGHOST: "postgres",
  POSTGRES_HOST: "postgres",
  POSTGRES_DB: "postgres",
  CLICKHOUSE_HOST: "clickhouse",
  REDIS_HOST: "redis",
  VALKEY_HOST: "redis",
};

export type Meaning =
  | { readonly is: "url"; readonly kind: SingleKind }
  | { readonly is: "part"; readonly kind: SingleKind }
  /** Named as a URL that Greenlight reads, and of a scheme that it does not. */
  | { readonly is: "foreign"; readonly kind: SingleKind; readonly scheme: string };

/** What a variable is of, judged by its scheme first, then by its name. */
export function meaningOf({ name, scheme }: EnvName): Meaning | undefined {
  if (name.startsWith("GREENLIGHT_")) return undefined;
  const known = of(SCHEMES, scheme);
  if (known !== undefined) return { is: "url", kind: known };
  const kind = of(NAMES, name);
  if (kind !== undefined) {
    const web = scheme === "http" || scheme === "https";
    if (scheme === undefined || (web && (kind === "auth" || kind === "clickhouse")))
      return { is: "url", kind };
    return { is: "foreign", kind, scheme };
  }
  const part = of(PARTS, name);
  return part === undefined ? undefined : { is: "part", kind: part };
}

const of = (table: Readonly<Record<string, SingleKind>>, key = ""): SingleKind | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
