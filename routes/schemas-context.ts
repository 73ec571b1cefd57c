import { ENVIRONMENTS, HINTS, STATEMENTS } from "../services/context/kinds.ts";
import { NoQuery } from "./schemas.ts";

/** JSON Schemas of the context; the OpenAPI document is made of them. */

const text = { type: "string" } as const;
const environment = { type: "string", enum: [...ENVIRONMENTS, "unknown"] } as const;
const tier = { type: "string", enum: [...STATEMENTS, ...HINTS] } as const;
const side = {
  type: "object",
  required: ["source", "says"],
  properties: { source: text, says: text },
} as const;

const EvidenceSchema = {
  type: "object",
  required: ["tier", "source", "production", "detail", "weight", "standing"],
  properties: {
    tier,
    source: { ...text, description: "Who says it: `NODE_ENV`, `postgres`, `redis.host`." },
    says: { ...environment, description: "Absent when it names no environment, or several." },
    production: { type: "boolean", description: "Whether it points at production, alone or beside others." },
    detail: { ...text, description: "Never the value of a variable." },
    weight: { type: "number", description: "How much it proves by itself, in hundredths." },
    standing: { type: "string", enum: ["decides", "agrees", "contradicts", "neutral", "silent"] },
    mode: { type: "boolean", description: "A mode of building, which whatever is stronger overrules." },
    trouble: { type: "string", enum: ["missing", "unreadable", "not understood"] },
  },
} as const;

const ContradictionSchema = {
  type: "object",
  required: ["code", "one", "other", "message"],
  properties: { code: text, one: side, other: side, message: text },
} as const;

export const contextSchema = {
  tags: ["context"],
  summary: "Which environment this is, who says so, and who says otherwise",
  querystring: NoQuery,
  response: {
    200: {
      description: "As it was at most ten seconds ago; servers that declare their environment were asked",
      content: {
        "application/json": {
          schema: {
            type: "object",
            required: [
              "environment",
              "confidence",
              "decidedBy",
              "tier",
              "indicators",
              "evidence",
              "contradictions",
              "mayWrite",
              "vetoes",
              "unasked",
            ],
            properties: {
              environment,
              confidence: { type: "number", minimum: 0, maximum: 1 },
              decidedBy: { type: ["string", "null"] },
              tier: { ...tier, type: ["string", "null"], enum: [...tier.enum, null] },
              indicators: {
                type: "object",
                required: ["agree", "total"],
                properties: { agree: { type: "integer" }, total: { type: "integer" } },
              },
              evidence: { type: "array", items: EvidenceSchema, description: "The most binding first." },
              contradictions: { type: "array", items: ContradictionSchema },
              mayWrite: {
                type: "boolean",
                description: "False while it is unknown, or anything points at production.",
              },
              vetoes: { type: "array", items: text, description: "Why it may not be written to." },
              unasked: { type: "array", items: text },
            },
          },
        },
      },
    },
  },
} as const;
