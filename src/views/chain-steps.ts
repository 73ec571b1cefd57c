import { hasAction } from "../../services/why/summary.ts";
import type { ChainView } from "./chain-view.ts";
import { type DependencyReport, type NextStep, numberSteps } from "./report.ts";

/** What to do, the plan first where one can do it; what a deeper root replaces of a cause's own steps is left out. */
export function stepsOfWhy(
  chains: readonly ChainView[],
  dependencies: readonly DependencyReport[],
): NextStep[] {
  const deeper = chains.filter(
    ({ root, dependencies: names }) =>
      names.length === 0 || !dependencies.some(({ cause }) => cause?.code === root.code),
  );
  const explained = new Set(
    deeper.flatMap(({ root, dependencies: names }) => (root.code === "UNDETERMINED" ? [] : names)),
  );
  const own = numberSteps(dependencies.filter(({ dependency }) => !explained.has(dependency)));
  return [...deeper.flatMap(stepsOf), ...own].map((step, index) =>
    Object.assign({ ...step }, { number: index + 1 }),
  );
}

function stepsOf({ subject, dependencies, root }: ChainView): Omit<NextStep, "number">[] {
  const plan = hasAction(root.actions)
    ? [`See what a plan would do about it: greenlight plan ${subject.name}`]
    : [];
  return [...plan, ...root.remedies].map((text) => ({
    dependency: dependencies.length === 0 ? subject.name : dependencies.join(", "),
    cause: root.code,
    owner: root.owner,
    text,
  }));
}
