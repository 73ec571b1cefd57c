import { FindingSchema } from "./schemas-findings.ts";
import { CauseSchema, NoQuery, ProblemBody, problemContent } from "./schemas.ts";

/** JSON Schemas of the gate; the OpenAPI document is made of them. */

const verdict = { type: "string", enum: ["go", "wait", "stop", "inconclusive"] } as const;
const level = { type: "string", enum: ["required", "optional"] } as const;
const assurance = { type: "string", enum: ["real", "emulator", "mock"] } as const;
const status = { type: "string", enum: ["pass", "warn", "fail", "unknown"] } as const;
export const moment = { type: "string", format: "date-time" } as const;
export const text = { type: "string" } as const;

export const duration = (description: string) =>
  ({ type: "string", pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h)$`, examples: ["60s"], description }) as const;

const GateQuerySchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    wait: duration("Hold the request until `go`, `stop` or this time is up; at most 10m."),
    stable: duration("Instead of the suite's own window; at most 10m."),
    grace: duration("Wait for causes too that waiting cannot cure, for so long; at most 10m."),
    lease: { ...text, description: "The id of the lease that the caller has." },
    strict: {
      type: "string",
      enum: ["true"],
      description:
        "Strict validation: errors among the findings stop the suite, whatever the environment says.",
    },
  },
} as const;

const ReasonSchema = {
  type: "object",
  required: ["code", "level", "effect", "curable", "message"],
  properties: {
    code: { ...text, examples: ["NOT_FIT", "SETTLING", "HELD", "LEASED", "FINDING"] },
    dependency: text,
    level,
    effect: { type: "string", enum: ["blocks", "notes"] },
    curable: { type: "boolean", description: "Whether waiting may cure it." },
    message: text,
    cause: CauseSchema,
    finding: FindingSchema,
  },
} as const;

const GateBody = {
  type: "object",
  description: "Callers without a token get `suite` and `verdict` alone.",
  required: ["suite", "verdict"],
  properties: {
    suite: text,
    verdict,
    fit: { type: "boolean", description: "All that is required is fit at this moment." },
    stableForMs: { type: "integer", description: "For how long it is proven to have been." },
    stableMs: { type: "integer" },
    graceMs: { type: "integer", description: "The suite's own." },
    reasons: { type: "array", items: ReasonSchema },
    strict: { type: "boolean", description: "Findings could stop it; absent where they cannot." },
    waivers: {
      type: "array",
      description: "Findings that are accepted for now.",
      items: {
        type: "object",
        required: ["finding", "reason", "owner", "expires", "daysLeft"],
        properties: {
          finding: text,
          reason: text,
          owner: text,
          expires: { type: "string", format: "date" },
          daysLeft: { type: "integer" },
        },
      },
    },
    checks: {
      type: "array",
      items: {
        type: "object",
        required: ["dependency", "status", "level"],
        properties: {
          dependency: text,
          status,
          level,
          cause: text,
          rung: text,
          durationMs: { type: "number" },
          serving: text,
        },
      },
    },
    environment: text,
    version: text,
    time: moment,
    hold: {
      type: "object",
      required: ["reason", "by", "until"],
      properties: { reason: text, by: text, until: moment },
    },
    lease: {
      type: "object",
      required: ["holder", "expiresAt"],
      properties: { holder: text, expiresAt: moment },
    },
    dependencies: {
      type: "object",
      additionalProperties: {
        type: "object",
        required: ["kind", "status"],
        properties: {
          kind: text,
          status,
          version: text,
          host: text,
          port: { type: "integer" },
          database: text,
          serving: text,
          assurance,
        },
      },
    },
  },
} as const;

export const json = (description: string, schema: unknown) => ({
  description,
  content: { "application/json": { schema } },
});

export const gateSchema = (suite: string): Record<string, unknown> => ({
  tags: ["gate"],
  summary: `Whether ${suite} may start`,
  querystring: GateQuerySchema,
  response: {
    200: json("`go`", GateBody),
    503: {
      description: "Any other verdict; as a problem, `TOO_MANY_WAITING`: too many requests are held.",
      content: {
        "application/json": { schema: GateBody },
        "application/problem+json": { schema: ProblemBody },
      },
    },
    400: problemContent("The query is not understood."),
  },
});

export const gatesSchema = {
  tags: ["gate"],
  summary: "All suites: verdict and requirements",
  querystring: NoQuery,
  response: {
    200: json("The suites", {
      type: "object",
      required: ["suites"],
      properties: {
        suites: {
          type: "array",
          items: {
            type: "object",
            required: ["name", "verdict", "requirements"],
            properties: {
              name: text,
              verdict,
              requirements: {
                type: "array",
                items: { type: "object", properties: { dependency: text, level, assurance } },
              },
            },
          },
        },
      },
    }),
  },
} as const;
