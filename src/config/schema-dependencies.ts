/** What can be said about one dependency in `greenlight.yaml`. */
import * as v from "valibot";
import { declaresKey, declaresQuery } from "./schema-context.ts";
import { MIGRATIONS, assertSchema, keySchema, migrationEntries, tableSchema } from "./schema-expectations.ts";
import { MAPPING, choice, duration, flag, text } from "./values.ts";

function deadline(meaning: string, fallback: string) {
  return v.optional(duration(meaning, {}, fallback));
}

export const tlsSchema = v.optional(
  v.strictObject(
    {
      mode: v.optional(
        choice(
          "`verify-full` checks chain and host name, `verify-ca` the chain alone, `no-verify` neither.",
          ["off", "no-verify", "verify-ca", "verify-full"],
          "what the URL says",
        ),
      ),
      ca: v.optional(
        text("PEM file of the authorities to trust, relative to the configuration file.", {
          fallback: "those of the system",
        }),
      ),
      servername: v.optional(
        text("Name expected in the certificate (Cloud SQL: `project:instance`).", {
          fallback: "the host of the URL",
        }),
      ),
    },
    MAPPING,
  ),
  {},
);

export type ParsedTls = v.InferOutput<typeof tlsSchema>;

/** What can be said of a dependency of any kind. */
export function observed({ total = "`probe.deadlines.total`" } = {}) {
  return {
    required: v.optional(flag("Whether the environment is unfit while this fails."), true),
    interval: v.optional(duration("Time between two observations.", { min: 100 }, "`probe.interval`")),
    warnAbove: v.optional(duration("A passing observation slower than this is `warn`.", {}, "never")),
    deadlines: v.optional(
      v.strictObject(
        {
          resolve: deadline("DNS.", "`probe.deadlines.resolve`"),
          connect: deadline("TCP, TLS and login of a new connection together.", "`probe.deadlines.connect`"),
          query: deadline("One round trip on an open connection.", "`probe.deadlines.query`"),
          total: deadline("One whole diagnosis.", total),
        },
        MAPPING,
      ),
      {},
    ),
  };
}

function common(kind: string) {
  const { required, ...rest } = observed();
  return {
    url: v.optional(
      text(`Connection URL of ${kind}. A password never stands in the file: write \`\${VARIABLE}\`.`, {
        secret: true,
        fallback: "not configured",
      }),
    ),
    required,
    writable: v.optional(
      flag("Whether the tests write; if so, a replica or a read-only user is a failure."),
      true,
    ),
    ...rest,
    tls: tlsSchema,
  };
}

export function sqlSchema(kind: string) {
  const { table, column, version } = migrationEntries();
  return v.strictObject(
    {
      ...common(kind),
      table: v.optional(tableSchema),
      migration: v.optional(
        v.strictObject(
          {
            table: v.optional(table, MIGRATIONS.table),
            column: v.optional(column, MIGRATIONS.column),
            version,
          },
          MAPPING,
        ),
      ),
      assert: v.optional(assertSchema, []),
      declares: declaresQuery,
    },
    MAPPING,
  );
}

export const redisSchema = v.strictObject(
  { ...common("Redis or Valkey"), key: v.optional(keySchema), declares: declaresKey },
  MAPPING,
);
