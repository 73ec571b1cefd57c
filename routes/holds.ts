import type { FastifyInstance, FastifyReply } from "fastify";
import { parseDuration } from "../services/duration.ts";
import type { Gate } from "../services/gate/gate.ts";
import { type Hold, MAX_HOLD_MS } from "../services/gate/holds.ts";
import type { Placed, Standings } from "../services/gate/standings.ts";
import { sendUnknownSuite } from "./gate.ts";
import { describe, type InputFault, type Read, readLine, readMembers, sendFaults } from "./input.ts";
import { UNCHECKED, unknownNames } from "./input.ts";
import { sendProblem } from "./problem.ts";
import { sendNotStored } from "./not-stored.ts";
import { placeHoldSchema, releaseHoldSchema } from "./schemas-leases.ts";

export interface HoldsRoutesOptions {
  readonly gate: Pick<Gate, "find" | "suites">;
  readonly standings: Pick<Standings, "place" | "release">;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

const OPERATOR = { access: "operator" } as const;

/** An operator's word that a suite is not to start, and the end of it. */
export function holdsRoutes(app: FastifyInstance, { gate, standings, now }: HoldsRoutesOptions): void {
  const placing = { schema: placeHoldSchema, config: OPERATOR, ...UNCHECKED };
  app.post<{ Params: { suite: string } }>("/gate/:suite/hold", placing, async (request, reply) => {
    const { suite } = request.params;
    if (gate.find(suite) === undefined) return sendUnknownSuite(reply, gate);
    const read = readHold(request.body, now());
    if (!read.ok) return sendFaults(reply, read.faults);
    const by = request.admitted?.principal?.id ?? "anybody";
    const placed = await standings.place({ suite, by, ...read.value });
    if (placed.why !== undefined) return sendHeldHere(reply, placed, placed.why);
    return reply
      .header("cache-control", "no-store")
      .header("content-type", "application/json; charset=utf-8")
      .send(JSON.stringify({ ...bodyOf(placed.hold), durable: placed.durable }));
  });

  const releasing = { schema: releaseHoldSchema, config: OPERATOR, ...UNCHECKED };
  app.delete<{ Params: { suite: string } }>("/gate/:suite/hold", releasing, async (request, reply) => {
    const { suite } = request.params;
    if (gate.find(suite) === undefined) return sendUnknownSuite(reply, gate);
    const released = await standings.release(suite);
    if (!released.ok)
      return sendNotStored(reply, {
        code: "HOLD_NOT_RELEASED",
        title: "The hold was not released",
        detail: `What holds ${suite} holds it still, as the store did not take its end: ${released.why}. Next: ask again once the service reaches the store.`,
      });
    return reply.code(204).header("cache-control", "no-store").send();
  });
}

const bodyOf = ({ suite, reason, by, until }: Hold): Record<string, unknown> => ({
  suite,
  reason,
  by,
  until: new Date(until).toISOString(),
});

/** In force, so that nobody is let in by an answer that says less than was asked for. */
function sendHeldHere(reply: FastifyReply, { hold }: Placed, why: string): FastifyReply {
  const { until } = bodyOf(hold);
  return sendProblem(reply, {
    status: 503,
    code: "HOLD_NOT_STORED",
    title: "It is held, and the store does not know",
    retryAfter: 5,
    detail: `${hold.suite} is held until ${String(until)} by this process alone, as the store did not take it: ${why}. A restart before it does would forget the hold. It is tried again by itself; next: place it again, until the answer says that it is durable.`,
    extensions: { hold: bodyOf(hold), durable: false },
  });
}

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
