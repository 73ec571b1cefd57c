/** Connection URLs: checked, and brought to the form the drivers read. A URL is never quoted in a message. */
import type { TlsOptions } from "../../services/dependencies/options.ts";
import type { Problem } from "./input.ts";
import { describeUrl, nearestScheme } from "./redact.ts";

export type TlsMode = TlsOptions["mode"];

/** The kinds whose URL goes to a driver, and may carry user and password. */
export type ConnectionKind = "postgres" | "clickhouse" | "redis";

export type UrlProblem = { readonly ok: false } & Problem;

interface Scheme {
  /** The scheme with and without TLS. */
  readonly plain: string;
  readonly secure: string;
  readonly tls: boolean;
  /** Ports to put in where the driver would assume those of HTTP. */
  readonly ports?: { readonly plain: string; readonly secure: string };
}

const CLICKHOUSE_PORTS = { plain: "8123", secure: "8443" };
const POSTGRES = { plain: "postgres:", secure: "postgres:", tls: false };
const REDIS = { plain: "redis:", secure: "rediss:" };
const HTTP = { plain: "http:", secure: "https:" };

const SCHEMES: Readonly<Record<ConnectionKind, Readonly<Record<string, Scheme>>>> = {
  postgres: { "postgres:": POSTGRES, "postgresql:": POSTGRES },
  clickhouse: {
    "clickhouse:": { ...HTTP, tls: false, ports: CLICKHOUSE_PORTS },
    "clickhouses:": { ...HTTP, tls: true, ports: CLICKHOUSE_PORTS },
    "http:": { ...HTTP, tls: false },
    "https:": { ...HTTP, tls: true },
  },
  redis: {
    "redis:": { ...REDIS, tls: false },
    "rediss:": { ...REDIS, tls: true },
    "valkey:": { ...REDIS, tls: false },
    "valkeys:": { ...REDIS, tls: true },
  },
};

export type UrlResult = { readonly ok: true; readonly url: URL; readonly scheme: Scheme } | UrlProblem;

/** Checks a URL of one kind of dependency. */
export function parseConnectionUrl(kind: ConnectionKind, text: string): UrlResult {
  const schemes = SCHEMES[kind];
  const scheme = /^([a-z]+:)\/\//.exec(text)?.[1] ?? "";
  const known = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (!known) {
    const names = Object.keys(schemes).map((name) => name.slice(0, -1));
    const close = nearestScheme(text, names);
    const list = names.map((name) => `\`${name}://\``).join(", ");
    const suggestion = close ? { suggestion: `did you mean \`${close}://\`?` } : {};
    return { ...problem(`a URL that starts with ${list}`, text), ...suggestion };
  }
  // Only http and https get the parsing of web addresses, which rewrites what it reads: all are read as the others.
  const url = parse(text.replace(/^[a-z]+/, "greenlight"));
  if (!url || url.username.includes(" "))
    return { ...problem("a URL that parses", text), suggestion: ENCODE };
  const fault = checkParts(kind, url, text);
  return fault ?? { ok: true, url, scheme: known };
}

/** The URL as the driver shall read it, with the scheme that fits the TLS mode. */
export function driverUrl({ url, scheme }: { url: URL; scheme: Scheme }, mode: TlsMode): string {
  const secure = mode !== "off";
  const port = url.port || (secure ? scheme.ports?.secure : scheme.ports?.plain);
  const copy = new URL(url);
  if (port) copy.port = port;
  return copy.href.replace(/^greenlight:/, secure ? scheme.secure : scheme.plain);
}

const ENCODE =
  "percent-encode the special characters of user and password (`/` is %2F, `#` is %23, `@` is %40)";

function checkParts(kind: ConnectionKind, url: URL, text: string): UrlProblem | undefined {
  // oxlint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001F]/.test(text)) return problem("a URL without spaces and line breaks", text);
  if (url.hash || (/^[^?]*@/.test(url.pathname) && !url.username && !url.password)) {
    return { ...problem("a URL whose only `@` ends the user and password", text), suggestion: ENCODE };
  }
  if (!url.hostname)
    return problem("a host (for a Unix socket: `localhost`, and its folder as `?host=/…`)", text);
  if (!/^(\[[\da-f:.]+\]|[\w.-]+)$/i.test(url.hostname)) return problem("one host name or address", text);
  if (url.port === "0") return problem("a port from 1 to 65535", text);
  if (!decodes(url.username) || !decodes(url.password) || !decodes(url.pathname)) {
    return { ...problem("`%` only as part of a percent-encoded character", text), suggestion: ENCODE };
  }
  if (kind === "redis" && !/^\/?\d{0,5}$/.test(url.pathname)) {
    return problem("a database number as the path, or none", text);
  }
  const moved = ["host", "hostaddr", "port"].find(
    (name) => kind === "postgres" && url.searchParams.has(name) && !isSocketPath(url, name),
  );
  return moved ? problem(`host and port before the path, not as parameter \`${moved}\``, text) : undefined;
}

/** libpq's way to name a Unix socket's folder, as Cloud Run gives it: `?host=/cloudsql/project:region:instance`. */
function isSocketPath(url: URL, name: string): boolean {
  return name === "host" && url.searchParams.get(name)?.startsWith("/") === true;
}

function parse(text: string): URL | undefined {
  return URL.parse(text) ?? undefined;
}

function decodes(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function problem(expected: string, text: string): UrlProblem {
  return { ok: false, expected, found: describeUrl(text) };
}
