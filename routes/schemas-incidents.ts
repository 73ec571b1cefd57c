import { CauseSchema, problemContent } from "./schemas.ts";

/** JSON Schemas of the incidents; the OpenAPI document is made of them. */

const moment = { type: "string", format: "date-time" } as const;
const text = { type: "string" } as const;

const IncidentSchema = {
  type: "object",
  description: "An interval in which a dependency did not pass.",
  required: ["id", "dependency", "required", "status", "startedAt", "cause", "codes"],
  properties: {
    id: { ...text, description: "Unique in the life of this process." },
    dependency: text,
    required: { type: "boolean" },
    status: { type: "string", enum: ["warn", "fail", "unknown"], description: "The worst it was." },
    lastPassAt: { ...moment, description: "It broke between this and `startedAt`." },
    startedAt: moment,
    endedAt: { ...moment, description: "Absent while it lasts." },
    cause: CauseSchema,
    codes: { type: "array", items: text },
  },
} as const;

export const incidentsSchema = {
  tags: ["incidents"],
  summary: "What did not pass, and when",
  querystring: {
    type: "object",
    additionalProperties: false,
    properties: {
      since: { ...text, description: "Those that had not ended before: a time, or milliseconds since 1970." },
      suite: { ...text, description: "Those of what this suite requires, by its own names." },
    },
  },
  response: {
    200: {
      description: "Oldest first",
      content: {
        "application/json": {
          schema: {
            type: "object",
            required: ["time", "incidents"],
            properties: { time: moment, incidents: { type: "array", items: IncidentSchema } },
          },
        },
      },
    },
    400: problemContent("The query is not understood."),
    404: problemContent("`UNKNOWN_SUITE`"),
  },
} as const;
