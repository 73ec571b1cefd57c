import { by, type Phrase } from "./phrase.ts";

const postgres = by(["postgres"]);

/** Words of Postgres and its clients. The server's own come through every client. */
export const POSTGRES_PHRASES: readonly Phrase[] = [
  postgres(
    "SHUTTING_DOWN",
    /terminating connection due to administrator command|terminating connection because of crash of another server process|the database system is shutting down/,
    "FATAL: terminating connection due to administrator command",
    "every Postgres client",
  ),
  postgres(
    "STARTING_UP",
    /the database system is (?:starting up|in recovery mode|not yet accepting connections)/,
    "FATAL: the database system is starting up",
    "every Postgres client",
  ),
  postgres(
    "HOST_NOT_ALLOWED",
    /no pg_hba\.conf entry for/,
    'FATAL: no pg_hba.conf entry for host "10.0.0.7", user "app", database "shop", no encryption',
    "every Postgres client",
  ),
  postgres(
    "AUTH_FAILED",
    /password authentication failed for user|FATAL: {1,2}role "[^"\n]{1,100}" does not exist|The server requested (?:SCRAM-based|password-based) authentication, but/,
    'FATAL: password authentication failed for user "app"',
    "every Postgres client",
  ),
  postgres(
    "PASSWORD_MISSING",
    /fe_sendauth: no password supplied|client password must be a (?:non-empty )?string|no password was provided/,
    "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string",
    "pg; libpq: fe_sendauth: no password supplied",
  ),
  postgres(
    "TOO_MANY_CONNECTIONS",
    /sorry, too many clients already|remaining connection slots are reserved|too many connections for (?:role|database)/,
    "FATAL: sorry, too many clients already",
    "every Postgres client",
  ),
  postgres(
    "DATABASE_MISSING",
    /(?:FATAL|error|InvalidCatalogNameError|OperationalError)\b.{0,80}\bdatabase "[^"\n]{1,100}" does not exist/i,
    'FATAL: database "shop" does not exist',
    "every Postgres client",
  ),
  postgres(
    "TABLE_MISSING",
    /(?:relation|schema) "[^"\n]{1,200}" does not exist/,
    'relation "users" does not exist',
    "every Postgres client",
  ),
  postgres(
    "PERMISSION_DENIED",
    /permission denied for (?:database|schema|table|relation|sequence|function|view|column)\b/,
    "permission denied for table users",
    "every Postgres client",
  ),
  postgres(
    "READ_ONLY",
    /cannot execute [A-Z ]{1,40} in a read-only transaction/,
    "cannot execute INSERT in a read-only transaction",
    "every Postgres client",
  ),
  postgres(
    "STATEMENT_TIMEOUT",
    /canceling statement due to (?:statement|lock) timeout/,
    "canceling statement due to statement timeout",
    "every Postgres client",
  ),
  postgres(
    "DISK_FULL",
    /could not (?:extend file|write to file|write block) .{1,200}No space left on device/,
    'could not extend file "base/16384/2619": No space left on device',
    "every Postgres client",
  ),
  postgres(
    "TLS_NOT_SUPPORTED",
    /server does not support SSL/i,
    "The server does not support SSL connections",
    "pg; libpq: server does not support SSL, but SSL was required",
  ),
  postgres(
    "CONNECTION_CLOSED",
    /server closed the connection unexpectedly|(?:psycopg2?|OperationalError|InterfaceError)\b.{0,80}\b(?:connection already closed|the connection is (?:closed|lost))|Connection terminated unexpectedly|connection was closed in the middle of operation|An I\/O error occurred while sending to the backend|SSL SYSCALL error: EOF detected|driver: bad connection|conn closed\b|consuming input failed/,
    "server closed the connection unexpectedly",
    "libpq, psycopg, pg, asyncpg, JDBC, pgx",
  ),
  postgres(
    "CONNECT_REFUSED",
    /Connection to \S{1,260}:\d{1,5} refused/,
    "Connection to db.example:5432 refused. Check that the hostname and port are correct",
    "JDBC",
  ),
  postgres(
    "LOGIN_TIMEOUT",
    /connection timeout expired|Connection terminated due to connection timeout/,
    "connection timeout expired",
    "psycopg; pg: Connection terminated due to connection timeout",
  ),
  postgres("QUERY_TIMEOUT", /\bQuery read timeout\b/, "Query read timeout", "pg"),
];
