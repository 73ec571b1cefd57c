import type { Requirement, SuiteOptions } from "../gate/suite.ts";
import type { Demands } from "./demands.ts";

/** Pure: the suite as its environment wants it. What was made milder is said in its notes, and so in every verdict. */
export function applyDemands(suite: SuiteOptions, demands: Demands): SuiteOptions {
  const notes: string[] = [];
  const own = suite.requirements.flatMap((requirement) => {
    const applied = applyTo(requirement, demands, notes);
    return applied === undefined ? [] : [applied];
  });
  const named = new Set(suite.requirements.map(({ dependency }) => dependency));
  const added = [...demands.levels].flatMap(([dependency, { demand }]): Requirement[] => {
    if (named.has(dependency) || (demand !== "required" && demand !== "told")) return [];
    const level = demand === "required" ? "required" : "optional";
    return [{ dependency, observed: dependency, level, assurance: "real" }];
  });
  const requirements = [...own, ...added];
  return { ...suite, requirements, ...(notes.length > 0 && { notes }) };
}

/** Undefined for what is taken out of the verdict. */
function applyTo(requirement: Requirement, demands: Demands, notes: string[]): Requirement | undefined {
  const { levels, raise, real } = demands;
  const { dependency, level } = requirement;
  const assurance = real === undefined ? requirement.assurance : "real";
  const said = levels.get(dependency);
  if (raise !== undefined || said?.demand === "required")
    return { ...requirement, assurance, level: "required" };
  if (said?.demand === "ignored") {
    notes.push(`${dependency} is not in this verdict: ${said.because} ignores it.`);
    return undefined;
  }
  if (said?.demand === "optional" && level === "required") {
    notes.push(`${dependency} stops nothing here: ${said.because} makes it optional.`);
    return { ...requirement, assurance, level: "optional" };
  }
  return { ...requirement, assurance };
}
