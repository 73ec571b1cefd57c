import { EXIT } from "../exit-codes.ts";
import type { DependencyReport } from "../views/report.ts";
import type { Verdict } from "../../services/gate/verdict.ts";

export interface Judgement {
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly summary: string;
}

/** The exit code of each verdict. */
export const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  go: EXIT.ok,
  wait: EXIT.temporary,
  stop: EXIT.unavailable,
  inconclusive: EXIT.temporary,
};

/** Pure: the verdict over what was found. A warning passes, and what is optional never stops anybody. */
export function judge(dependencies: readonly DependencyReport[]): Judgement {
  const required = dependencies.filter((each) => each.required !== false);
  const broken = required.filter(({ status }) => status === "fail" || status === "unknown");
  const verdict = verdictOf(broken);
  const summary =
    verdict === "go" ? describeFit(dependencies) : describeUnfit(verdict, broken, required.length);
  return { verdict, exitCode: EXIT_CODES[verdict], summary };
}

function verdictOf(broken: readonly DependencyReport[]): Verdict {
  if (broken.length === 0) return "go";
  if (broken.some(({ cause }) => cause?.retryable === false)) return "stop";
  return broken.some(({ status }) => status === "unknown") ? "inconclusive" : "wait";
}

function describeFit(all: readonly DependencyReport[]): string {
  const rest = all.filter(({ status }) => status !== "pass");
  const [only] = all;
  if (rest.length === 0)
    return all.length === 1 && only
      ? `Fit: ${only.dependency} passes.`
      : `Fit: all ${all.length} dependencies pass.`;
  const names = rest.map(
    (each) => `${each.dependency} (${each.cause?.code ?? each.status}, ${kindOf(each)})`,
  );
  return `Fit: what is required passes. Not passing: ${names.join(", ")}.`;
}

const kindOf = ({ status, required }: DependencyReport): string =>
  required === false ? "optional" : status === "warn" ? "a warning" : status;

function describeUnfit(
  verdict: Exclude<Verdict, "go">,
  broken: readonly DependencyReport[],
  total: number,
): string {
  const names = broken
    .map(({ dependency, cause }) => `${dependency} (${cause?.code ?? "unknown"})`)
    .join(", ");
  if (verdict === "inconclusive")
    return `Unfit: it cannot be told whether this is fit: the check itself failed for ${names}.`;
  const subject =
    broken.length === 1
      ? `${names} is broken.`
      : `${broken.length} of ${total} required dependencies are broken: ${names}.`;
  return `Unfit: ${subject} ${verdict === "wait" ? "It may recover by itself." : waitingIsVain(broken)}`;
}

function waitingIsVain(broken: readonly DependencyReport[]): string {
  const lasting = broken.flatMap(({ cause }) => (cause?.retryable === false ? [cause.code] : []));
  return lasting.length === broken.length
    ? "Waiting will not help."
    : `Waiting will not help with ${[...new Set(lasting)].join(", ")}.`;
}
