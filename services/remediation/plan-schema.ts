/** A plan as it is written in YAML or JSON; durations are text there and milliseconds in what comes out. */
import * as v from "valibot";
import {
  MAPPING,
  choice,
  duration,
  flag,
  id,
  json,
  jsonMapping,
  name,
  text,
  texts,
  whole,
} from "./plan-values.ts";
import { VERIFIER_KEYS, verifierSchema } from "./plan-verify-schema.ts";

const optional = v.exactOptional;

const MOST_STEPS = 200;

const actionSchema = v.strictObject(
  {
    kind: id("Which action is done."),
    params: jsonMapping("What the action takes."),
  },
  MAPPING,
);

const changeSchema = v.strictObject(
  {
    symbol: choice("`+` adds, `~` changes, `-` removes, `!` asks a person.", ["+", "~", "-", "!"]),
    target: text("What it touches."),
    before: json("What is there now, by field."),
    after: json("What will be there, by field."),
  },
  MAPPING,
);

const rollbackSchema = v.variant(
  "kind",
  [
    v.strictObject({ kind: v.literal("automatic") }, MAPPING),
    v.strictObject(
      { kind: v.literal("manual"), instructions: text("What a person does to undo it.") },
      MAPPING,
    ),
    v.strictObject({ kind: v.literal("none"), because: text("Why nothing has to be undone.") }, MAPPING),
  ],
  "one of `automatic`, `manual`, `none`",
);

export const stepSchema = v.strictObject(
  {
    id: id("Names the step; unique in the plan."),
    title: text("What is done, for people."),
    priority: choice("`P0` blocks the suite now, `P1` would again, `P2` is hygiene.", ["P0", "P1", "P2"]),
    phase: whole("Shown together; steps of a later phase need all of the earlier ones.", {
      min: 1,
      max: 20,
    }),
    estimate: duration("How long it is expected to take."),
    needs: optional(
      v.pipe(
        v.array(id("The id of a step."), "a list of ids of steps"),
        v.maxLength(MOST_STEPS, `a list of at most ${MOST_STEPS} ids`),
        v.description("Ids of steps that must be done before."),
      ),
    ),
    action: v.pipe(actionSchema, v.description("What it does.")),
    change: optional(
      v.pipe(
        changeSchema,
        v.description("What the change was when the plan was made; none in a plan by hand."),
      ),
    ),
    verify: v.pipe(
      v.array(verifierSchema, "a list of checks"),
      v.maxLength(20, "a list of at most 20 checks"),
      v.description("What must hold after the step, in order; the first that does not rolls it back."),
    ),
    rollback: v.pipe(rollbackSchema, v.description("How it is undone when it does not hold.")),
    risk: choice("How much can go wrong.", ["low", "medium", "high"]),
    approval: optional(flag("Whether a person must approve this step by name; default false.")),
    owner: text("Who answers for it."),
    success: optional(texts("Sentences that are true when it worked, for people.")),
    command: optional(text("The equivalent for a person's shell.")),
  },
  MAPPING,
);

/** All but the steps. */
export const headEntries = {
  $schema: optional(text("Where the JSON Schema is, for editors.")),
  schemaVersion: v.pipe(v.literal(1, "the number 1"), v.description("The version of this format.")),
  id: id("Names the plan."),
  title: text("What the plan puts right, for people."),
  environment: name("The environment that is changed."),
  suite: optional(name("What it is to put right: a suite or a dependency.")),
  deadline: optional(duration("The whole may take so long.")),
  because: optional(texts("Why each step is there, one sentence each.", 400)),
};

export const stepsMessage = `a list of 1 to ${MOST_STEPS} steps`;

/** A plan as a whole; the published JSON Schema is made of it. */
export const planSchema = v.strictObject(
  {
    ...headEntries,
    steps: v.pipe(
      v.array(stepSchema, stepsMessage),
      v.minLength(1, stepsMessage),
      v.maxLength(MOST_STEPS, stepsMessage),
      v.description("The steps."),
    ),
  },
  MAPPING,
);

/** The plan without a look into its steps: each is checked by itself, so that one fault does not hide others. */
export const outlineSchema = v.strictObject(
  {
    ...headEntries,
    steps: v.pipe(
      v.array(v.unknown(), stepsMessage),
      v.minLength(1, stepsMessage),
      v.maxLength(MOST_STEPS, stepsMessage),
    ),
  },
  MAPPING,
);

export type ParsedStep = v.InferOutput<typeof stepSchema>;
export type ParsedOutline = v.InferOutput<typeof outlineSchema>;
/** A plan as it is written. */
export type PlanDocument = v.InferInput<typeof planSchema>;
export type StepDocument = v.InferInput<typeof stepSchema>;

/** The keys known at a place, for suggestions. `path` is that of the mapping. */
export function keysAt(path: readonly string[]): readonly string[] {
  if (path.length === 0) return Object.keys(planSchema.entries);
  if (path.length === 2) return Object.keys(stepSchema.entries);
  const part = path[2];
  if (part === "verify") return VERIFIER_KEYS;
  if (part === "action") return Object.keys(actionSchema.entries);
  if (part === "change") return Object.keys(changeSchema.entries);
  return part === "rollback" ? ["kind", "instructions", "because"] : [];
}
