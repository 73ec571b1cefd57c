/** The one schema of `greenlight.yaml`: checks the file, and is published as JSON Schema and reference. */
import * as v from "valibot";
import { accessSchema } from "./schema-access.ts";
import { authSchema } from "./schema-auth.ts";
import { contextSchema } from "./schema-context.ts";
import { redisSchema, sqlSchema } from "./schema-dependencies.ts";
import { policiesSchema, waiversSchema } from "./schema-policies.ts";
import { driftSchema } from "./schema-drift.ts";
import { envFilesSchema } from "./schema-env-files.ts";
import { gcpSchema } from "./schema-gcp.ts";
import { remediationSchema } from "./schema-remediation.ts";
import { storeSchema } from "./schema-store.ts";
import { suitesSchema } from "./schema-suites.ts";
import { httpSchema, tcpSchema, websocketSchema } from "./schema-targets.ts";
import { MAPPING, about, choice, duration, environmentName, flag, integer, text } from "./values.ts";

const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** What a configuration file may hold; the output has durations in milliseconds and defaults filled in. */
export const configSchema = v.strictObject(
  {
    environment: v.optional(environmentName("Which environment this is."), "unknown"),
    context: v.optional(contextSchema, {}),
    listen: v.optional(
      v.strictObject(
        {
          host: v.optional(
            text("Address to listen on.", { fallback: "`127.0.0.1`; `0.0.0.0` on Cloud Run" }),
          ),
          port: v.optional(integer("Port to listen on; 0 takes a free one.", { min: 0, max: 65_535 }), 8080),
        },
        MAPPING,
      ),
      {},
    ),
    access: v.optional(accessSchema, {}),
    strict: v.optional(
      flag("Strict validation: errors among the findings stop every suite, and a mock never serves."),
      false,
    ),
    policies: v.optional(policiesSchema, []),
    waivers: v.optional(waiversSchema, []),
    logLevel: v.optional(choice("The least severe line that is logged.", LEVELS), "info"),
    probe: v.optional(
      v.strictObject(
        {
          interval: v.optional(duration("Time between two observations.", { min: 100 }), "1s"),
          maxAge: v.optional(
            duration("A snapshot older than this is refreshed in the request, or served as `stale`."),
            "5s",
          ),
          deadlines: v.optional(
            v.strictObject(
              {
                resolve: v.optional(duration("DNS."), "500ms"),
                connect: v.optional(duration("TCP, TLS and login of a new connection together."), "1s"),
                query: v.optional(duration("One round trip on an open connection."), "450ms"),
                total: v.optional(duration("One whole diagnosis."), "3s"),
              },
              MAPPING,
            ),
            {},
          ),
          breaker: v.optional(
            v.strictObject(
              {
                failures: v.optional(integer("Consecutive failures that open it.", { min: 1, max: 1000 }), 5),
                successes: v.optional(
                  integer("Consecutive successes that close it.", { min: 1, max: 1000 }),
                  2,
                ),
                reset: v.optional(duration("Time from opening to the next trial."), "30s"),
                operation: v.optional(
                  duration("The longest one call may take, whatever its deadlines say."),
                  "10s",
                ),
              },
              MAPPING,
            ),
            {},
          ),
          thresholds: v.optional(
            v.strictObject(
              {
                fail: v.optional(
                  integer("Consecutive failures before the status says so; a definite cause needs one.", {
                    min: 1,
                    max: 1000,
                  }),
                  1,
                ),
                pass: v.optional(
                  integer("Consecutive passes before the status says so.", { min: 1, max: 1000 }),
                  1,
                ),
              },
              MAPPING,
            ),
            {},
          ),
        },
        MAPPING,
      ),
      {},
    ),
    dependencies: v.optional(
      v.strictObject(
        {
          postgres: v.optional(sqlSchema("Postgres")),
          clickhouse: v.optional(sqlSchema("ClickHouse")),
          redis: v.optional(redisSchema),
          auth: v.optional(authSchema),
          websocket: v.optional(websocketSchema),
          http: v.optional(v.array(httpSchema, "a list of HTTP services"), []),
          tcp: v.optional(v.array(tcpSchema, "a list of TCP services"), []),
        },
        MAPPING,
      ),
      {},
    ),
    groups: v.optional(
      v.pipe(
        v.record(
          v.string(),
          v.pipe(
            v.array(v.string("the name of a dependency"), "a list of dependencies"),
            v.nonEmpty("a list with at least one dependency"),
          ),
          MAPPING,
        ),
        v.description("Named sets of dependencies, each served at `/health/{name}`."),
        about({
          type: "lists of dependencies",
          fallback: "`database`: those of `postgres`, `clickhouse` and `redis` that are configured",
        }),
      ),
      {},
    ),
    suites: v.optional(suitesSchema, {}),
    drift: v.optional(driftSchema, {}),
    envFiles: v.optional(envFilesSchema, {}),
    gcp: v.optional(gcpSchema, {}),
    store: v.optional(storeSchema, {}),
    remediation: v.optional(remediationSchema, {}),
  },
  MAPPING,
);

export type Parsed = v.InferOutput<typeof configSchema>;
export type ParsedSql = NonNullable<Parsed["dependencies"]["postgres"]>;
export type ParsedRedis = NonNullable<Parsed["dependencies"]["redis"]>;
