import type { JournalStore } from "../../../services/remediation/journal.ts";

/** Where a store is, as it can be told to another process. */
export type StorePlace = { readonly path: string } | { readonly url: string };

/** Loads what the place needs and no more: processes that are about to be killed are started by the hundred. */
export async function openPlace(place: StorePlace): Promise<JournalStore> {
  if ("path" in place) {
    const { openSqliteJournal } = await import("../../../src/store/sqlite-journal.ts");
    return openSqliteJournal(place.path);
  }
  const { createPostgresJournal } = await import("../../../src/store/postgres-journal.ts");
  return createPostgresJournal({ url: place.url, tls: { mode: "off" } });
}
