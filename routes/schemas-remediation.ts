import { json, moment, text } from "./schemas-gate.ts";
import { problemContent } from "./schemas.ts";

/** JSON Schemas of plans and runs; the OpenAPI document is made of them. */

const strings = { type: "array", items: text } as const;
const object = (properties: Record<string, unknown>) => ({ type: "object", properties });
const IdParams = { type: "object", required: ["id"], properties: { id: text } } as const;

const PlanHead = {
  id: text,
  digest: { ...text, description: "Confirms the plan: SHA-256 over its meaning." },
  title: text,
  environment: text,
  suite: text,
};
const PageQuery = {
  type: "object",
  additionalProperties: false,
  properties: {
    limit: { type: "integer", minimum: 1, maximum: 200, default: 50, description: "So many." },
    before: { ...text, description: "Those older than the one with this id." },
  },
} as const;
const next = { ...text, description: "Where the older ones are; absent on the last page." };
const badPage = problemContent("The query is not understood, or there is nothing with the id `before`.");
const Step = object({
  id: text,
  title: text,
  result: { enum: ["done", "failed", "not-run", "rolled-back", "pending", null] },
  because: text,
  begun: { type: "boolean", description: "Whether the world may have been touched." },
});
const RunHead = {
  runId: text,
  plan: text,
  environment: text,
  by: text,
  startedAt: moment,
  outcome: {
    enum: ["succeeded", "rolled-back", "failed", "pending", null],
    description: "null while it runs, or when it was cut off.",
  },
  dryRun: { type: "boolean", description: "Nothing was changed by it." },
};
const unavailable = problemContent(
  "`STORE_UNAVAILABLE`, or nobody can tell what the world is; nothing was changed.",
);
const badBody = problemContent("The body is not understood.");
const noPlan = problemContent("`PLAN_NOT_FOUND`");
const noRun = problemContent("`RUN_NOT_FOUND`");
const conflict = problemContent(
  "`LOCKED`: another run has the environment, see `holder`; `DIGEST_MISMATCH`; `WORLD_MOVED`; `ATTEMPTS_EXHAUSTED`; `RUN_ENDED`. Nothing was changed.",
);
const forbidden = problemContent(
  "`ENVIRONMENT_NOT_APPROVED`, `ENVIRONMENT_MISMATCH`, `NOT_APPROVED`, `PERMISSION_MISSING`. Nothing was changed.",
);
const unprocessable = problemContent("`PLAN_INVALID`, `STEP_REFUSED`. Nothing was changed.");
const started = json(
  "It goes on by itself; follow it at `/events` or at its own address.",
  object({ runId: text }),
);

export const listPlansSchema = {
  tags: ["remediation"],
  summary: "Plans in the store, page by page",
  querystring: PageQuery,
  response: {
    200: json("The newest first.", object({ plans: { type: "array", items: object(PlanHead) }, next })),
    400: badPage,
    503: unavailable,
  },
};

export const makePlanSchema = {
  tags: ["remediation"],
  summary: "Make a plan for what is wrong with a suite or a dependency; changes nothing; for operators",
  body: {
    type: "object",
    additionalProperties: false,
    required: ["suite"],
    properties: { suite: { ...text, description: "A suite, or a dependency." } },
  },
  response: {
    201: json("The plan and its digest.", object({ ...PlanHead, plan: { type: "object" } })),
    400: badBody,
    404: problemContent("`UNKNOWN_SUITE`"),
    409: problemContent("`NOTHING_TO_DO`: nothing is wrong that a plan could put right."),
    503: unavailable,
  },
};

export const showPlanSchema = {
  tags: ["remediation"],
  summary: "One plan",
  params: IdParams,
  response: {
    200: json("The plan and its digest.", object({ ...PlanHead, plan: { type: "object" } })),
    404: noPlan,
    503: unavailable,
  },
};

export const startRunSchema = {
  tags: ["remediation"],
  summary: "Apply a plan that was confirmed; for operators",
  body: {
    type: "object",
    additionalProperties: false,
    required: ["plan", "digest"],
    properties: {
      plan: text,
      digest: text,
      dryRun: { type: "boolean", description: "Look at what each step would do; changes nothing." },
      approvals: { ...strings, description: "Steps that are approved by name." },
      approveEnvironment: {
        ...text,
        description: "The plan's environment, where it is production or not known.",
      },
    },
  },
  response: {
    200: json("A dry run is over.", object({ ...RunHead, steps: { type: "array", items: Step } })),
    202: started,
    400: badBody,
    403: forbidden,
    404: noPlan,
    409: conflict,
    422: unprocessable,
    503: unavailable,
  },
};

export const listRunsSchema = {
  tags: ["remediation"],
  summary: "What was applied and taken back, page by page",
  querystring: PageQuery,
  response: {
    200: json("The newest first.", object({ runs: { type: "array", items: object(RunHead) }, next })),
    400: badPage,
    503: unavailable,
  },
};

export const showRunSchema = {
  tags: ["remediation"],
  summary: "One run, with its journal",
  params: IdParams,
  response: {
    200: json(
      "What each step came to, and every event of the journal.",
      object({
        ...RunHead,
        goesOn: {
          type: "boolean",
          description:
            "Whether it is under way, here or in another process; without that and an outcome it was cut off.",
        },
        steps: { type: "array", items: Step },
        events: { type: "array", items: { type: "object" } },
      }),
    ),
    404: noRun,
    503: unavailable,
  },
};

const Preview = object({
  id: text,
  willUndo: { type: "boolean" },
  because: text,
});

export const takeOverSchema = (summary: string, { previews }: { readonly previews: boolean }) => ({
  tags: ["remediation"],
  summary,
  params: IdParams,
  response: {
    ...(previews && {
      200: json(
        'With `{"dryRun": true}`: what would be taken back; nothing was changed.',
        object({ runId: text, dryRun: { type: "boolean" }, steps: { type: "array", items: Preview } }),
      ),
    }),
    202: started,
    400: badBody,
    403: forbidden,
    404: noRun,
    409: conflict,
    503: unavailable,
  },
});
