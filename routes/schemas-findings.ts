import { NoQuery } from "./schemas.ts";

/** JSON Schemas of the findings; the OpenAPI document is made of them. */

const moment = { type: "string", format: "date-time" } as const;
const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;
const severity = { type: "string", enum: ["error", "warning", "note"] } as const;
const waiverState = {
  type: "string",
  enum: ["active", "unchecked", "unknown", "expired"],
  description:
    "`unchecked`: in force, and not every area has been looked at. `unknown`: about nothing that is found.",
} as const;

const waiver = {
  type: "object",
  required: ["finding", "reason", "owner", "expires", "daysLeft", "state"],
  properties: {
    finding: text,
    reason: text,
    owner: text,
    expires: { type: "string", format: "date", description: "The last day, in UTC." },
    daysLeft: { type: "integer", description: "Whole days after today; negative once it has expired." },
    state: waiverState,
  },
} as const;

export const FindingSchema = {
  type: "object",
  description: "Something that is wrong in configuration, context or code. No field holds a secret.",
  required: ["code", "id", "severity", "message", "evidence", "owner", "remedies"],
  properties: {
    code: { ...text, examples: ["FLAG_BYPASS"] },
    id: { ...text, description: "What a waiver names; the same in every run." },
    severity,
    message: text,
    place: {
      type: "object",
      required: ["kind"],
      properties: {
        kind: { type: "string", enum: ["file", "variable", "dependency", "source"] },
        file: text,
        line: { type: "integer" },
        column: { type: "integer" },
        name: text,
      },
    },
    evidence: { type: "array", items: text },
    owner: text,
    remedies: { type: "array", items: text },
  },
} as const;

export const findingsSchema = {
  tags: ["findings"],
  summary: "What is wrong in configuration and context, and what of it is accepted",
  querystring: NoQuery,
  response: {
    200: {
      description: "The worst first",
      content: {
        "application/json": {
          schema: {
            type: "object",
            required: ["time", "environment", "complete", "open", "waived", "sources", "findings", "waivers"],
            properties: {
              time: moment,
              environment: text,
              complete: {
                type: "boolean",
                description: "Every area was looked at: only then no finding means that there is none.",
              },
              open: {
                type: "object",
                description: "Findings that no waiver covers.",
                required: ["error", "warning", "note"],
                properties: { error: count, warning: count, note: count },
              },
              waived: count,
              sources: {
                type: "array",
                items: {
                  type: "object",
                  required: ["name", "status", "findings"],
                  properties: {
                    name: text,
                    status: { type: "string", enum: ["pending", "collected", "failed", "late"] },
                    collectedAt: { ...moment, description: "Of its last good answer." },
                    findings: count,
                  },
                },
              },
              findings: {
                type: "array",
                items: {
                  ...FindingSchema,
                  properties: { ...FindingSchema.properties, source: text, waiver },
                },
              },
              waivers: { type: "array", items: waiver },
            },
          },
        },
      },
    },
  },
} as const;
