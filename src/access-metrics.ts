import type { Guard } from "../services/access/guard.ts";
import type { Family } from "../services/metrics/exposition.ts";

/** Refused requests; the codes are those of one table, so the labels are bounded. */
export function accessFamilies({ refused }: Pick<Guard, "refused">): Family[] {
  return [
    {
      name: "greenlight_refused_requests_total",
      type: "counter",
      help: "Requests that were refused, by reason.",
      samples: [...refused].map(([code, count]) => [{ code }, count]),
    },
  ];
}
