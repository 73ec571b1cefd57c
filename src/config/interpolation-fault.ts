import type { ConfigFault } from "./config.ts";
import type { InterpolationProblem } from "./interpolate.ts";

/** What is wrong with a `${…}` in the file. */
export function interpolationFault(
  problem: InterpolationProblem,
  at: { readonly where: string; readonly path: string },
): ConfigFault {
  if (problem.kind === "malformed") {
    return {
      code: "CONFIG_INVALID_VALUE",
      ...at,
      expected: "`${NAME}` or `${NAME:-default}`",
      found: "`${` that starts neither",
      suggestion: "write `$${` for a literal `${`",
    };
  }
  return {
    code: "CONFIG_MISSING_VARIABLE",
    ...at,
    expected: `the variable ${problem.name} to be set`,
    found: problem.empty ? `${problem.name} set to empty text` : `${problem.name} unset`,
    suggestion: `set ${problem.name}, or give a default: \`\${${problem.name}:-…}\``,
  };
}
