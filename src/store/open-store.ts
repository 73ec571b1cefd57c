import type { JournalStore } from "../../services/remediation/journal.ts";
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
