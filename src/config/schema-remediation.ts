/** What can be said about putting things right: what the service may do by itself, how often, for how long. */
import * as v from "valibot";
import { MAPPING, duration, integer, texts } from "./values.ts";

export const remediationSchema = v.strictObject(
  {
    autoApply: v.optional(
      texts(
        "Kinds of actions that the service applies by itself when something fails, such as `reset-breaker`. Never in production or where that is not known, and never what is destructive or wants a person.",
        { fallback: "none: the service never applies anything by itself" },
      ),
      [],
    ),
    attempts: v.optional(
      integer("How often an action is begun without success before it is left to a person.", {
        min: 1,
        max: 20,
      }),
      3,
    ),
    applyTimeout: v.optional(
      duration("The longest that one call of an action may take.", { min: 1000 }),
      "20m",
    ),
  },
  MAPPING,
);

export type ParsedRemediation = v.InferOutput<typeof remediationSchema>;
