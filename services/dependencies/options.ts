/** What each dependency can be told: the plain data that configuration produces and the adapters read. */

/** Deadlines in milliseconds, each measured on the monotonic clock. */
export interface Deadlines {
  readonly resolveMs: number;
  /** TCP, TLS and login of a new connection together. */
  readonly connectMs: number;
  /** One round trip on an open connection. */
  readonly queryMs: number;
  /** One whole run of the ladder. */
  readonly totalMs: number;
}

export interface TlsOptions {
  /** `verify-full` checks chain and host name, `verify-ca` the chain alone, `no-verify` neither. */
  readonly mode: "off" | "no-verify" | "verify-ca" | "verify-full";
  /** PEM text of the authorities to trust instead of the system's. */
  readonly ca?: string;
  /** The name expected in the certificate when it is not the host name (Cloud SQL: `project:instance`). */
  readonly servername?: string;
}

/** A statement whose single value (first column of the first row) must equal `equals`. */
export interface Assertion {
  readonly query: string;
  /** Bound by the server, never spliced into the text. Postgres: `$1`; ClickHouse: `{p1:String}`, `{p2:String}` … */
  readonly params?: readonly (string | number | boolean | null)[];
  readonly equals: string | number | boolean | null;
}

/** The newest row of a migrations table must carry this version. */
export interface MigrationExpectation {
  /** Default `schema_migrations`. */
  readonly table: string;
  /** Default `version`. */
  readonly column: string;
  readonly version: string;
}

interface CommonOptions {
  /** What it is called in URLs, bodies and metrics; one of a kind is called as its kind. */
  readonly name: string;
  readonly required: boolean;
  readonly intervalMs: number;
  /** A passing observation slower than this is `warn`/`SLOW`. */
  readonly warnAboveMs?: number;
  readonly deadlines: Deadlines;
}

interface ServerOptions extends CommonOptions {
  /** Connection URL; carries credentials, so it is never shown: outputs use the adapter's `target`. */
  readonly url: string;
  readonly tls?: TlsOptions;
}

interface StoreOptions extends ServerOptions {
  /** Whether the suite needs to write; then a replica or a read-only user is `READ_ONLY`. Default true. */
  readonly writable?: boolean;
}

export interface PostgresOptions extends StoreOptions {
  readonly kind: "postgres";
  readonly assert: readonly Assertion[];
  /** `schema.table` or `table` that must exist and be readable. */
  readonly table?: string;
  readonly migration?: MigrationExpectation;
}

export interface ClickhouseOptions extends StoreOptions {
  readonly kind: "clickhouse";
  readonly assert: readonly Assertion[];
  /** `database.table` or `table` that must exist and be readable. */
  readonly table?: string;
  readonly migration?: MigrationExpectation;
}

export interface RedisOptions extends StoreOptions {
  readonly kind: "redis";
  /** A key that must exist, or one whose string value must equal `equals`. */
  readonly key?: { readonly name: string; readonly equals?: string };
}

/** Any HTTP service: what one `GET` of `url` must answer. Redirects are never followed. */
export interface HttpOptions extends ServerOptions {
  readonly kind: "http";
  /** Accepted status codes; empty: 200 to 299. */
  readonly status: readonly number[];
  /** Headers that must be there, and carry this value when one is given. */
  readonly headers: readonly { readonly name: string; readonly equals?: string }[];
  /** Members of a JSON answer (RFC 6901) that must be there, and equal this value when one is given. */
  readonly json: readonly {
    readonly pointer: string;
    readonly equals?: string | number | boolean | null;
  }[];
}

/** Any TCP service: `tcp://host:port`, or `tls://host:port`. */
export interface TcpOptions extends ServerOptions {
  readonly kind: "tcp";
  /** What the server says first must begin with this. */
  readonly banner?: string;
}

/** A WebSocket service: a handshake, and a pong for each ping. */
export interface WebsocketOptions extends ServerOptions {
  readonly kind: "websocket";
  /** The subprotocol asked for, which the server must choose. */
  readonly subprotocol?: string;
}

/** How much a pass of a candidate proves about the real service. */
export type Assurance = "real" | "emulator" | "mock";

/** One server that may be the auth service. */
export interface AuthCandidateOptions {
  readonly name: string;
  readonly kind: Assurance;
  /** Base URL without a trailing slash; the issuer too, unless `issuer` says otherwise. Redirects are never followed. */
  readonly url: string;
  readonly tls?: TlsOptions;
  /** Path of the status, appended to `url`. Default `/health`. */
  readonly healthPath: string;
  /** The name that the status must carry (`service`, `name`, `serviceId`, `app` or `application`). */
  readonly service?: string;
  /** Absent: the service speaks no OpenID Connect, and `service` is all that identifies it. */
  readonly oidc?: {
    readonly issuer: string;
    /** Other hosts than the issuer's that the discovery document may send credentials to. */
    readonly endpointHosts: readonly string[];
    /** A test client: has a token issued, verified, and a tampered one rejected. */
    readonly client?: {
      readonly id: string;
      readonly secret: string;
      readonly scope?: string;
      /** The audience asked for, which the token must carry. */
      readonly audience?: string;
      /** A path or URL that takes a bearer token; default: the introspection or userinfo endpoint. */
      readonly checkUrl?: string;
    };
  };
}

/** The auth service, found among candidates. `deadlines.totalMs` bounds one discovery over all of them. */
export interface AuthOptions extends CommonOptions {
  readonly kind: "auth";
  /** In order of priority, those of this environment; at least one. */
  readonly candidates: readonly AuthCandidateOptions[];
  /** Whether a mock may serve, as the environment's policy, strict mode and production leave it. */
  readonly mocks: { readonly allowed: true } | { readonly allowed: false; readonly because: string };
  /** How long a serving candidate is kept before all are probed again, in ms. */
  readonly ttlMs: number;
  /** The largest difference between the server's clock and ours, in ms. */
  readonly maxClockSkewMs: number;
}

export type DependencyOptions =
  | PostgresOptions
  | ClickhouseOptions
  | RedisOptions
  | AuthOptions
  | WebsocketOptions
  | HttpOptions
  | TcpOptions;
export type DependencyKind = DependencyOptions["kind"];
