/** What can be said about suites: the names of what is required, or a mapping that says more. */
import * as v from "valibot";
import { checkedLater, either } from "./either.ts";
import {
  assertSchema,
  bannerSchema,
  headersSchema,
  jsonSchema,
  keySchema,
  migrationEntries,
  statusSchema,
  tableSchema,
} from "./schema-expectations.ts";
import { NAME, NAME_EXPECTED } from "./schema-targets.ts";
import { MAPPING, choice, duration, name } from "./values.ts";

/** No name of a kind: those have expectations of their own. */
const TARGET = /^(?!(?:postgres|clickhouse|redis|auth|websocket)$)[a-z][a-z\d-]{0,39}$/;
const VARIABLE = /^[A-Za-z_]\w{0,99}$/;
const DAY_MS = 24 * 3_600_000;
const WINDOW = { min: 0, max: 600_000 };

const common = {
  level: v.optional(
    choice("Whether the suite may start without it, whatever the environment says.", [
      "required",
      "optional",
    ]),
    "required",
  ),
  assurance: v.optional(
    choice(
      "The least that a pass must prove about the real service, where one of several servers may serve.",
      ["real", "emulator", "mock"],
      "`real`",
    ),
  ),
};

const { table, column, version } = migrationEntries({
  table: "that of the dependency; else `schema_migrations`",
  column: "that of the dependency; else `version`",
});

const sql = {
  table: v.optional(tableSchema),
  migration: v.optional(
    v.strictObject({ table: v.optional(table), column: v.optional(column), version }, MAPPING),
  ),
  assert: v.optional(assertSchema),
};
const redis = { key: v.optional(keySchema) };
const http = {
  status: v.optional(statusSchema),
  headers: v.optional(headersSchema),
  json: v.optional(jsonSchema),
};
const tcp = { banner: v.optional(bannerSchema) };

const member = (pattern: RegExp) => name("The name of what is required.", pattern, NAME_EXPECTED);

/** Which expectations there are depends on what is required; that is checked where it is known what that is. */
const anyRequirement = v.strictObject(
  { dependency: v.optional(checkedLater(member(NAME))), ...common, ...sql, ...redis, ...http, ...tcp },
  "the name of a dependency, or a mapping with `dependency`",
);

const short = name("What is required, by name; or a mapping, as in `requires`.", NAME, NAME_EXPECTED);

const requirementSchema = either(
  [
    short,
    v.strictObject({ dependency: member(/^(?:postgres|clickhouse)$/), ...common, ...sql }),
    v.strictObject({ dependency: member(/^redis$/), ...common, ...redis }),
    v.strictObject({ dependency: member(/^(?:auth|websocket)$/), ...common }),
    v.strictObject({ dependency: member(TARGET), ...common, ...http }),
    v.strictObject({ dependency: member(TARGET), ...common, ...tcp }),
  ],
  (input) => (typeof input === "string" ? checkedLater(short) : anyRequirement),
);

/** The list of what a suite requires, in both forms. */
export const requires = v.pipe(
  v.array(requirementSchema, "a list of dependencies"),
  v.nonEmpty("a list with at least one dependency"),
);

const credentials = v.pipe(
  v.array(
    v.strictObject(
      {
        variable: name(
          "A variable of the test run that holds a token (a JWT), which must live as long as the suite takes.",
          VARIABLE,
          "the name of a variable: letters, digits and `_`, no digit first",
        ),
      },
      MAPPING,
    ),
    "a list of credentials",
  ),
  v.nonEmpty("a list with at least one credential"),
);

const expected = duration(
  "How long the suite takes; credentials need it.",
  { min: 1000, max: DAY_MS },
  "not said",
);

const windows = {
  stable: v.optional(duration("For how long all must have been fit at the same moment.", WINDOW), "3s"),
  grace: v.optional(
    duration(
      "From the start of a wait, for how long even that is waited for which waiting cannot cure.",
      WINDOW,
    ),
    "0s",
  ),
};

/** What is missing is missed later, so that one fault does not hide others. */
const suiteMapping = v.strictObject(
  {
    requires: v.optional(requires),
    ...windows,
    expected: v.optional(expected),
    credentials: v.optional(credentials),
  },
  "a list of what it requires, or a mapping with `requires`",
);

const suiteSchema = either(
  [
    requires,
    v.strictObject({ requires, ...windows, expected: v.optional(expected) }),
    v.strictObject({ requires, ...windows, expected, credentials }),
  ],
  (input) => (Array.isArray(input) ? requires : suiteMapping),
);

export const suitesSchema = v.record(
  checkedLater(name("The name of a suite.", NAME, NAME_EXPECTED)),
  suiteSchema,
  "a mapping of names to suites",
);

export type ParsedSuite = v.InferOutput<typeof suiteSchema>;
export type ParsedRequirement = Exclude<v.InferOutput<typeof requirementSchema>, string>;
export type ParsedSuites = v.InferOutput<typeof suitesSchema>;
