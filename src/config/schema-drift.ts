/** What can be said about drift: which sources are compared with which baseline, and how often. */
import * as v from "valibot";
import { DIALECTS } from "../../services/env-files/dialect.ts";
import { either } from "./either.ts";
import { MAPPING, choice, duration, text, texts } from "./values.ts";

const DAY_MS = 24 * 3_600_000;

const env = text("An env file.");
const dialect = v.optional(choice("How the env file is read.", DIALECTS), "dotenv");
const variables = v.pipe(
  texts("Variables of the process, by name; `*` stands for any characters and `?` for one."),
  v.nonEmpty("a list with at least one name or pattern"),
);
const cloudrun = text(
  "A Cloud Run service as JSON or YAML: of the v2 API, or `gcloud run services describe --format json`.",
);
const configmap = text("A file with Kubernetes ConfigMaps, as JSON or YAML; others in it are passed over.");
const compose = text("A compose file.");

const SHAPES = {
  env: v.strictObject({ env, dialect }),
  variables: v.strictObject({ variables }),
  cloudrun: v.strictObject({ cloudrun }),
  configmap: v.strictObject({ configmap }),
  compose: v.strictObject({ compose }),
} as const;

const ONE_KIND = "a mapping with one of `env`, `variables`, `cloudrun`, `configmap` or `compose`";

const anySource = v.pipe(
  v.strictObject(
    {
      env: v.optional(env),
      dialect: v.optional(choice("How the env file is read.", DIALECTS)),
      variables: v.optional(variables),
      cloudrun: v.optional(cloudrun),
      configmap: v.optional(configmap),
      compose: v.optional(compose),
    },
    ONE_KIND,
  ),
  v.check((source) => kindsOf(source).length === 1, ONE_KIND),
  v.check(
    ({ env, dialect }) => dialect === undefined || env !== undefined,
    "`dialect` beside `env`, and nowhere else",
  ),
);

type AnySource = v.InferOutput<typeof anySource>;

const kindsOf = (source: object): string[] =>
  Object.keys(SHAPES).filter((kind) => Reflect.get(source, kind) !== undefined);

const sourceSchema = either(Object.values(SHAPES), () => anySource) as v.GenericSchema<AnySource, AnySource>;

const ignoreSchema = v.strictObject(
  {
    key: text(
      "What is not compared: a key (`BUILD_ID`), or a key of one source (`env:.env.staging:BUILD_ID`); `*` stands for any characters.",
    ),
    reason: text("Why not."),
  },
  MAPPING,
);

export const driftSchema = v.strictObject(
  {
    baseline: v.optional(
      text("The file of the baseline, which is committed: fingerprints, and no values."),
      "greenlight.baseline.json",
    ),
    keyFile: v.optional(
      text("A file outside the repository that holds the key of the fingerprints.", {
        fallback: "the variable `GREENLIGHT_BASELINE_KEY`, which wins",
      }),
    ),
    sources: v.optional(v.array(sourceSchema, "a list of sources"), []),
    ignore: v.optional(v.array(ignoreSchema, "a list of what is ignored"), []),
    every: v.optional(
      duration("Time between two looks of the service at everything it finds faults in.", {
        min: 1000,
        max: DAY_MS,
      }),
      "60s",
    ),
  },
  MAPPING,
);

export type ParsedDrift = v.InferOutput<typeof driftSchema>;
