import * as v from "valibot";

const TEXT = v.pipe(v.string(), v.maxLength(4000));
const MANY = 50;
const texts = v.pipe(v.array(TEXT), v.maxLength(MANY), v.readonly());

const evidenceSchema = v.object({ kind: TEXT, source: TEXT, found: TEXT });
const evidences = v.pipe(v.array(evidenceSchema), v.maxLength(MANY), v.readonly());

const chainSchema = v.object({
  subject: v.object({ kind: v.picklist(["suite", "dependency"]), name: TEXT }),
  dependencies: texts,
  links: v.pipe(
    v.array(v.object({ statement: TEXT, evidence: evidences })),
    v.minLength(1),
    v.maxLength(5),
    v.readonly(),
  ),
  root: v.object({
    code: TEXT,
    title: TEXT,
    explanation: TEXT,
    owner: TEXT,
    remedies: texts,
    actions: v.pipe(v.array(v.object({ kind: TEXT, params: v.unknown() })), v.maxLength(MANY), v.readonly()),
  }),
  ruledOut: v.pipe(
    v.array(v.object({ code: TEXT, evidence: evidenceSchema })),
    v.maxLength(MANY),
    v.readonly(),
  ),
  missing: v.pipe(v.array(v.object({ what: TEXT, because: TEXT })), v.maxLength(MANY), v.readonly()),
  notHelpful: v.pipe(v.array(v.object({ remedy: TEXT, because: TEXT })), v.maxLength(MANY), v.readonly()),
  confidence: v.picklist(["certain", "likely", "none"]),
});

const chainsSchema = v.pipe(v.array(chainSchema), v.maxLength(MANY), v.readonly());

const cloudSchema = v.object({
  state: v.picklist(["none", "reading", "known"]),
  ageMs: v.optional(v.number()),
  refreshing: v.boolean(),
});

/** What lies beneath, as a reader is shown it. */
export type ChainView = v.InferOutput<typeof chainSchema>;
export type CloudView = v.InferOutput<typeof cloudSchema>;

/** What a service adds to an explanation; one of an older version adds nothing. */
const addedSchema = v.object({
  chains: v.optional(chainsSchema, []),
  cloud: v.optional(cloudSchema, { state: "none", refreshing: false }),
});

export interface AddedView {
  readonly chains: readonly ChainView[];
  readonly cloud: CloudView;
}

/** @throws {v.ValiError} when chains or age are of another shape. */
export const parseAdded = (body: unknown): AddedView => v.parse(addedSchema, body);

const suiteSchema = v.object({
  suite: TEXT,
  verdict: v.picklist(["go", "wait", "stop", "inconclusive"]),
  summary: TEXT,
  chains: chainsSchema,
  cloud: cloudSchema,
});

export type SuiteView = v.InferOutput<typeof suiteSchema>;

/** @throws {v.ValiError} when it is no answer for a suite. */
export const parseSuite = (body: unknown): SuiteView => v.parse(suiteSchema, body);
