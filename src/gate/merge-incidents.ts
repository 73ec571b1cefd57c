import type { Incident } from "../../services/history/incident.ts";

/** Incidents by what names each of them among all observers and all of their lives. */
export type KnownIncidents = ReadonlyMap<string, Incident>;

export interface IncidentNews {
  /** By the same names as what is known; complete for what lasts. */
  readonly incidents: ReadonlyMap<string, Incident>;
  /** When this was so. */
  readonly at: number;
}

/**
 * Pure: what is known after an observer spoke. One that was started anew does not know of what it saw before: what
 * lasted then is continued by what it found broken with its first word, and has otherwise ended by now.
 */
export function mergeIncidents(known: KnownIncidents, { incidents, at }: IncidentNews): KnownIncidents {
  const merged = new Map(known);
  const taken = new Set<string>();
  for (const [key, incident] of known) {
    const told = incidents.get(key);
    if (told !== undefined) merged.set(key, told);
    if (told !== undefined || incident.endedAt !== undefined) continue;
    const next = [...incidents].find(
      ([other, candidate]) => !known.has(other) && !taken.has(other) && continues(incident, candidate),
    );
    if (next === undefined) {
      merged.set(key, { ...incident, endedAt: Math.max(incident.startedAt, at) });
      continue;
    }
    const [other, continuation] = next;
    taken.add(other);
    merged.delete(key);
    merged.set(other, joined(incident, continuation));
  }
  for (const [key, incident] of incidents) {
    const before = known.get(key);
    if (before !== undefined && before.startedAt < incident.startedAt)
      merged.set(key, joined(before, incident));
    else if (!merged.has(key)) merged.set(key, incident);
  }
  return merged;
}

const continues = (before: Incident, after: Incident): boolean =>
  before.dependency === after.dependency &&
  after.lastPassAt === undefined &&
  (after.endedAt === undefined || after.endedAt >= before.startedAt);

const SEVERITY = { warn: 0, unknown: 1, fail: 2 } as const;

function joined(before: Incident, after: Incident): Incident {
  const { lastPassAt } = before;
  return {
    ...after,
    id: before.id,
    status: SEVERITY[before.status] > SEVERITY[after.status] ? before.status : after.status,
    startedAt: Math.min(before.startedAt, after.startedAt),
    ...(lastPassAt === undefined ? {} : { lastPassAt }),
    codes: [...new Set([...before.codes, ...after.codes])],
  };
}
