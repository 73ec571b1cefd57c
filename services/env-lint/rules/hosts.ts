import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import type { LintInput, Occurrence } from "../input.ts";
import { isAnyAddress, isLoopback, isPlainHost, readServer, type Server } from "../server.ts";
import { createStack, lineOf, placeOf, type Stack, subjectOf, winnerOf, winnersOf } from "../stack.ts";

/**
 * A URL and the parts beside it (`DATABASE_URL` and `DATABASE_HOST`, `_PORT`, `_DATABASE`) that name different servers.
 * Not reported: values with references, or several hosts; `localhost` against `127.0.0.1`; of a web address, its port,
 * and a host that is an address to listen on (`APP_HOST=0.0.0.0`), since the public address of a service differs from
 * that. Parts of a URL that names another server of the same kind are told once, at the part.
 */
export const hosts = ({ stacks }: LintInput): readonly Finding[] =>
  stacks.flatMap((files) => {
    const stack = createStack(files);
    return winnersOf(stack).flatMap((url) => judge(url, stack));
  });

/** `DATABASE_URL`, `REDIS_URI`, `AUTH_BASE_URL` → what its parts begin with. */
const URL_NAME = /^(?:(.+?)_)?(?:CONNECTION_|BASE_)?(?:URL|URI|DSN|CONNECTION_STRING)$/;

/** Other names for the parts of the one URL that has no name of its own. */
const GENERIC: Readonly<Record<string, readonly string[]>> = {
  postgres: ["DB_", "DATABASE_", "POSTGRES_", "PG"],
  mysql: ["DB_", "DATABASE_", "MYSQL_"],
};

const PARTS = {
  host: ["HOST", "HOSTNAME", "SERVER"],
  port: ["PORT"],
  database: ["DATABASE", "DB", "DB_NAME", "DBNAME", "NAME"],
} as const;

function judge(url: Occurrence, stack: Stack): readonly Finding[] {
  const { key } = url.entry;
  const name = URL_NAME.exec(key);
  const server = url.composed || !name ? undefined : readServer(url.value);
  if (server === undefined) return [];
  const web = /^(?:https?|wss?)$/.test(server.scheme);
  return (["host", "port", "database"] as const).flatMap((part) => {
    if (web && part !== "host") return [];
    const beside = partOf(part, prefixesOf(name?.[1], server.scheme), stack);
    if (beside === undefined || beside.composed) return [];
    return differs(part, { server, text: beside.value, web })
      ? [mismatch(url, beside, { part, server })]
      : [];
  });
}

function prefixesOf(name: string | undefined, scheme: string): readonly string[] {
  const own = name === undefined ? [] : [`${name}_`];
  return name === undefined || name === "DATABASE" || name === "DB"
    ? [...own, ...(GENERIC[scheme] ?? [])]
    : own;
}

function partOf(part: keyof typeof PARTS, prefixes: readonly string[], stack: Stack): Occurrence | undefined {
  const names = prefixes.flatMap((prefix) => PARTS[part].map((name) => `${prefix}${name}`));
  return names
    .map((key) => winnerOf(stack, key))
    .find((found) => found !== undefined && found.value.trim() !== "");
}

interface Beside {
  readonly server: Server;
  readonly text: string;
  readonly web: boolean;
}

function differs(part: keyof typeof PARTS, { server, text, web }: Beside): boolean {
  const value = text.trim();
  if (part === "port")
    return /^\d{1,5}$/.test(value) && server.port !== undefined && Number(value) !== server.port;
  if (part === "database")
    return server.database !== undefined && !isNumbered(server) && value !== server.database;
  const host = hostIn(value);
  if (host === undefined || isAnyAddress(host) || (web && isLoopback(host))) return false;
  if (isLoopback(host) && isLoopback(server.host)) return false;
  return host !== server.host;
}

/** Redis numbers its databases, and a `REDIS_NAME` beside it is another thing. */
const isNumbered = ({ scheme }: Server): boolean => /^(?:rediss?|amqps?)$/.test(scheme);

/** `DB_HOST=db.internal:5432` and `DB_HOST=https://db.internal` are hosts too; lists and sockets are not compared. */
function hostIn(value: string): string | undefined {
  const host =
    readServer(value)?.host ?? value.replace(/^\[(.+)\](?::\d+)?$/, "$1").replace(/^([^:]+):\d+$/, "$1");
  return /^[a-z\d._:*-]+$/i.test(host) ? host.toLowerCase().replace(/\.$/, "") : undefined;
}

interface About {
  readonly part: keyof typeof PARTS;
  readonly server: Server;
}

function mismatch(url: Occurrence, beside: Occurrence, { part, server }: About): Finding {
  const shown =
    part === "host"
      ? [server.host, hostIn(beside.value) ?? ""]
      : part === "port"
        ? [String(server.port), beside.value.trim()]
        : [];
  const plain = part === "port" || shown.every((host) => isPlainHost(host));
  const [inUrl = "", inPart = ""] = shown;
  const what = plain && inUrl !== "" ? `: ${inUrl} against ${inPart}` : "";
  return createFinding({
    code: "ENV_HOST_MISMATCH",
    subject: subjectOf(beside),
    message: `${beside.entry.key} and ${url.entry.key} name different ${PLURALS[part]}${what}.`,
    place: placeOf(beside),
    evidence: [`${url.entry.key}: ${lineOf(url)}`, `${beside.entry.key}: ${lineOf(beside)}`],
    facts: { key: beside.entry.key, url: url.entry.key },
  });
}

const PLURALS = { host: "servers", port: "ports", database: "databases" } as const;
