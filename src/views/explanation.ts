import * as v from "valibot";

const TEXT = v.pipe(v.string(), v.maxLength(2000));
const LIST_LIMIT = 50;

const causeSchema = v.object({
  code: TEXT,
  title: TEXT,
  message: TEXT,
  rung: TEXT,
  retryable: v.boolean(),
  owner: TEXT,
  evidence: v.optional(TEXT),
  remedies: v.pipe(v.array(TEXT), v.maxLength(LIST_LIMIT), v.readonly()),
});

const statusSchema = v.picklist(["pass", "warn", "fail", "unknown"]);

const rungSchema = v.object({
  rung: TEXT,
  status: statusSchema,
  durationMs: v.optional(v.number()),
  note: v.optional(TEXT),
  cause: v.optional(TEXT),
  because: v.optional(TEXT),
});

const candidateSchema = v.object({
  name: TEXT,
  kind: TEXT,
  status: statusSchema,
  serves: v.boolean(),
  cause: v.optional(causeSchema),
  rungs: v.pipe(v.array(rungSchema), v.maxLength(LIST_LIMIT), v.readonly()),
  nextSteps: v.pipe(v.array(TEXT), v.maxLength(LIST_LIMIT), v.readonly()),
});

const explanationSchema = v.object({
  dependency: TEXT,
  status: statusSchema,
  summary: TEXT,
  cause: v.optional(causeSchema),
  explanation: v.optional(TEXT),
  rungs: v.pipe(v.array(rungSchema), v.maxLength(LIST_LIMIT), v.readonly()),
  nextSteps: v.pipe(v.array(TEXT), v.maxLength(LIST_LIMIT), v.readonly()),
  version: v.optional(TEXT),
  candidates: v.optional(v.pipe(v.array(candidateSchema), v.maxLength(LIST_LIMIT), v.readonly())),
});

/** What `services/why` says of one dependency, here or over HTTP. */
export type Explanation = v.InferOutput<typeof explanationSchema>;
export type RungView = Explanation["rungs"][number];
/** One of several servers that may serve. */
export type CandidateView = NonNullable<Explanation["candidates"]>[number];

/**
 * Checks an explanation, wherever it comes from.
 *
 * @throws {v.ValiError} when it is none.
 */
export function parseExplanation(value: unknown): Explanation {
  return v.parse(explanationSchema, value);
}
