import type { Reason, ReasonCode } from "../gate/verdict.ts";
import { link, show } from "./hypothesis.ts";
import { ordered, type Part } from "./part.ts";

/** What a reason that is neither a failing dependency nor a finding leads to. */
const ROOTS: Partial<Record<ReasonCode, "SUITE_HELD" | "REQUIREMENT_UNMET" | "NOT_SETTLED">> = {
  HELD: "SUITE_HELD",
  LEASED: "SUITE_HELD",
  NOT_CONFIGURED: "REQUIREMENT_UNMET",
  ASSURANCE_TOO_LOW: "REQUIREMENT_UNMET",
  CREDENTIAL: "REQUIREMENT_UNMET",
  SETTLING: "NOT_SETTLED",
  NOT_OBSERVED: "NOT_SETTLED",
  UNKNOWN: "NOT_SETTLED",
  DRAINING: "NOT_SETTLED",
  STANDING_UNREAD: "NOT_SETTLED",
  FINDING: "NOT_SETTLED",
};

/** Pure: the roots of what else blocks a suite. Reasons with a cause or a finding of their own are not for here. */
export function reasonParts(reasons: readonly Reason[], suite: string): readonly Part[] {
  const blocking = ordered(
    reasons.filter(({ effect, finding }) => effect === "blocks" && finding === undefined),
    ({ code, message }) => `${code} ${message}`,
  );
  return blocking.flatMap((reason) => {
    const code = ROOTS[reason.code];
    return code === undefined ? [] : [partOf(reason, code, suite)];
  });
}

function partOf(
  { code: reason, message, dependency }: Reason,
  code: "SUITE_HELD" | "REQUIREMENT_UNMET" | "NOT_SETTLED",
  suite: string,
): Part {
  const evidence = {
    kind: "observation",
    source: dependency ?? "gate",
    found: `${reason}: ${message}`,
  } as const;
  const manual = { kind: "manual", params: { instructions: [message] } } as const;
  const { root } = show({
    code,
    about: code,
    links: [],
    actions: code === "NOT_SETTLED" ? [] : [manual],
    facts: { subject: suite },
  });
  return {
    root,
    about: code,
    ...(dependency === undefined ? {} : { dependency }),
    links: [link(message.replace(/\.$/, ""), evidence)],
    ruledOut: [],
    missing: [],
    notHelpful: [],
    confidence: "certain",
  };
}
