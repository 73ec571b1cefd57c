import { defineFindings } from "./definition.ts";

const LOOK = "See the keys and what they take: docs/reference/plan.md";

export const PLAN_FINDINGS = defineFindings({
  PLAN_UNREADABLE: {
    title: "a plan cannot be read",
    severity: "error",
    owner: "configuration",
    explanation:
      "The file is missing, may not be read, is no text, or is so large that it is refused before it is parsed. Nothing of it was looked at.",
    remedies: ["Name a plan in YAML or JSON of at most 500000 characters."],
  },
  PLAN_SYNTAX: {
    title: "a plan is not YAML or JSON",
    severity: "error",
    owner: "configuration",
    explanation:
      "The text stops being YAML or JSON at the place named, says a key twice, or holds more values than any plan when its aliases are followed.",
    remedies: ["Mend the line that is named, then run greenlight plan lint again."],
  },
  PLAN_KEY_UNKNOWN: {
    title: "a plan has a key that nothing reads",
    severity: "error",
    owner: "configuration",
    explanation:
      "A key that is misspelt would be left out without a word, so it is refused: an approval or a rollback could be lost that way.",
    remedies: [LOOK, "Rename the key, or take it out."],
  },
  PLAN_KEY_MISSING: {
    title: "a plan lacks a key",
    severity: "error",
    owner: "configuration",
    explanation: "Every step says what it does, how long it takes, who owns it, and how it is undone.",
    remedies: ["Add the key that is named.", LOOK],
  },
  PLAN_VALUE_INVALID: {
    title: "a value in a plan is not of the kind that is expected",
    severity: "error",
    owner: "configuration",
    explanation:
      "Names are made of letters, digits and a few signs that no shell obeys; durations carry their unit; the rest is as the reference says.",
    remedies: ["Write what is expected at the place that is named.", LOOK],
  },
  PLAN_ACTION_UNKNOWN: {
    title: "a step asks for an action that does not exist",
    severity: "error",
    owner: "configuration",
    explanation:
      "Only the actions that Greenlight knows can be applied, verified and taken back. What none of them does is a `manual` step.",
    remedies: [LOOK, "Where no action does it, write a `manual` step with instructions."],
  },
  PLAN_PARAMS_INVALID: {
    title: "an action is not given what it takes",
    severity: "error",
    owner: "configuration",
    explanation:
      "Each action checks its parameters: which there are, how names are made, which ranges a connector may have. Names that a shell would obey are refused everywhere.",
    remedies: ["Write what is expected at the place that is named.", LOOK],
  },
  PLAN_SECRET: {
    title: "a secret stands in a plan",
    severity: "error",
    owner: "security",
    explanation:
      "A plan is shown, stored, journalled and committed. A password, key or token in it is known to everybody who reads any of these.",
    remedies: [
      "Take it out and change it: it has been seen.",
      "Keep it in Secret Manager, and let the service refer to it.",
    ],
  },
  PLAN_STEP_DUPLICATE: {
    title: "two steps of a plan have one id",
    severity: "error",
    owner: "configuration",
    explanation: "What needs the id, and the journal of a run, cannot tell which of them is meant.",
    remedies: ["Give one of the steps another id."],
  },
  PLAN_STEP_REPEATED: {
    title: "two steps of a plan do the same",
    severity: "warning",
    owner: "configuration",
    explanation:
      "The second finds everything done already. When the first is taken back, the second has nothing to say about it.",
    remedies: ["Keep the first, and let what needs the second need it."],
  },
  PLAN_NEEDS_UNKNOWN: {
    title: "a step needs one that does not exist",
    severity: "error",
    owner: "configuration",
    explanation: "`needs` names ids of steps of the same plan; nothing of this name will ever be done.",
    remedies: ["Name a step of this plan, or take it out of `needs`."],
  },
  PLAN_NEEDS_CYCLE: {
    title: "steps of a plan need each other",
    severity: "error",
    owner: "configuration",
    explanation: "Each waits for another, so none of them can be the first.",
    remedies: ["Take one of the needs out."],
  },
  PLAN_PHASE_ORDER: {
    title: "a step needs one of a later phase",
    severity: "error",
    owner: "configuration",
    explanation:
      "A phase begins when all earlier ones are done, so what stands in a later one comes too late.",
    remedies: ["Move the step that is needed to the same phase or an earlier one."],
  },
  PLAN_PRIORITY_ORDER: {
    title: "what blocks the suite waits for what does not",
    severity: "warning",
    owner: "configuration",
    explanation:
      "A step of priority P0 comes after one of P2, by its phase or by what it needs. Either the suite waits for hygiene, or the other step is more urgent than it says.",
    remedies: [
      "Move the P0 step to an earlier phase, or raise the priority of what it needs, since that blocks too.",
    ],
  },
  PLAN_VERIFY_MISSING: {
    title: "nothing is verified after a step",
    severity: "error",
    owner: "configuration",
    explanation: "Without a check nobody knows whether the step helped, and nothing is ever rolled back.",
    remedies: [
      "Add a check to `verify`: the probe of the dependency that failed, or a field of what was changed.",
    ],
  },
  PLAN_PROBE_MISSING: {
    title: "nothing verifies a step with what failed",
    severity: "warning",
    owner: "configuration",
    explanation:
      "A field that is set as it should be shows that the change was made, not that it helped. Neither the step nor any that needs it asks the probe, the lint or the criterion that failed.",
    remedies: ["Add `{ kind: probe, dependency: … }` to the step, or to one that needs it."],
  },
  PLAN_ROLLBACK_MISSING: {
    title: "a step cannot be undone",
    severity: "error",
    owner: "configuration",
    explanation:
      "It is missing how the step is taken back when its checks do not hold, or there is no way back although something can go wrong. What a person did, only a person can undo.",
    remedies: [
      "Say how: `rollback: { kind: manual, instructions: … }`.",
      "If nothing has to be undone, lower the risk or ask for approval, and say why: `{ kind: none, because: … }`.",
    ],
  },
  PLAN_APPROVAL_MISSING: {
    title: "a destructive step asks for no approval",
    severity: "error",
    owner: "configuration",
    explanation:
      "The step is of high risk, or its action ends or loses something that others use. A person has to approve it by name, beside the plan.",
    remedies: ["Set `approval: true`."],
  },
  PLAN_OVER_DEADLINE: {
    title: "a plan takes longer than its deadline",
    severity: "error",
    owner: "configuration",
    explanation:
      "The critical path is the longest chain of steps that have to wait for each other: however many people work on it, it takes that long. Where only the sum is over the deadline (a warning), it can be held by doing steps side by side, but not by greenlight apply, which does one after the other.",
    remedies: [
      "See which steps are critical: greenlight plan show {file}",
      "Leave out what is not P0, cut estimates that are too cautious, or move the deadline.",
    ],
  },
  PLAN_CONTRADICTION: {
    title: "two steps of a plan contradict each other",
    severity: "error",
    owner: "configuration",
    explanation:
      "What one of them does, the other undoes or makes impossible: a variable set and removed, a connector beside Direct VPC egress, one name for two things. Which of them holds depends on the order.",
    remedies: ["Keep one of them; name the other under `because` as an alternative."],
  },
});

export type PlanFindingCode = keyof typeof PLAN_FINDINGS;
