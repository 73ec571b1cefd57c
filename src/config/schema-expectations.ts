/** What can be expected of the content of a dependency: by the environment, or by a suite beyond that. */
import * as v from "valibot";
import { MAPPING, about, integer, name, scalar, text } from "./values.ts";

const IDENTIFIER = /^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/;
export const HEADER = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** Where migrations are kept, unless it is said. */
export const MIGRATIONS = { table: "schema_migrations", column: "version" } as const;

export const tableSchema = name(
  "A table that must exist and be readable.",
  IDENTIFIER,
  "`table` or `schema.table`",
);

/** The members of `migration`, without defaults. */
export function migrationEntries(fallback: { readonly table?: string; readonly column?: string } = {}) {
  return {
    table: name("The table of migrations.", IDENTIFIER, "`table` or `schema.table`", fallback.table),
    column: name("Its column of versions.", /^[A-Za-z_][\w$]*$/, "the name of a column", fallback.column),
    version: text("The version its newest row must carry."),
  };
}

export const assertSchema = v.array(
  v.strictObject(
    {
      query: text("A statement; the first column of its first row is compared.", { secret: true }),
      params: v.optional(v.array(scalar("Values bound by the server."), "a list of values")),
      equals: scalar("The value expected."),
    },
    MAPPING,
  ),
  "a list of assertions",
);

export const keySchema = v.pipe(
  v.union(
    [
      v.pipe(v.string(), v.nonEmpty()),
      v.strictObject({ name: v.pipe(v.string(), v.nonEmpty()), equals: v.optional(v.string()) }),
    ],
    "the name of a key, or a mapping with `name` and, if its value matters, `equals`",
  ),
  v.description("A key that must exist: its name, or `{ name, equals }` to compare its string value."),
  about({ type: "text or mapping", secret: true }),
);

export const statusSchema = v.array(
  integer("Accepted status codes; none: 200 to 299.", { min: 100, max: 599 }),
  "a list of status codes",
);

export const headersSchema = v.array(
  v.strictObject(
    {
      name: name("A header that must be there.", HEADER, "the name of a header"),
      equals: v.optional(text("The value it must carry.", { secret: true, fallback: "any" })),
    },
    MAPPING,
  ),
  "a list of headers",
);

export const jsonSchema = v.array(
  v.strictObject(
    {
      pointer: name(
        "A member of the JSON answer that must be there (RFC 6901, such as `/status`).",
        POINTER,
        "a JSON pointer: empty, or `/` before each step, with `~0` for `~` and `~1` for `/`",
      ),
      equals: v.optional(scalar("The value it must have.", "any")),
    },
    MAPPING,
  ),
  "a list of members",
);

export const bannerSchema = text("What the server says first must begin with this.", {
  fallback: "it need say nothing",
});
