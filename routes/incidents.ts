import type { FastifyInstance } from "fastify";
import type { Gate } from "../services/gate/gate.ts";
import type { SuiteOptions } from "../services/gate/suite.ts";
import type { Incident } from "../services/history/incident.ts";
import type { Incidents } from "../services/history/incidents.ts";
import { sendUnknownSuite } from "./gate.ts";
import { describe, type InputFault, type Read, sendFaults, UNCHECKED, unknownNames } from "./input.ts";
import { incidentsSchema } from "./schemas-incidents.ts";

export interface IncidentsRoutesOptions {
  readonly incidents: Pick<Incidents, "since">;
  readonly gate: Pick<Gate, "find" | "suites">;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

/** What went wrong and when, as far as this process remembers. */
export function incidentsRoutes(
  app: FastifyInstance,
  { incidents, gate, now }: IncidentsRoutesOptions,
): void {
  app.get("/incidents", { schema: incidentsSchema, ...UNCHECKED }, (request, reply) => {
    const query = request.query as Record<string, unknown>;
    const read = readQuery(query);
    if (!read.ok) return sendFaults(reply, read.faults);
    const { since, suite: name } = read.value;
    const suite = name === undefined ? undefined : gate.find(name);
    if (name !== undefined && suite === undefined) return sendUnknownSuite(reply, gate);
    const found = incidents.since(since);
    const shown = suite === undefined ? found : found.flatMap((each) => ofSuite(each, suite));
    return reply
      .header("cache-control", "no-store")
      .header("content-type", "application/json; charset=utf-8")
      .send(JSON.stringify({ time: isoOf(now()), incidents: shown.map(bodyOf) }));
  });
}

/** Under the name that the suite gives what it concerns; none when it does not concern the suite. */
function ofSuite(incident: Incident, { requirements }: SuiteOptions): Incident[] {
  const requirement = requirements.find(({ observed }) => observed === incident.dependency);
  if (requirement === undefined) return [];
  const { dependency, level } = requirement;
  return [{ ...incident, dependency, required: level === "required" }];
}

function bodyOf({ startedAt, endedAt, lastPassAt, ...incident }: Incident): Record<string, unknown> {
  return {
    ...incident,
    ...(lastPassAt === undefined ? {} : { lastPassAt: isoOf(lastPassAt) }),
    startedAt: isoOf(startedAt),
    ...(endedAt === undefined ? {} : { endedAt: isoOf(endedAt) }),
  };
}

interface IncidentsQuery {
  readonly since: number | undefined;
  readonly suite: string | undefined;
}

const PLACE = "querystring";

function readQuery(query: Readonly<Record<string, unknown>>): Read<IncidentsQuery> {
  const faults = unknownNames(query, ["since", "suite"], PLACE);
  const since = readSince(query.since, faults);
  const { suite } = query;
  if (suite !== undefined && typeof suite !== "string") {
    faults.push({ in: PLACE, name: "suite", expected: "the name of one suite", found: describe(suite) });
  }
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, value: { since, suite: suite as string | undefined } };
}

const EPOCH_MS = /^\d{1,15}$/;
const TIME = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/i;

function readSince(given: unknown, faults: InputFault[]): number | undefined {
  if (given === undefined) return undefined;
  const text = typeof given === "string" ? given : "";
  const ms = EPOCH_MS.test(text) ? Number(text) : TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const expected = "a time such as 2026-01-31T12:00:00Z, or milliseconds since 1970";
  faults.push({ in: PLACE, name: "since", expected, found: describe(given) });
  return undefined;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
