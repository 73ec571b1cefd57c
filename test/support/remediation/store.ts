import type { JournalStore } from "../../../services/remediation/journal.ts";
import { createPostgresJournal } from "../../../src/store/postgres-journal.ts";
import { openSqliteJournal } from "../../../src/store/sqlite-journal.ts";

/** Where a store is, as it can be told to another process. */
export type StorePlace = { readonly path: string } | { readonly url: string };

export const openPlace = async (place: StorePlace): Promise<JournalStore> =>
  "path" in place
    ? openSqliteJournal(place.path)
    : createPostgresJournal({ url: place.url, tls: { mode: "off" } });
