import type { FastifyReply, FastifyRequest } from "fastify";
import type { Rendered } from "../services/health/serialize.ts";
import { httpStatus } from "../services/health/summarize.ts";
import { rateOf } from "./access.ts";
import { matchesEtag } from "./etag.ts";
import { readyHeaders, type ReadyHeaders } from "./ready-headers.ts";
import type { HeaderList } from "./security-headers.ts";
import type { Verdict } from "./verdict.ts";

/** What a caller may say behind the question mark. */
export interface HealthQueryValues {
  readonly fail_on?: "warn";
  readonly fresh?: string;
}

const JSON_TYPE = "application/json; charset=utf-8";
const HEALTH_TYPE = "application/health+json; charset=utf-8";

/** A rendering and its headers, for both media types. */
export interface Answer {
  readonly rendered: Rendered;
  readonly json: Headers;
  readonly health: Headers;
}

interface Headers {
  readonly ok: ReadyHeaders;
  readonly unavailable: ReadyHeaders;
  readonly notModified: ReadyHeaders;
}

/** Headers are made once for a rendering, not for a request. */
export function createAnswers(always: HeaderList): (rendered: Rendered) => Answer {
  let last: Answer | undefined;
  return function answerFor(rendered) {
    if (last?.rendered !== rendered) {
      last = {
        rendered,
        json: headersFor(rendered, JSON_TYPE, always),
        health: headersFor(rendered, HEALTH_TYPE, always),
      };
    }
    return last;
  };
}

function headersFor({ body, etag, age, retryAfter }: Rendered, type: string, always: HeaderList): Headers {
  const notModified = [
    "content-type",
    type,
    "cache-control",
    "no-cache",
    "etag",
    etag,
    "age",
    age,
    ...always,
  ];
  const ok = [...notModified, "content-length", String(body.length)];
  return {
    notModified: readyHeaders(notModified),
    ok: readyHeaders(ok),
    unavailable: readyHeaders([...ok, "retry-after", retryAfter]),
  };
}

/** Past Fastify's reply: the headers are ready, and copying them per request costs a tenth of the throughput. */
export function send(request: FastifyRequest, reply: FastifyReply, { rendered, json, health }: Answer): void {
  const { headers } = request.raw;
  const status = statusOf(request, rendered.status);
  const rate = rateOf(request);
  const ready = headers.accept?.includes("application/health+json") === true ? health : json;
  reply.hijack();
  const { raw } = reply;
  if (status === 200 && matchesEtag(headers["if-none-match"], rendered.etag)) {
    raw.writeHead(304, ready.notModified(rate));
    raw.end();
    return;
  }
  raw.writeHead(status, (status === 200 ? ready.ok : ready.unavailable)(rate));
  // The body is ASCII, so its characters are its bytes, whatever the encoding is called; this one is the fastest.
  raw.end(rendered.body, "latin1");
}

/** The same for a caller who gets the verdict alone. */
export function sendVerdict(request: FastifyRequest, reply: FastifyReply, verdict: Verdict): void {
  const status = statusOf(request, verdict.status);
  const rate = rateOf(request);
  reply.hijack();
  const { raw } = reply;
  if (status === 200 && matchesEtag(request.raw.headers["if-none-match"], verdict.etag)) {
    raw.writeHead(304, verdict.notModified(rate));
    raw.end();
    return;
  }
  raw.writeHead(status, (status === 200 ? verdict.ok : verdict.unavailable)(rate));
  raw.end(verdict.body, "latin1");
}

const statusOf = (request: FastifyRequest, status: Rendered["status"]): 200 | 503 =>
  httpStatus(status, (request.query as HealthQueryValues).fail_on === "warn");
