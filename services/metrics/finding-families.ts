import type { Severity } from "../findings/finding.ts";
import { countOpen, type WaiverState } from "../waivers/judge.ts";
import type { FindingsView } from "../waivers/view.ts";
import type { Family, Sample } from "./exposition.ts";

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];
const STATES: readonly WaiverState[] = ["active", "unchecked", "unknown", "expired"];

/** What was found and nobody has accepted, and how the waivers stand. */
export function findingFamilies(view: FindingsView): Family[] {
  const judged = view.current();
  const open = countOpen(judged);
  const inState = (state: WaiverState): number =>
    judged.waivers.filter((waiver) => waiver.state === state).length;
  return [
    {
      name: "greenlight_findings",
      type: "gauge",
      help: "Findings that no waiver covers.",
      samples: SEVERITIES.map((severity): Sample => [{ severity }, open[severity]]),
    },
    {
      name: "greenlight_findings_complete",
      type: "gauge",
      help: "1 when every area has been looked at, and none failed or is late.",
      samples: [[{}, Number(judged.complete)]],
    },
    {
      name: "greenlight_waivers",
      type: "gauge",
      help: "Waivers of the configuration.",
      samples: STATES.map((state): Sample => [{ state }, inState(state)]),
    },
  ];
}
