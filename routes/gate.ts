import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Rate } from "../services/access/rate-limit.ts";
import type { Gate } from "../services/gate/gate.ts";
import { isDecided } from "../services/gate/keeper.ts";
import type { RenderedVerdict } from "../services/gate/render.ts";
import type { SuiteOptions } from "../services/gate/suite.ts";
import type { Evaluation } from "../services/gate/verdict.ts";
import type { AskOptions } from "../services/gate/waiters.ts";
import { isAnonymous, rateOf, VERDICT } from "./access.ts";
import { createGateAnswers, renderVerdictAlone, type SendGateAnswer } from "./gate-answer.ts";
import { type GateQuery, readGateQuery } from "./gate-query.ts";
import { sendFaults, UNCHECKED } from "./input.ts";
import { sendProblem } from "./problem.ts";
import { gateSchema, gatesSchema } from "./schemas-gate.ts";
import { HIDDEN } from "./schemas.ts";
import type { HeaderList } from "./security-headers.ts";

export interface GateRoutesOptions {
  readonly gate: Gate;
  readonly render: (evaluation: Evaluation) => RenderedVerdict;
  /** Told of each answer that is given. */
  readonly count: (evaluation: Evaluation) => void;
  readonly monotonic: () => number;
  /** Wall-clock milliseconds: a held request ends with the token of its caller. */
  readonly now: () => number;
  /** Headers of every answer that is data. */
  readonly headers: HeaderList;
  /** Whether answers depend on who asks. */
  readonly guarded: boolean;
  /** Requests held at the same time. Default 20 000. */
  readonly maxHeld?: number;
}

/** A request waits this long at most for a refresh, in ms. */
const REFRESH_MS = 2000;
/** Graces that end within the same quarter of a second are one group of waiters. */
const GRACE_STEP_MS = 250;

/** The verdict on each suite; with `wait` the request is held until there is one. */
export function gateRoutes(app: FastifyInstance, options: GateRoutesOptions): void {
  const { gate } = options;
  const held = { count: 0 };
  // Before the server waits for open requests to end: a held one would not end by itself.
  app.addHook("preClose", () => gate.drain());

  app.get("/gate", { schema: gatesSchema }, (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .header("content-type", "application/json; charset=utf-8")
      .send(JSON.stringify({ suites: gate.suites.map((suite) => overviewOf(suite, gate)) })),
  );
  for (const suite of gate.suites) {
    const route = { schema: gateSchema(suite.name), config: VERDICT, ...UNCHECKED };
    app.get(`/gate/${suite.name}`, route, answerFrom(suite, held, options));
  }
  app.get<{ Params: { suite: string } }>("/gate/:suite", { schema: HIDDEN }, (_request, reply) =>
    sendUnknownSuite(reply, gate),
  );
}

export function sendUnknownSuite(reply: FastifyReply, { suites }: Pick<Gate, "suites">): FastifyReply {
  const known = suites.map(({ name }) => name);
  return sendProblem(reply, {
    status: 404,
    code: "UNKNOWN_SUITE",
    title: "No such suite",
    detail: `Known here: ${known.join(", ")}.`,
    extensions: { known },
  });
}

function overviewOf({ name, requirements }: SuiteOptions, gate: Gate): Record<string, unknown> {
  return {
    name,
    verdict: gate.evaluate(name).verdict,
    requirements: requirements.map(({ dependency, level, assurance }) => ({ dependency, level, assurance })),
  };
}

function answerFrom(suite: SuiteOptions, held: { count: number }, options: GateRoutesOptions) {
  const { gate, render, count, monotonic, now, headers, guarded, maxHeld = 20_000 } = options;
  const always = guarded ? ["vary", "Authorization", ...headers] : headers;
  const answers = {
    whole: createGateAnswers(render, always),
    alone: createGateAnswers(renderVerdictAlone, always),
  };

  function answer(request: FastifyRequest, reply: FastifyReply, asked: AskOptions, waitMs: number): unknown {
    const evaluation = gate.evaluate(suite.name, asked);
    const caller = {
      raw: reply.raw,
      rate: rateOf(request),
      send: guarded && isAnonymous(request) ? answers.alone : answers.whole,
    };
    if (waitMs <= 0 || isDecided(evaluation)) {
      reply.hijack();
      count(evaluation);
      caller.send(caller.raw, caller.rate, evaluation);
      return undefined;
    }
    if (held.count >= maxHeld) return sendTooMany(reply, maxHeld);
    const leftMs = (request.admitted?.expiresAt ?? Number.POSITIVE_INFINITY) - now();
    reply.hijack();
    holdRequest({
      ...caller,
      gate,
      held,
      count,
      name: suite.name,
      asked,
      ms: Math.max(0, Math.min(waitMs, leftMs)),
    });
    return undefined;
  }

  return function answerGate(request: FastifyRequest, reply: FastifyReply): unknown {
    const read = readGateQuery(request.query as Record<string, unknown>);
    if (!read.ok) return sendFaults(reply, read.faults);
    const asked = askOf(read.value, suite, monotonic());
    // A HEAD has nothing to wait for.
    const waitMs = request.method === "HEAD" ? 0 : read.value.waitMs;
    const refreshing = gate.refresh(suite.name, { ...asked, ms: REFRESH_MS });
    if (refreshing === undefined) return answer(request, reply, asked, waitMs);
    return refreshing.then(() => answer(request, reply, asked, waitMs));
  };
}

function askOf(
  { stableMs, graceMs, lease, strict }: GateQuery,
  suite: SuiteOptions,
  now: number,
): AskOptions {
  const grace = graceMs ?? suite.graceMs;
  const graceUntil = grace === 0 ? undefined : Math.ceil((now + grace) / GRACE_STEP_MS) * GRACE_STEP_MS;
  return { stableMs, graceUntil, lease, strict };
}

interface Held {
  readonly raw: ServerResponse;
  readonly rate: Rate | null;
  readonly send: SendGateAnswer;
  readonly gate: Gate;
  readonly held: { count: number };
  readonly count: (evaluation: Evaluation) => void;
  readonly name: string;
  readonly asked: AskOptions;
  readonly ms: number;
}

/** Of ten thousand of them each keeps its response and two functions; the request and the reply are let go. */
function holdRequest({ raw, rate, send, gate, held, count, name, asked, ms }: Held): void {
  // Gone while the observations were refreshed.
  if (raw.destroyed) return;
  held.count += 1;
  const forget = gate.hold(name, { ...asked, ms }, (evaluation) => {
    count(evaluation);
    send(raw, rate, evaluation);
  });
  raw.once("close", () => {
    held.count -= 1;
    forget();
  });
}

function sendTooMany(reply: FastifyReply, maxHeld: number): FastifyReply {
  return sendProblem(reply, {
    status: 503,
    code: "TOO_MANY_WAITING",
    title: "Too many requests are held",
    retryAfter: 5,
    detail: `${maxHeld} requests wait for a verdict; ask again later, without \`wait\`, or follow /events.`,
  });
}
