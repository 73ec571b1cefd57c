import { createFinding } from "../../services/findings/create.ts";
import type { Finding } from "../../services/findings/finding.ts";
import { findingDefinition } from "../../services/findings/table.ts";
import type { PlacedFault } from "./plan-parse.ts";

/**
 * Faults of a plan as findings. `ids` are those of its steps in order: a finding keeps its id when steps move, since it
 * names the step and not where it stands.
 */
export function planFindings(
  faults: readonly PlacedFault[],
  { file, ids }: { readonly file: string; readonly ids: readonly (string | undefined)[] },
): readonly Finding[] {
  return faults.map((fault) => {
    const { code, path, expected, found, suggestion, severity, line, column } = fault;
    const where = placeIn(path, ids);
    const { title } = findingDefinition(code);
    const hint = suggestion === undefined ? "" : ` (${suggestion})`;
    return createFinding({
      code,
      subject: where === "" ? file : `${file}:${where}`,
      message: `${where === "" ? "" : `${where}: `}${title}: expected ${expected}; found ${found}${hint}.`,
      place: { kind: "file", file, line, column },
      ...(severity !== undefined && { severity }),
    });
  });
}

/** `steps.2.needs.0` → `attach-connector.needs.0`. */
function placeIn(path: string, ids: readonly (string | undefined)[]): string {
  const match = /^steps\.(\d+)(?:\.(.*))?$/.exec(path);
  if (match === null) return path;
  const [, index = "", rest] = match;
  const step = ids[Number(index)] ?? `step ${Number(index) + 1}`;
  return rest === undefined ? step : `${step}.${rest}`;
}
