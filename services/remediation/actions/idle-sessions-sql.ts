import type { Json } from "../action.ts";
import type { Row, SqlCapability } from "../capability.ts";

/** One session, named for ever: the server uses process ids again. */
export type Session = {
  readonly pid: number;
  /** When it began, in microseconds since the epoch. */
  readonly started: string;
  /** When it became idle. */
  readonly since: string;
  /** What it calls itself. */
  readonly application: string;
};

/** How full the server is, as far as this role may fill it. */
export interface Room {
  readonly role: string;
  readonly database: string;
  readonly superuser: boolean;
  /** What the narrowest of the limits leaves, this statement's own session given back. */
  readonly free: number;
  /** The narrowest limit. */
  readonly limit: number;
}

/**
 * The sessions that may be ended: of the role that asks and in its database, of clients and not of replication, idle and
 * not within a transaction, none of Greenlight's, none of a superuser. Two parameters: ms, and how many at most.
 */
const CANDIDATES = `
  a.usename = current_user
  AND a.datname = current_database()
  AND a.backend_type = 'client backend'
  AND a.state = 'idle'
  AND a.pid <> pg_backend_pid()
  AND a.application_name <> 'greenlight'
  AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = a.usesysid AND (r.rolsuper OR r.rolreplication))`;

const COLUMNS = `
  a.pid,
  (extract(epoch FROM a.backend_start) * 1000000)::bigint::text AS started,
  (extract(epoch FROM a.state_change) * 1000000)::bigint::text AS since,
  a.application_name AS application`;

const FIND = `
SELECT ${COLUMNS}
FROM pg_stat_activity a
WHERE ${CANDIDATES}
  AND a.state_change < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
ORDER BY a.state_change, a.pid
LIMIT $2::int`;

/** Those of the list that are still what they were, and have not been used since. */
const STILL = `
FROM jsonb_to_recordset($1::jsonb) AS s(pid int, started text, since text)
JOIN pg_stat_activity a ON a.pid = s.pid
  AND (extract(epoch FROM a.backend_start) * 1000000)::bigint::text = s.started
  AND (extract(epoch FROM a.state_change) * 1000000)::bigint::text = s.since
WHERE ${CANDIDATES}`;

/** A reader sees no \`backend_type\` of others' sessions: background workers are told by what they lack. */
const ROOM = `
WITH clients AS (
  SELECT usesysid, datname FROM pg_stat_activity
  WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
    AND coalesce(backend_type, 'client backend') = 'client backend'
)
SELECT current_user::text AS role,
  current_database()::text AS database,
  r.rolsuper OR r.rolreplication AS superuser,
  current_setting('max_connections')::int
    - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true), '0')::int AS all_limit,
  (SELECT count(*)::int FROM clients) AS all_used,
  r.rolconnlimit AS role_limit,
  (SELECT count(*)::int FROM clients c WHERE c.usesysid = r.oid) AS role_used,
  d.datconnlimit AS database_limit,
  (SELECT count(*)::int FROM clients c WHERE c.datname = d.datname) AS database_used
FROM pg_roles r, pg_database d
WHERE r.rolname = current_user AND d.datname = current_database()`;

interface Asked {
  readonly dependency: string;
  readonly signal: AbortSignal;
}

/** Rejects as `query` does. */
export async function readRoom(sql: SqlCapability, { dependency, signal }: Asked): Promise<Room | undefined> {
  const [row] = await sql.query(dependency, ROOM, [], signal);
  if (row === undefined) return undefined;
  const limits = ["all", "role", "database"]
    .map((name) => ({ limit: Number(row[`${name}_limit`]), used: Number(row[`${name}_used`]) }))
    // -1: there is no limit.
    .filter(({ limit }) => limit >= 0)
    .toSorted((a, b) => a.limit - a.used - (b.limit - b.used));
  const [narrowest = { limit: 0, used: 0 }] = limits;
  return {
    role: textOf(row["role"]),
    database: textOf(row["database"]),
    superuser: row["superuser"] === true,
    free: Math.max(0, narrowest.limit - narrowest.used),
    limit: narrowest.limit,
  };
}

/** The longest idle first. */
export async function findIdle(
  sql: SqlCapability,
  {
    dependency,
    olderThanMs,
    limit,
    signal,
  }: Asked & { readonly olderThanMs: number; readonly limit: number },
): Promise<readonly Session[]> {
  const rows = await sql.query(dependency, FIND, [olderThanMs, limit], signal);
  return rows.map(toSession);
}

/** Those of the sessions that are still there and idle as they were. */
export async function remaining(
  sql: SqlCapability,
  sessions: readonly Session[],
  { dependency, signal }: Asked,
): Promise<readonly Session[]> {
  const rows = await sql.query(dependency, `SELECT ${COLUMNS} ${STILL}`, [JSON.stringify(sessions)], signal);
  return rows.map(toSession);
}

/**
 * Has the server end them: what was used in the meantime is left alone. Between the look and the signal, both in this one
 * statement, a session may still begin to work; nothing on the server closes that gap.
 */
export async function end(
  sql: SqlCapability,
  sessions: readonly Session[],
  { dependency, signal }: Asked,
): Promise<void> {
  await sql.query(
    dependency,
    `SELECT pg_terminate_backend(a.pid) ${STILL}`,
    [JSON.stringify(sessions)],
    signal,
  );
}

const toSession = (row: Row): Session => ({
  pid: Number(row["pid"]),
  started: textOf(row["started"]),
  since: textOf(row["since"]),
  application: textOf(row["application"]),
});

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** The same for a person's shell. */
export const endStatement = ({
  olderThanMs,
  limit,
}: {
  readonly olderThanMs: number;
  readonly limit: number;
}): string =>
  `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE usename = current_user AND datname = current_database() AND backend_type = 'client backend' AND state = 'idle' AND pid <> pg_backend_pid() AND application_name <> 'greenlight' AND state_change < now() - interval '${olderThanMs} milliseconds' ORDER BY state_change LIMIT ${limit}) AS idle`;
