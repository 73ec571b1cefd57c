/** Where a connection goes. */
export interface Server {
  readonly scheme: string;
  /** In small letters, without brackets. */
  readonly host: string;
  /** That of the scheme when none is written; absent when the scheme has none that is known. */
  readonly port?: number;
  /** The first step of the path. */
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  readonly parameters: URLSearchParams;
}

const PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  redis: 6379,
  rediss: 6379,
  mongodb: 27_017,
  amqp: 5672,
  amqps: 5671,
  clickhouse: 9000,
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
};

const LONGEST = 4096;
const SCHEME = /^([a-z][a-z\d+.-]*):\/\//i;

/**
 * Reads a URL. Nothing for what is none, has no host, several hosts, or one that cannot be told from a password that was
 * not encoded (`postgres://u:a#b@host`): a part of a secret must never be taken for a host, which is shown.
 */
export function readServer(value: string): Server | undefined {
  const text = value.trim();
  if (text.length > LONGEST) return undefined;
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return undefined;
  // A scheme that URL does not know has its host read without lower-casing and default ports; `http` has one reading.
  const known = /^(?:https?|wss?)$/.test(scheme) ? scheme : "http";
  const url = URL.parse(text.replace(SCHEME, `${known}://`));
  if (!url || /[?#/].*@/.test(text.replace(SCHEME, ""))) return undefined;
  const host = url.hostname.replaceAll(/^\[|\]$/g, "").toLowerCase();
  if (!/^[a-z\d._:-]+$/.test(host)) return undefined;
  const port = url.port === "" ? portOf(text, scheme) : Number(url.port);
  const database = decode(url.pathname.split("/")[1] ?? "");
  return {
    scheme: scheme.replace(/^postgresql/, "postgres").replace(/\+.*$/, ""),
    host,
    ...(port !== undefined && { port }),
    ...(database !== "" && { database }),
    ...(url.username !== "" && { user: decode(url.username) }),
    ...(url.password !== "" && { password: decode(url.password) }),
    parameters: url.searchParams,
  };
}

/** `URL` drops the port that is its scheme's own: `postgres://db:80/` would lose it. */
function portOf(text: string, scheme: string): number | undefined {
  const written = /^[^/?#]*:(\d{1,5})(?:[/?#]|$)/.exec(text.replace(SCHEME, ""))?.[1];
  if (written !== undefined) return Number(written);
  return PORTS[scheme.replace(/\+.*$/, "")];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|0:0:0:0:0:0:0:1)$/i;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** Where a server listens on every address; nobody connects to it. */
export const isAnyAddress = (host: string): boolean => /^(?:0\.0\.0\.0|::|\*|)$/.test(host);

/** `db`, `cache`: a name inside one network of containers, as Compose gives them. */
export const isSingleLabel = (host: string): boolean => /^[a-z\d_-]+$/i.test(host);

/** A name or address that is certain to be one, so that showing it tells nothing else. */
export const isPlainHost = (host: string): boolean =>
  isLoopback(host) || /^(?=.{1,253}$)[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(host);
