import { isIP } from "node:net";
import { checkServerIdentity, type ConnectionOptions } from "node:tls";
import { checkAddress } from "../net/address-guard.ts";
import { bareHost } from "../net/bare-host.ts";
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

/** Where a service without a user or a database of its own is. */
export type ServiceAddress = Pick<Address, "target" | "redact">;

/**
 * Takes a connection URL apart. The password goes to the adapter and the redactor, never into the target.
 * A Unix socket is given as the query parameter `host=/path` (libpq) or as a percent-encoded host.
 *
 * @throws {TypeError} when `url` is no URL; configuration has checked that before.
 */
export function parseTarget(options: TargetOptions): Address {
  const url = new URL(options.url);
  const host = url.searchParams.get("host") ?? decode(bareHost(url.hostname));
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

/** Ports of the schemes of services that are none of the stores; a plain TCP service has no port of its own. */
const PORTS: Readonly<Record<string, number>> = { "http:": 80, "ws:": 80, "https:": 443, "wss:": 443 };
const SECURE = /^(https|wss|tls):$/;

/**
 * Takes the URL of a service (http, https, ws, wss, tcp, tls) apart. Its scheme says whether TLS is spoken, `tls` how
 * it is verified; no user name, path or query goes into the target, and every address is judged before it is asked.
 *
 * @throws {TypeError} when `url` is no URL or lacks a port; configuration has checked that before.
 */
export function parseServiceTarget(options: {
  readonly url: string;
  readonly tls: TlsOptions | undefined;
}): ServiceAddress {
  const url = new URL(options.url);
  const host = bareHost(url.hostname);
  const port = url.port === "" ? PORTS[url.protocol] : Number(url.port);
  if (port === undefined) throw new TypeError(`a URL with ${url.protocol} needs a port`);
  const verification = options.tls === undefined || options.tls.mode === "off" ? VERIFY_FULL : options.tls;
  const tls = SECURE.test(url.protocol) ? tlsSettings(verification, host) : undefined;
  return {
    target: {
      host,
      port,
      negotiation: "direct",
      endpoint: { host, port, checkAddress },
      checkAddress,
      ...(tls === undefined ? {} : { tls }),
    },
    redact: createRedact(secretsIn(url)),
  };
}

const VERIFY_FULL: TlsOptions = { mode: "verify-full" };

/** Below this length a value of the query is a word (`format=json`), and no service gives out keys that short. */
const SHORTEST_KEY = 8;

function secretsIn(url: URL): string[] {
  const user = decode(url.username);
  const password = decode(url.password);
  const keys = [...url.searchParams.values()].filter((value) => value.length >= SHORTEST_KEY);
  if (password !== "") return [...keys, ...formsOf(user, password, url.password)];
  // A token may stand in the place of the user.
  return user === "" ? keys : [...keys, ...formsOf(user, "", url.username), user];
}

/** The password as a server's answer may repeat it: plain, as in the URL, and in HTTP's header of a login. */
function formsOf(user: string, password: string, spelled: string): string[] {
  const login = Buffer.from(`${user}:${password}`).toString("base64");
  return [password, spelled, login];
}

/** The members that every adapter takes over as they are configured. */
export function commonOf(options: DependencyOptions, { target, redact }: ServiceAddress): CommonMembers {
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
