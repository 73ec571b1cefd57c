/** Raised with each change of the tables; kept in `greenlight_store`. */
export const POSTGRES_VERSION = 3;

/** Any number, as long as all Greenlights take the same: who makes the tables holds it. */
export const SCHEMA_LOCK = 7_147_220_906;

/** Holds and leases, of which only the hold has a reason. The last fence stays when its lease has ended. */
const STANDING = `
CREATE TABLE IF NOT EXISTS greenlight_standing (
  environment text NOT NULL,
  suite text NOT NULL,
  kind text NOT NULL,
  who text NOT NULL,
  ends_at bigint NOT NULL,
  reason text,
  lease_id text,
  fence bigint,
  PRIMARY KEY (environment, suite, kind)
);
CREATE TABLE IF NOT EXISTS greenlight_lease_fences (
  environment text PRIMARY KEY,
  fence bigint NOT NULL
);`;

/** Lock rows stay when a lock is given up, so that fences grow for ever. */
export const POSTGRES_TABLES = `
CREATE TABLE greenlight_store (version integer NOT NULL);
INSERT INTO greenlight_store VALUES (${POSTGRES_VERSION});
CREATE TABLE greenlight_runs (
  ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL UNIQUE,
  plan_id text NOT NULL,
  environment text NOT NULL,
  mode text NOT NULL,
  started_at bigint NOT NULL,
  started_by text NOT NULL,
  outcome text
);
CREATE TABLE greenlight_events (
  ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL REFERENCES greenlight_runs (run_id),
  event text NOT NULL
);
CREATE INDEX greenlight_events_of_run ON greenlight_events (run_id, ordinal);
CREATE TABLE greenlight_steps (
  run_id text NOT NULL,
  step text NOT NULL,
  fingerprint text NOT NULL,
  PRIMARY KEY (run_id, step)
);
CREATE TABLE greenlight_attempts (
  fingerprint text PRIMARY KEY,
  count integer NOT NULL
);
CREATE TABLE greenlight_locks (
  environment text PRIMARY KEY,
  fence bigint NOT NULL,
  holder text,
  expires_at bigint NOT NULL
);
CREATE TABLE greenlight_plans (
  ordinal bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  plan_id text PRIMARY KEY,
  plan text NOT NULL,
  digest text NOT NULL
);
${STANDING}
`;

/** From version 1, which kept no order of plans. */
const ORDER_OF_PLANS = `
ALTER TABLE greenlight_plans ADD COLUMN ordinal bigint GENERATED ALWAYS AS IDENTITY UNIQUE;
`;

/** From an earlier version: version 2 kept neither holds nor leases. */
export const postgresUpgrade = (version: number): string =>
  `${version < 2 ? ORDER_OF_PLANS : ""}${STANDING} UPDATE greenlight_store SET version = ${POSTGRES_VERSION};`;
