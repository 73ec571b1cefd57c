import type { FastifyInstance } from "fastify";
import { parseDuration } from "../services/duration.ts";
import type { Gate } from "../services/gate/gate.ts";
import { type Hold, type Holds, MAX_HOLD_MS } from "../services/gate/holds.ts";
import { sendUnknownSuite } from "./gate.ts";
import { describe, type InputFault, type Read, readLine, readMembers, sendFaults } from "./input.ts";
import { UNCHECKED, unknownNames } from "./input.ts";
import { placeHoldSchema, releaseHoldSchema } from "./schemas-leases.ts";

export interface HoldsRoutesOptions {
  readonly gate: Pick<Gate, "find" | "suites">;
  readonly holds: Holds;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

const OPERATOR = { access: "operator" } as const;

/** An operator's word that a suite is not to start, and the end of it. */
export function holdsRoutes(app: FastifyInstance, { gate, holds, now }: HoldsRoutesOptions): void {
  const placing = { schema: placeHoldSchema, config: OPERATOR, ...UNCHECKED };
  app.post<{ Params: { suite: string } }>("/gate/:suite/hold", placing, (request, reply) => {
    const { suite } = request.params;
    if (gate.find(suite) === undefined) return sendUnknownSuite(reply, gate);
    const read = readHold(request.body, now());
    if (!read.ok) return sendFaults(reply, read.faults);
    const by = request.admitted?.principal?.id ?? "anybody";
    const hold = holds.place({ suite, by, ...read.value });
    return reply
      .header("cache-control", "no-store")
      .header("content-type", "application/json; charset=utf-8")
      .send(JSON.stringify(bodyOf(hold)));
  });

  const releasing = { schema: releaseHoldSchema, config: OPERATOR, ...UNCHECKED };
  app.delete<{ Params: { suite: string } }>("/gate/:suite/hold", releasing, (request, reply) => {
    const { suite } = request.params;
    if (gate.find(suite) === undefined) return sendUnknownSuite(reply, gate);
    holds.release(suite);
    return reply.code(204).header("cache-control", "no-store").send();
  });
}

const bodyOf = ({ suite, reason, by, until }: Hold): Record<string, unknown> => ({
  suite,
  reason,
  by,
  until: new Date(until).toISOString(),
});

const MAX_REASON = 200;

function readHold(body: unknown, now: number): Read<{ reason: string; ms: number }> {
  const members = readMembers(body);
  if (!members.ok) return members;
  const faults = unknownNames(members.value, ["reason", "until"], "body");
  const reason = readLine(members.value.reason, { name: "reason", max: MAX_REASON }, faults);
  const ms = readUntil(members.value.until, now, faults);
  return faults.length === 0 ? { ok: true, value: { reason, ms } } : { ok: false, faults };
}

/** RFC 3339, with its offset: without one it would be the time of day of whoever reads it. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i;

function readUntil(given: unknown, now: number, faults: InputFault[]): number {
  const asDuration = typeof given === "string" ? parseDuration(given) : Number.NaN;
  const asTime = typeof given === "string" && TIME.test(given) ? Date.parse(given) - now : Number.NaN;
  const ms = Number.isNaN(asDuration) ? asTime : asDuration;
  if (ms > 0 && ms <= MAX_HOLD_MS) return ms;
  faults.push({
    in: "body",
    name: "until",
    expected: `a duration such as 30m, or a time such as ${new Date(now + 1_800_000).toISOString()}, at most 24h from now: a hold always expires`,
    found: describe(given),
  });
  return Number.NaN;
}
