import { formatDuration } from "../duration.ts";
import type { PlanDocument, StepDocument } from "./plan-schema.ts";
import type { Plan, Step } from "./plan.ts";

/** A plan as it is written: durations as text. What reads it back gives the same plan, with the same digest. */
export function planDocument({ steps, deadlineMs, ...head }: Plan): PlanDocument {
  const { schemaVersion, id, title, environment, suite, because } = head;
  return {
    schemaVersion,
    id,
    title,
    environment,
    ...(suite !== undefined && { suite }),
    ...(deadlineMs !== undefined && { deadline: formatDuration(deadlineMs) }),
    because: [...because],
    steps: steps.map(stepDocument),
  };
}

function stepDocument({ estimateMs, verify, ...step }: Step): StepDocument {
  const { id, title, priority, phase, needs, ...rest } = step;
  const calls = verify.map((given) => {
    const { withinMs, ...call } = given;
    const { windowMs, ...rest } = { windowMs: undefined, ...call };
    return {
      ...rest,
      ...(windowMs !== undefined && { window: formatDuration(windowMs) }),
      ...(withinMs !== undefined && { within: formatDuration(withinMs) }),
    };
  });
  const estimate = formatDuration(estimateMs);
  return { id, title, priority, phase, estimate, needs, ...rest, verify: calls } as unknown as StepDocument;
}
