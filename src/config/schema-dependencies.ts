/** What can be said about one dependency in `greenlight.yaml`. */
import * as v from "valibot";
import { MAPPING, about, choice, duration, flag, name, scalar, text } from "./values.ts";

const IDENTIFIER = /^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/;

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
  return v.strictObject(
    {
      ...common(kind),
      table: v.optional(
        name("A table that must exist and be readable.", IDENTIFIER, "`table` or `schema.table`"),
      ),
      migration: v.optional(
        v.strictObject(
          {
            table: v.optional(
              name("The table of migrations.", IDENTIFIER, "`table` or `schema.table`"),
              "schema_migrations",
            ),
            column: v.optional(
              name("Its column of versions.", /^[A-Za-z_][\w$]*$/, "the name of a column"),
              "version",
            ),
            version: text("The version its newest row must carry."),
          },
          MAPPING,
        ),
      ),
      assert: v.optional(
        v.array(
          v.strictObject(
            {
              query: text("A statement; the first column of its first row is compared.", { secret: true }),
              params: v.optional(v.array(scalar("Values bound by the server."), "a list of values")),
              equals: scalar("The value expected."),
            },
            MAPPING,
          ),
          "a list of assertions",
        ),
        [],
      ),
    },
    MAPPING,
  );
}

export const redisSchema = v.strictObject(
  {
    ...common("Redis or Valkey"),
    key: v.optional(
      v.pipe(
        v.union(
          [
            v.pipe(v.string(), v.nonEmpty()),
            v.strictObject({ name: v.pipe(v.string(), v.nonEmpty()), equals: v.optional(v.string()) }),
          ],
          "the name of a key, or a mapping with `name` and, if its value matters, `equals`",
        ),
        v.description("A key that must exist: its name, or `{ name, equals }` to compare its string value."),
        about({ type: "text or mapping", secret: true }),
      ),
    ),
  },
  MAPPING,
);
