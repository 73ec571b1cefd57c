import type { FastifySchema } from "fastify";

/** JSON Schemas of what the API takes and answers; the OpenAPI document is made of them. */

const status = { type: "string", enum: ["pass", "warn", "fail"] } as const;

export const HealthQuery = {
  type: "object",
  additionalProperties: false,
  properties: {
    fail_on: {
      type: "string",
      enum: ["warn"],
      description: "Answer 503 for `warn` too, for monitors that cannot read a body.",
    },
    fresh: {
      type: "string",
      enum: ["1", "true"],
      description: "Observe now, and answer with the result. At most once a second.",
    },
  },
} as const;

/** A route that the OpenAPI document leaves out. */
export const HIDDEN: FastifySchema & { hide: true } = { hide: true };

export const NoQuery = { type: "object", additionalProperties: false, properties: {} } as const;

export const CauseSchema = {
  type: "object",
  description: "Why the check does not pass.",
  required: ["code", "title", "message", "rung", "retryable", "owner", "remedies"],
  properties: {
    code: { type: "string", examples: ["CONNECT_REFUSED"] },
    title: { type: "string" },
    message: { type: "string", description: "What was seen; holds no secret." },
    rung: {
      type: "string",
      enum: ["resolve", "connect", "secure", "authenticate", "authorize", "query", "assert"],
    },
    retryable: { type: "boolean", description: "Whether it may go away by itself." },
    owner: { type: "string" },
    evidence: { type: "string", description: "The driver's own code." },
    remedies: { type: "array", items: { type: "string" } },
  },
} as const;

const nextSteps = { type: "array", items: { type: "string" } } as const;
const assurance = { type: "string", enum: ["real", "emulator", "mock"] } as const;
const rungs = { type: "array", items: { type: "object", additionalProperties: true } } as const;

/** One of several servers that may serve, as health shows it. */
const CandidateSchema = {
  type: "object",
  required: ["name", "kind", "status", "serves"],
  properties: {
    name: { type: "string" },
    kind: assurance,
    status: { type: "string", enum: ["pass", "warn", "fail", "unknown"] },
    serves: { type: "boolean" },
    cause: CauseSchema,
  },
} as const;

const CheckSchema = {
  type: "object",
  required: ["componentId", "componentType", "status", "required", "breaker", "stale", "ageMs"],
  properties: {
    componentId: { type: "string" },
    componentType: { type: "string" },
    status: { type: "string", enum: ["pass", "warn", "fail", "unknown"] },
    required: { type: "boolean" },
    observedValue: { type: "number" },
    observedUnit: { type: "string", const: "ms" },
    time: { type: "string", format: "date-time" },
    output: { type: "string" },
    cause: CauseSchema,
    rungs,
    serving: { type: "string", description: "The candidate that serves; only of the auth service." },
    version: {
      type: "string",
      description: "What the server says of itself; while it does not answer, what it said last.",
    },
    assurance: { ...assurance, description: "How much a pass proves about the real service." },
    candidates: {
      type: "array",
      description: "In order of priority: which serves, and why the others do not.",
      items: CandidateSchema,
    },
    breaker: {
      type: "object",
      required: ["state"],
      properties: {
        state: { type: "string", enum: ["closed", "open", "halfOpen"] },
        openedAt: { type: "string", format: "date-time" },
        nextTryAt: { type: "string", format: "date-time" },
      },
    },
    stale: { type: "boolean" },
    ageMs: { type: "integer" },
  },
} as const;

export const HealthBody = {
  type: "object",
  description: "draft-inadarei-api-health-check-06, with `cause`, `rungs`, `breaker`, `stale` and `ageMs`.",
  required: ["status", "environment", "stale", "ageMs", "checks"],
  properties: {
    status,
    version: { type: "string" },
    serviceId: { type: "string" },
    environment: { type: "string" },
    stale: { type: "boolean" },
    ageMs: { type: "integer" },
    output: { type: "string" },
    checks: { type: "object", additionalProperties: { type: "array", items: CheckSchema } },
  },
} as const;

export const SelfBody = {
  type: "object",
  required: ["status"],
  properties: { status, phase: { type: "string", enum: ["starting", "ready", "draining"] } },
} as const;

export const ExplanationBody = {
  type: "object",
  required: ["dependency", "status", "summary", "rungs", "nextSteps"],
  properties: {
    dependency: { type: "string" },
    status: { type: "string" },
    summary: { type: "string" },
    cause: CauseSchema,
    explanation: { type: "string" },
    rungs,
    nextSteps,
    version: { type: "string", description: "What the server says of itself." },
    candidates: {
      type: "array",
      description: "Only of the auth service, in order of priority.",
      items: {
        ...CandidateSchema,
        required: [...CandidateSchema.required, "rungs", "nextSteps"],
        properties: { ...CandidateSchema.properties, rungs, nextSteps },
      },
    },
  },
} as const;

export const ProblemBody = {
  type: "object",
  description: "RFC 9457.",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string" },
    run: { type: "string", description: "The command to run instead, where access is refused." },
  },
} as const;

/** The two media types of one health body. */
export const healthContent = (description: string): Record<string, unknown> => ({
  description,
  content: { "application/json": { schema: HealthBody }, "application/health+json": { schema: HealthBody } },
});

export const problemContent = (description: string): Record<string, unknown> => ({
  description,
  content: { "application/problem+json": { schema: ProblemBody } },
});
