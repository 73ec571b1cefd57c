import { isIP } from "node:net";
import { checkServerIdentity, type ConnectionOptions } from "node:tls";
import { createRedact, type Redact } from "../redact.ts";
import type { Dependency, Target } from "./dependency.ts";
import type { DependencyOptions, TlsOptions } from "./options.ts";

export interface TargetOptions {
  readonly url: string;
  readonly defaultPort: number;
  readonly tls: TlsOptions | undefined;
  readonly negotiation: Target["negotiation"];
}

export interface Address {
  readonly target: Target;
  readonly user: string | undefined;
  /** Never leaves the adapter. */
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly redact: Redact;
}

/**
 * Takes a connection URL apart. The password goes to the adapter and the redactor, never into the target.
 * A Unix socket is given as the query parameter `host=/path` (libpq) or as a percent-encoded host.
 *
 * @throws {TypeError} when `url` is no URL; configuration has checked that before.
 */
export function parseTarget(options: TargetOptions): Address {
  const url = new URL(options.url);
  const host = url.searchParams.get("host") ?? decode(url.hostname.replace(/^\[(.*)\]$/, "$1"));
  const port = url.port === "" ? options.defaultPort : Number(url.port);
  const user = decode(url.username) || undefined;
  const password = decode(url.password) || undefined;
  const database = decode(url.pathname.slice(1)) || undefined;
  const tls = tlsSettings(options.tls, host);
  return {
    target: {
      host,
      port,
      negotiation: options.negotiation,
      endpoint: host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port },
      ...(user === undefined ? {} : { user }),
      ...(database === undefined ? {} : { database }),
      ...(tls === undefined ? {} : { tls }),
    },
    user,
    password,
    database,
    redact: createRedact(password === undefined ? [] : formsOf(user ?? "", password, url.password)),
  };
}

/** The password as a server's answer may repeat it: plain, as in the URL, and in HTTP's header of a login. */
function formsOf(user: string, password: string, spelled: string): string[] {
  const login = Buffer.from(`${user}:${password}`).toString("base64");
  return [password, spelled, login];
}

/** The members that every adapter takes over as they are configured. */
export function commonOf(options: DependencyOptions, { target, redact }: Address): CommonMembers {
  const { required, intervalMs, warnAboveMs, deadlines } = options;
  return { required, intervalMs, warnAboveMs, deadlines, target, redact };
}

type CommonMembers = Pick<
  Dependency,
  "required" | "intervalMs" | "warnAboveMs" | "deadlines" | "target" | "redact"
>;

/** Node's TLS settings for one of our modes; undefined for `off`. */
export function tlsSettings(tls: TlsOptions | undefined, host: string): ConnectionOptions | undefined {
  if (tls === undefined || tls.mode === "off") return undefined;
  const expected = tls.servername ?? host;
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(isIP(expected) === 0 ? { servername: expected } : {}),
    rejectUnauthorized: tls.mode !== "no-verify",
    // Not by way of `host`: the drivers connect to what stands there.
    checkServerIdentity: (_host, certificate) =>
      tls.mode === "verify-full" ? checkServerIdentity(expected, certificate) : undefined,
  };
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign in a password is not an encoding; the driver takes it as it stands, and so do we.
    return text;
  }
};
