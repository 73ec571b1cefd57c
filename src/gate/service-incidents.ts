import type { Incident } from "../../services/history/incident.ts";
import { createClockOffset } from "./clock-offset.ts";
import type { GateClient } from "./gate-client.ts";
import { type IncidentAnswer, parseIncidents, shiftIncident } from "./incident-answer.ts";
import { type KnownIncidents, mergeIncidents } from "./merge-incidents.ts";

export interface ServiceIncidents {
  /**
   * Asks for those that had not ended before `since` (wall clock, ms) and keeps them.
   *
   * @throws {CliError} when the service cannot be asked.
   */
  poll(since: number, signal: AbortSignal): Promise<void>;
  /** Everything that was ever told, by this machine's clock, oldest first. */
  known(): readonly Incident[];
}

export interface ServiceIncidentsOptions {
  readonly client: GateClient;
  readonly suite: string;
}

/** What a service told of incidents, kept here: one that is started anew has forgotten them. */
export function createServiceIncidents({ client, suite }: ServiceIncidentsOptions): ServiceIncidents {
  const offset = createClockOffset();
  /** By the service's own clock. */
  let known: KnownIncidents = new Map();

  async function ask(since: number, signal: AbortSignal): Promise<IncidentAnswer | undefined> {
    const query = new URLSearchParams({ since: new Date(since).toISOString(), suite });
    const reply = await client.send({ path: `/incidents?${query.toString()}`, signal });
    const { status, body, sentAt, sentAtMonotonic } = reply;
    const answer = status === 200 ? parseIncidents(body) : undefined;
    if (answer === undefined) return undefined;
    offset.learn({ sentAt, sentAtMonotonic, receivedAtMonotonic: performance.now(), theirs: answer.time });
    return answer;
  }

  return {
    async poll(since, signal) {
      // Without knowing its clock, what to ask for is not known either.
      if (!offset.known()) await ask(Date.now(), signal);
      const answer = await ask(since + offset.ms(), signal);
      if (answer === undefined) return;
      const incidents = new Map(answer.incidents.map((each) => [`${each.id} ${each.startedAt}`, each]));
      known = mergeIncidents(known, { incidents, at: answer.time });
    },
    known: () =>
      [...known.values()]
        .map((each) => shiftIncident(each, offset.ms()))
        .toSorted((a, b) => a.startedAt - b.startedAt),
  };
}
