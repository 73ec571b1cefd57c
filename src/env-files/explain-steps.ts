import type { ExplainedKey, ShownSetting } from "../../services/env-files/explain.ts";
import type { FileFault, KeyMeaning } from "../views/env-explain-report.ts";

export interface ExplainStepsInput {
  readonly explained: ExplainedKey;
  readonly faults: readonly FileFault[];
  readonly declared: boolean;
  /** A key that is set and has a similar name. */
  readonly similar: string | undefined;
  readonly meaning: KeyMeaning | undefined;
}

/** What to do next, the most pressing first; nothing when all is as it should be. */
export function explainSteps({ explained, faults, declared, similar, meaning }: ExplainStepsInput): string[] {
  const { key, winner, shadowed, dialects } = explained;
  const refusals = faults.filter(({ effect }) => effect === "file-refused");
  const steps = refusals
    .filter(({ file }, index) => refusals.findIndex((other) => other.file === file) === index)
    .map((fault) => `Mend ${placeOfFault(fault)}: expected ${fault.expected}, found ${fault.found}.`);
  if (!winner) {
    if (similar !== undefined) steps.push(`Look at ${similar}: greenlight config explain ${similar}`);
    const files = declared ? "" : ", or declare other files in envFiles.layers";
    steps.push(`Set ${key} in one of the layers or as a variable${files}.`);
    return steps;
  }
  const [next] = shadowed;
  if (winner.kind === "variable" && next && next.same === false)
    steps.push(`Unset the variable ${key} to have the value of ${placeOf(next)}.`);
  if (winner.kind === "file" && meaning?.path !== undefined)
    steps.push(
      `Greenlight reads ${key} as a variable, not from ${winner.file}: set it where Greenlight runs.`,
    );
  if (dialects?.differ === true)
    steps.push(
      `Write ${key} in ${dialects.file} so that every program reads it alike, or keep one file for each program.`,
    );
  return steps;
}

export const placeOf = (setting: ShownSetting): string =>
  setting.kind === "variable" ? "the process" : `${setting.file}:${setting.line}`;

export const placeOfFault = ({ file, line, column }: FileFault): string =>
  [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
