import type { ActiveWaiver, Reason } from "../../services/gate/verdict.ts";
import { plural, waiverText } from "./run-words.ts";
import type { Style } from "./style.ts";
import { clean, hang } from "./text.ts";

/** The most of each that is shown. */
const SHOWN = 10;

/** What was found, one line each: what stops a suite first. */
export function findingLines(reasons: readonly Reason[], width: number, style: Style): string[] {
  const lines = reasons
    .slice(0, SHOWN)
    .flatMap(({ effect, message }) =>
      hang(`  ${style.mark(effect === "blocks" ? "fail" : "warn")} `, clean(message), width, 4),
    );
  return reasons.length === 0 ? [] : [...lines, ...more(reasons.length, style)];
}

/** Printed each time, so that what was accepted is not forgotten. */
export function waiverLines(waivers: readonly ActiveWaiver[], width: number, style: Style): string[] {
  if (waivers.length === 0) return [];
  const lines = waivers.slice(0, SHOWN).flatMap((waiver) => hang("  - ", clean(waiverText(waiver)), width));
  return [
    style.bold(`${plural(waivers.length, "waiver")} in force`),
    ...lines,
    ...more(waivers.length, style),
  ];
}

const more = (count: number, style: Style): string[] =>
  count > SHOWN ? [style.dim(`  … and ${count - SHOWN} more.`)] : [];
