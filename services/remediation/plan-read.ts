import type { ParsedOutline, ParsedStep } from "./plan-schema.ts";
import type { ParsedVerifier } from "./plan-verify-schema.ts";
import type { Plan, Step } from "./plan.ts";
import type { VerifierCall } from "./verifier.ts";

/** A step as it was written, with what it leaves out; durations in ms. */
export function toStep({ estimate, needs = [], approval = false, success = [], ...rest }: ParsedStep): Step {
  return {
    ...rest,
    needs,
    approval,
    success,
    estimateMs: estimate,
    verify: rest.verify.map(toCall),
  };
}

function toCall({ within, ...written }: ParsedVerifier): VerifierCall {
  const timed = within === undefined ? {} : { withinMs: within };
  if (written.kind !== "criterion") return { ...written, ...timed };
  const { window, ...call } = written;
  return { ...call, ...(window !== undefined && { windowMs: window }), ...timed };
}

/** All of a plan but its steps. */
export function toHead(outline: ParsedOutline): Omit<Plan, "steps"> {
  const { schemaVersion, id, title, environment, suite, deadline, because = [] } = outline;
  return {
    schemaVersion,
    id,
    title,
    environment,
    ...(suite !== undefined && { suite }),
    ...(deadline !== undefined && { deadlineMs: deadline }),
    because,
  };
}
