/** What can be said about the store: where plans, runs and locks are remembered, and holds and leases if it is named. */
import * as v from "valibot";
import { MAPPING, text } from "./values.ts";

export const storeSchema = v.strictObject(
  {
    path: v.optional(
      text(
        "The SQLite file, on a disk of this machine; it is made with its folder. Named, it keeps holds and leases too, over restarts.",
        {
          fallback:
            "`.greenlight/greenlight.db` beside the configuration file; without one, `greenlight/greenlight.db` in the XDG state folder",
        },
      ),
    ),
    url: v.optional(
      text(
        "Connection URL of a Postgres that several machines share, instead of a file; it keeps holds and leases too. A password never stands in the file: write `${VARIABLE}`.",
        { secret: true, fallback: "the SQLite file" },
      ),
    ),
  },
  MAPPING,
);

export type ParsedStore = v.InferOutput<typeof storeSchema>;
