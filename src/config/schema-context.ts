/** What can be said about telling which environment this is. */
import * as v from "valibot";
import {
  DEFAULT_WEIGHTS,
  ENVIRONMENTS,
  type KnownEnvironment,
  type Tier,
} from "../../services/context/kinds.ts";
import { MAPPING, about, integer, name, text, texts } from "./values.ts";

const SOURCE = /^[A-Za-z_.][\w.-]{0,99}$/;

const weight = (tier: Tier, meaning: string, min: 0 | 1) =>
  v.optional(integer(meaning, { min, max: 100 }), DEFAULT_WEIGHTS[tier]);

const labels = (environment: KnownEnvironment) =>
  v.optional(
    texts(`More labels of ${environment} in names, each matched whole.`, { fallback: "the usual ones" }),
    [],
  );

export const contextSchema = v.strictObject(
  {
    weights: v.optional(
      v.strictObject(
        {
          flag: weight("flag", "How much `--env` proves, in hundredths.", 1),
          declared: weight("declared", "A server's own word (`declares`).", 1),
          variable: weight("variable", "The key `environment`.", 1),
          customary: weight(
            "customary",
            "APP_ENV, ENVIRONMENT, NODE_ENV and their like. 0: hints of this kind are passed over.",
            0,
          ),
          platform: weight("platform", "What the platform calls what runs on it, and CI systems.", 0),
          project: weight("project", "Ids of projects.", 0),
          url: weight("url", "Hosts and databases of the configured URLs.", 0),
          file: weight("file", "Names of files. They never decide.", 0),
        },
        MAPPING,
      ),
      {},
    ),
    labels: v.optional(
      v.strictObject(
        {
          production: labels("production"),
          staging: labels("staging"),
          development: labels("development"),
          test: labels("test"),
          ci: labels("ci"),
        },
        MAPPING,
      ),
      {},
    ),
    projects: v.optional(
      v.pipe(
        v.record(
          v.string(),
          v.picklist(ENVIRONMENTS, `one of ${ENVIRONMENTS.map((each) => `\`${each}\``).join(", ")}`),
          MAPPING,
        ),
        v.description("Whole ids of projects, each with its environment: `{ acme-7: staging }`."),
        about({ type: "lists of ids with their environment", fallback: "none" }),
      ),
      {},
    ),
    ignore: v.optional(
      v.pipe(
        v.array(
          name(
            "Who is passed over.",
            SOURCE,
            "a name that `greenlight context` shows, such as `NODE_ENV` or `redis.host`",
          ),
          "a list of names",
        ),
        v.description(
          "Hints that are passed over, by the names that `greenlight context` shows: `NODE_ENV`, `redis.host`.",
        ),
        about({ type: "list of text", fallback: "none" }),
      ),
      [],
    ),
  },
  MAPPING,
);

export type ParsedContext = v.InferOutput<typeof contextSchema>;

/** Where a dependency itself says which environment it is; asked for when that is to be known. */
export const declaresQuery = v.optional(
  text("A statement whose single value names the environment that this server is of.", {
    secret: true,
    fallback: "it declares nothing",
  }),
);

export const declaresKey = v.optional(
  text("A key whose text names the environment that this server is of.", { fallback: "it declares nothing" }),
);

export const declaresPointer = v.optional(
  name(
    "A member of the JSON answer (RFC 6901, such as `/environment`) that names the environment it is of.",
    /^(?:\/(?:[^~/]|~[01])*)+$/,
    "a JSON pointer: `/` before each step, with `~0` for `~` and `~1` for `/`",
    "it declares nothing",
  ),
);
