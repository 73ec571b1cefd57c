import type { StandingStore } from "../../services/gate/standing-store.ts";
import type { JournalStore } from "../../services/remediation/journal.ts";
import type { Config } from "../config/config.ts";
import type { StoreOptions } from "../config/store.ts";

/**
 * The store that the configuration names; what only the other kind needs is not loaded. Postgres is first asked with the
 * first call.
 *
 * @throws {StoreError} when the file cannot be used.
 */
export async function openStore(options: StoreOptions): Promise<JournalStore> {
  if (options.kind === "postgres") {
    const { createPostgresJournal } = await import("./postgres-journal.ts");
    return createPostgresJournal(options);
  }
  const { openSqliteJournal } = await import("./sqlite-journal.ts");
  return openSqliteJournal(options.path);
}

/** Of one statement about holds and leases, ms: somebody waits for it, and so does the end of the service. */
const STANDING_MS = 2000;

/** How holds and leases are remembered; nothing where the configuration names no store. */
export function openStandingFor({ standingStore: options, environment }: Config): {
  openStanding?: () => Promise<StandingStore>;
} {
  return options === undefined ? {} : { openStanding: () => openStanding(options, environment) };
}

async function openStanding(options: StoreOptions, environment: string): Promise<StandingStore> {
  if (options.kind === "postgres") {
    const { createPostgresStanding } = await import("./postgres-standing.ts");
    return createPostgresStanding({ ...options, statementMs: STANDING_MS }, environment);
  }
  const { openSqliteStanding } = await import("./sqlite-standing.ts");
  return openSqliteStanding(options.path, environment);
}
