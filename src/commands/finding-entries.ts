import { FINDING_AREAS } from "../../services/findings/areas.ts";
import { isWaivable } from "../../services/waivers/judge.ts";
import type { FindingEntry } from "../views/finding-entry.ts";

/** Every code of a finding, area by area. */
export function findingEntries(): FindingEntry[] {
  return FINDING_AREAS.flatMap(({ title: area, atGate, table }) =>
    Object.entries(table).map(([code, { title, severity, owner, explanation, remedies }]): FindingEntry => ({
      code,
      title,
      area,
      severity,
      atGate,
      waivable: atGate && isWaivable(code),
      owner,
      explanation: inCapitals(explanation),
      remedies: remedies.map(inCapitals),
    })),
  );
}

/** `{subject}` → `SUBJECT`, as other things to fill in are written. */
const inCapitals = (text: string): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.replaceAll(/[A-Z]/g, "_$&").toUpperCase());
