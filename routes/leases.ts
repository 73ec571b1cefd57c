import type { FastifyInstance, FastifyReply } from "fastify";
import type { Gate } from "../services/gate/gate.ts";
import type { Lease, Leases } from "../services/gate/leases.ts";
import type { Standings } from "../services/gate/standings.ts";
import { sendUnknownSuite } from "./gate.ts";
import { type InputFault, readDuration, readLine, readMembers, sendFaults } from "./input.ts";
import { UNCHECKED, unknownNames } from "./input.ts";
import { sendNotStored } from "./not-stored.ts";
import { sendProblem } from "./problem.ts";
import { acquireLeaseSchema, giveUpLeaseSchema, renewLeaseSchema } from "./schemas-leases.ts";

export interface LeasesRoutesOptions {
  readonly gate: Pick<Gate, "find" | "suites">;
  readonly leases: Pick<Leases, "get">;
  readonly standings: Pick<Standings, "acquire" | "renew" | "giveUp">;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

type OfSuite = { Params: { suite: string } };
type OfLease = { Params: { suite: string; id: string } };

const TTL = { in: "body", name: "ttl", min: 10_000, max: 600_000, example: "60s" } as const;
const MAX_HOLDER = 100;

/** One run at a time: takes, renews and gives up a lease. */
export function leasesRoutes(app: FastifyInstance, options: LeasesRoutesOptions): void {
  const { gate, leases, standings, now } = options;
  const taking = { schema: acquireLeaseSchema, ...UNCHECKED };
  app.post<OfSuite>("/gate/:suite/lease", taking, async (request, reply) => {
    const { suite } = request.params;
    if (gate.find(suite) === undefined) return sendUnknownSuite(reply, gate);
    const read = readBody(request.body, ["holder", "ttl"]);
    if (read.faults.length > 0) return sendFaults(reply, read.faults);
    const acquired = await standings.acquire({ suite, ...read.value });
    if (!acquired.ok) return sendNoLease(reply, `No lease of ${suite} was given`, acquired.why);
    const { value } = acquired;
    return value.ok ? sendLease(reply.code(201), value.lease) : sendLeased(reply, value.current, now());
  });

  const renewing = { schema: renewLeaseSchema, ...UNCHECKED };
  app.put<OfLease>("/gate/:suite/lease/:id", renewing, async (request, reply) => {
    const { suite, id } = request.params;
    if (gate.find(suite) === undefined) return sendUnknownSuite(reply, gate);
    const { value, faults } = readBody(request.body, ["ttl"]);
    if (faults.length > 0) return sendFaults(reply, faults);
    const renewed = await standings.renew({ suite, id, ttlMs: value.ttlMs });
    if (!renewed.ok) return sendNoLease(reply, `The lease of ${suite} was not renewed`, renewed.why);
    const lease = renewed.value;
    return lease === undefined ? sendLost(reply, suite, leases) : sendLease(reply, lease);
  });

  const givingUp = { schema: giveUpLeaseSchema, ...UNCHECKED };
  app.delete<OfLease>("/gate/:suite/lease/:id", givingUp, async (request, reply) => {
    const { suite, id } = request.params;
    if (gate.find(suite) === undefined) return sendUnknownSuite(reply, gate);
    const ended = await standings.giveUp({ suite, id });
    if (!ended.ok) return sendNoLease(reply, `The lease of ${suite} was not given up`, ended.why);
    if (!ended.value) return sendLost(reply, suite, leases);
    return reply.code(204).header("cache-control", "no-store").send();
  });
}

interface BodyValues {
  readonly holder: string;
  readonly ttlMs: number;
}

function readBody(
  body: unknown,
  names: readonly string[],
): { value: BodyValues; faults: readonly InputFault[] } {
  const members = readMembers(body);
  if (!members.ok) return { value: { holder: "", ttlMs: Number.NaN }, faults: members.faults };
  const { holder, ttl } = members.value;
  const faults = unknownNames(members.value, names, "body");
  const value = {
    holder: names.includes("holder") ? readLine(holder, { name: "holder", max: MAX_HOLDER }, faults) : "",
    ttlMs: readDuration(ttl, TTL, faults),
  };
  return { value, faults };
}

function sendLease(reply: FastifyReply, { id, fence, expiresAt }: Lease): FastifyReply {
  return reply
    .header("cache-control", "no-store")
    .header("content-type", "application/json; charset=utf-8")
    .send(JSON.stringify({ id, fence, expiresAt: isoOf(expiresAt) }));
}

function sendLeased(reply: FastifyReply, { suite, holder, expiresAt }: Lease, now: number): FastifyReply {
  const until = isoOf(expiresAt);
  return sendProblem(reply, {
    status: 409,
    code: "LEASED",
    title: "Another run has this suite",
    retryAfter: Math.max(1, Math.ceil((expiresAt - now) / 1000)),
    detail: `${holder} has ${suite} until ${until}, unless it renews its lease or gives it up before.`,
    extensions: { holder, expiresAt: until },
  });
}

const sendNoLease = (reply: FastifyReply, what: string, why: string): FastifyReply =>
  sendNotStored(reply, {
    code: "LEASE_NOT_STORED",
    title: "The store did not take it",
    detail: `${what}, as the store did not take it: ${why}. Next: ask again once the service reaches the store; until then it ends when it would have.`,
  });

function sendLost(reply: FastifyReply, suite: string, leases: Pick<Leases, "get">): FastifyReply {
  const current = leases.get(suite);
  const whose = current === undefined ? "Nobody has it now" : `${current.holder} has it now`;
  return sendProblem(reply, {
    status: 409,
    code: "LEASE_LOST",
    title: "This lease is lost",
    detail: `The lease of ${suite} expired, was given up, or was never given here. ${whose}; the run that relied on it may not have been alone.`,
    ...(current === undefined
      ? {}
      : { extensions: { holder: current.holder, expiresAt: isoOf(current.expiresAt) } }),
  });
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
