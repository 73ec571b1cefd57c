import * as v from "valibot";
import type { Incident } from "../../services/history/incident.ts";
import { causeSchema } from "./gate-answer.ts";

/** What a service says of its incidents, by its own clock. */
export interface IncidentAnswer {
  /** Its wall clock when it answered, in ms. */
  readonly time: number;
  readonly incidents: readonly Incident[];
}

const MOMENT = v.pipe(
  v.string(),
  v.maxLength(40),
  v.transform((text) => Date.parse(text)),
  v.number(),
  v.finite(),
);
const NAME = v.pipe(v.string(), v.maxLength(300));

const answerSchema = v.object({
  time: MOMENT,
  incidents: v.array(
    v.object({
      id: NAME,
      dependency: NAME,
      required: v.boolean(),
      status: v.picklist(["warn", "fail", "unknown"]),
      lastPassAt: v.optional(MOMENT),
      startedAt: MOMENT,
      endedAt: v.optional(MOMENT),
      cause: causeSchema,
      codes: v.array(NAME),
    }),
  ),
});

/** Undefined for whatever is no list of incidents. */
export function parseIncidents(body: unknown): IncidentAnswer | undefined {
  const result = v.safeParse(answerSchema, body);
  // Codes of a newer service are shown as they are.
  return result.success ? (result.output as IncidentAnswer) : undefined;
}

/** The same by a clock that shows `offsetMs` less. */
export function shiftIncident(incident: Incident, offsetMs: number): Incident {
  const { lastPassAt, startedAt, endedAt } = incident;
  return {
    ...incident,
    startedAt: startedAt - offsetMs,
    ...(lastPassAt === undefined ? {} : { lastPassAt: lastPassAt - offsetMs }),
    ...(endedAt === undefined ? {} : { endedAt: endedAt - offsetMs }),
  };
}
