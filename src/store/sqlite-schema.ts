/** Raised with each change of the tables; kept in SQLite's `user_version`. */
export const SQLITE_VERSION = 3;

/** The ordinal grows with each saving. */
const PLANS = `
CREATE TABLE plans (
  ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
  plan_id TEXT NOT NULL UNIQUE,
  plan TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;`;

/** Holds and leases, of which only the hold has a reason. The last fence stays when its lease has ended. */
const STANDING = `
CREATE TABLE IF NOT EXISTS standing (
  environment TEXT NOT NULL,
  suite TEXT NOT NULL,
  kind TEXT NOT NULL,
  who TEXT NOT NULL,
  ends_at INTEGER NOT NULL,
  reason TEXT,
  lease_id TEXT,
  fence INTEGER,
  PRIMARY KEY (environment, suite, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lease_fences (
  environment TEXT PRIMARY KEY,
  fence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;`;

/** Lock rows stay when a lock is given up, so that fences grow for ever. */
export const SQLITE_TABLES = `
CREATE TABLE runs (
  ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL UNIQUE,
  plan_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  mode TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  started_by TEXT NOT NULL,
  outcome TEXT
) STRICT;
CREATE TABLE events (
  ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  event TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_run ON events (run_id, ordinal);
CREATE TABLE steps (
  run_id TEXT NOT NULL,
  step TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
  fingerprint TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE locks (
  environment TEXT PRIMARY KEY,
  fence INTEGER NOT NULL,
  holder TEXT,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
${PLANS}
${STANDING}
PRAGMA user_version = ${SQLITE_VERSION};
`;

/** From version 1, which kept no order of plans. */
const ORDER_OF_PLANS = `
ALTER TABLE plans RENAME TO plans_unordered;
${PLANS}
INSERT INTO plans (plan_id, plan, digest) SELECT plan_id, plan, digest FROM plans_unordered;
DROP TABLE plans_unordered;
`;

/** From an earlier version: version 2 kept neither holds nor leases. */
export const sqliteUpgrade = (version: number): string =>
  `${version < 2 ? ORDER_OF_PLANS : ""}${STANDING} PRAGMA user_version = ${SQLITE_VERSION};`;
