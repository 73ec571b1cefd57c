import { causeOf } from "../causes.ts";
import type { Assurance } from "../dependencies/options.ts";
import type { CandidateCheck, Check } from "../health/check.ts";
import type { Requirement, SuiteOptions } from "./suite.ts";
import type { Reason, ReasonCode } from "./verdict.ts";

/**
 * Pure: why each requirement is not, or not plainly, fit at this moment; those that block first. Whatever is not known
 * blocks: fail closed.
 *
 * @param checks by the name under which each is observed
 */
export function judgeRequirements(
  { requirements }: Pick<SuiteOptions, "requirements">,
  checks: ReadonlyMap<string, Check>,
): readonly Reason[] {
  if (requirements.length === 0) return [NOTHING_REQUIRED];
  const reasons = requirements.flatMap((requirement) => {
    const finding = judge(requirement, checks.get(requirement.observed));
    return finding === undefined ? [] : [toReason(requirement, finding)];
  });
  return [...reasons.filter(blocks), ...reasons.filter((reason) => !blocks(reason))];
}

/** The configuration refuses such a suite; if there is one all the same, it proves nothing. */
const NOTHING_REQUIRED: Reason = {
  code: "NOT_CONFIGURED",
  level: "required",
  effect: "blocks",
  curable: false,
  message: "The suite requires nothing, so nothing can be said of it.",
};

export const blocks = ({ effect }: Reason): boolean => effect === "blocks";

interface Finding {
  readonly code: ReasonCode;
  readonly curable: boolean;
  readonly message: string;
  readonly check?: Check;
}

function toReason({ dependency, level }: Requirement, { code, curable, message, check }: Finding): Reason {
  return {
    code,
    dependency,
    level,
    effect: level === "required" && code !== "WARNING" ? "blocks" : "notes",
    curable,
    message,
    ...(check?.cause === undefined ? {} : { cause: check.cause }),
  };
}

function judge(requirement: Requirement, check: Check | undefined): Finding | undefined {
  const { dependency } = requirement;
  if (check === undefined) {
    const message = `${dependency} is required, and nothing observes it.`;
    return { code: "NOT_CONFIGURED", curable: false, message };
  }
  const { status, stale, cause, discovery, kind } = check;
  if (cause?.code === "NOT_EVALUATED") {
    return {
      code: "NOT_OBSERVED",
      curable: true,
      message: `${dependency} has not been observed yet.`,
      check,
    };
  }
  if (stale || status === "unknown") return unknown(dependency, check);
  if (status === "fail") {
    const message = `${dependency} fails: ${cause?.title ?? "for an unknown reason"}.`;
    return { code: "NOT_FIT", curable: mayRecover(requirement, check), message, check };
  }
  if (kind === "auth" || discovery !== undefined) {
    const serving = discovery?.serving;
    if (serving === undefined) return unknown(dependency, check);
    if (RANK[serving.assurance] < RANK[requirement.assurance]) {
      const message = `${dependency} is served by ${serving.name}, ${ARTICLE[serving.assurance]}; the suite asks for ${ARTICLE[requirement.assurance]}.`;
      return { code: "ASSURANCE_TOO_LOW", curable: mayRecover(requirement, check), message, check };
    }
  }
  if (cause !== undefined && causeOf(cause.code).warns !== true) {
    // A failure below the threshold of failures: shown as a warning, and no proof of anything.
    return {
      code: "SUSPECT",
      curable: true,
      message: `${dependency} failed a moment ago: ${cause.title}.`,
      check,
    };
  }
  if (status === "pass") return undefined;
  return { code: "WARNING", curable: true, message: `${dependency} warns: ${cause?.title ?? ""}.`, check };
}

function unknown(dependency: string, check: Check): Finding {
  const message = `It is not known how ${dependency} is: ${check.cause?.title ?? "nothing recent is known"}.`;
  return { code: "UNKNOWN", curable: true, message, check };
}

const RANK: Readonly<Record<Assurance, number>> = { mock: 0, emulator: 1, real: 2 };
const ARTICLE: Readonly<Record<Assurance, string>> = {
  mock: "a mock",
  emulator: "an emulator",
  real: "a real one",
};

/** Whether waiting may help: of several servers, one that proves enough has to come back. */
function mayRecover({ assurance }: Requirement, { cause, discovery }: Check): boolean {
  if (discovery === undefined) return cause?.retryable ?? true;
  return discovery.candidates.some(
    (candidate) => RANK[candidate.kind] >= RANK[assurance] && mayServe(candidate),
  );
}

const mayServe = ({ cause }: CandidateCheck): boolean => cause?.retryable ?? true;
