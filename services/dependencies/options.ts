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
  /** Connection URL; carries credentials, so it is never shown: outputs use the adapter's `target`. */
  readonly url: string;
  readonly required: boolean;
  /** Whether the suite needs to write; then a replica or a read-only user is `READ_ONLY`. Default true. */
  readonly writable?: boolean;
  readonly intervalMs: number;
  /** A passing observation slower than this is `warn`/`SLOW`. */
  readonly warnAboveMs?: number;
  readonly deadlines: Deadlines;
  readonly tls?: TlsOptions;
}

export interface PostgresOptions extends CommonOptions {
  readonly kind: "postgres";
  readonly assert: readonly Assertion[];
  /** `schema.table` or `table` that must exist and be readable. */
  readonly table?: string;
  readonly migration?: MigrationExpectation;
}

export interface ClickhouseOptions extends CommonOptions {
  readonly kind: "clickhouse";
  readonly assert: readonly Assertion[];
  /** `database.table` or `table` that must exist and be readable. */
  readonly table?: string;
  readonly migration?: MigrationExpectation;
}

export interface RedisOptions extends CommonOptions {
  readonly kind: "redis";
  /** A key that must exist, or one whose string value must equal `equals`. */
  readonly key?: { readonly name: string; readonly equals?: string };
}

export type DependencyOptions = PostgresOptions | ClickhouseOptions | RedisOptions;
export type DependencyKind = DependencyOptions["kind"];
