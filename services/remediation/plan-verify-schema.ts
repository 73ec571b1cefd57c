/** How a plan says what is checked after a step: one shape for each kind of verifier. */
import * as v from "valibot";
import { MOST_WINDOW_MS } from "../history/availability.ts";
import { MAPPING, choice, duration, json, jsonMapping, text, texts, whole } from "./plan-values.ts";

const optional = v.exactOptional;

const within = optional(duration("For how long it is asked again until it holds.", 3_600_000));
const dependency = text("The name of a dependency, as it is configured.");

const http = v.strictObject(
  {
    kind: v.literal("http"),
    url: v.pipe(
      text("What is asked."),
      v.regex(/^https?:\/\/[^\s@]+$/, "an http:// or https:// address without a password"),
    ),
    method: optional(choice("Default: GET.", ["GET", "HEAD"])),
    status: optional(whole("The status that is wanted; default 200.", { min: 100, max: 599 })),
    equals: optional(jsonMapping("JSON pointers into the answer, and what must stand there.")),
    within,
  },
  MAPPING,
);

const sql = v.strictObject(
  {
    kind: v.literal("sql"),
    dependency,
    query: text("One statement that reads."),
    params: optional(
      v.pipe(
        v.array(json("A value bound to the statement."), "a list of values"),
        v.description("Values bound to it."),
      ),
    ),
    equals: json("The first column of the first row."),
    within,
  },
  MAPPING,
);

const exec = v.strictObject(
  {
    kind: v.literal("exec"),
    command: v.pipe(
      texts("A program and its arguments, one by one: no shell reads them."),
      v.nonEmpty("a list with a program in it"),
    ),
    exitCode: optional(whole("Default: 0.", { min: 0, max: 255 })),
    within,
  },
  MAPPING,
);

const probe = v.strictObject(
  {
    kind: v.literal("probe"),
    dependency,
    times: optional(whole("So many observations in a row must pass; default 1.", { min: 1, max: 100 })),
    within,
  },
  MAPPING,
);

const gcp = v.strictObject(
  {
    kind: v.literal("gcp"),
    resource: text("What is read: `run.googleapis.com/v2/projects/p/locations/r/services/s`."),
    pointer: v.pipe(
      text("JSON pointer into the resource."),
      v.regex(/^(?:\/|$)/, "a JSON pointer, which begins with `/`"),
    ),
    equals: json("What must stand there."),
    within,
  },
  MAPPING,
);

const lint = v.strictObject(
  {
    kind: v.literal("lint"),
    what: choice("Which lint must find nothing.", ["markers", "awaits"]),
    folder: text("The folder that is linted."),
    within,
  },
  MAPPING,
);

const deployment = v.strictObject(
  {
    kind: v.literal("deployment"),
    project: text("The project of the Cloud Run service."),
    region: text("Its region."),
    service: text("Its name."),
    image: optional(text("The image it has to run.")),
    release: optional(text("The release it has to be: a version or a commit.")),
    within,
  },
  MAPPING,
);

const criterion = v.strictObject(
  {
    kind: v.literal("criterion"),
    indicator: text(
      "`verdict:SUITE`, 1 for go and 0 for anything else; `duration:DEPENDENCY`, in ms; or `availability:DEPENDENCY`, the share of the window in which it passed, in percent, as a service has seen it.",
    ),
    operator: choice("How it is compared with the target.", ["<", "<=", "==", ">=", ">"]),
    target: v.pipe(v.number("a number"), v.finite("a number"), v.description("What it is compared with.")),
    window: optional(
      duration("Of an availability: the time up to now that counts; from 10s; default 10m.", MOST_WINDOW_MS),
    ),
    minSamples: optional(
      whole("Of an availability: observations that the window must hold; default 10.", {
        min: 1,
        max: 100_000,
      }),
    ),
    within,
  },
  MAPPING,
);

export const VERIFIER_KINDS = [
  "http",
  "sql",
  "exec",
  "probe",
  "gcp",
  "lint",
  "deployment",
  "criterion",
] as const;

/** One check, durations as text; what comes out of it is a `VerifierCall`. */
export const verifierSchema = v.variant(
  "kind",
  [http, sql, exec, probe, gcp, lint, deployment, criterion],
  `one of ${VERIFIER_KINDS.map((kind) => `\`${kind}\``).join(", ")}`,
);

/** Every key that any kind knows. */
export const VERIFIER_KEYS: readonly string[] = [
  ...new Set(verifierSchema.options.flatMap(({ entries }) => Object.keys(entries))),
];

export type ParsedVerifier = v.InferOutput<typeof verifierSchema>;
