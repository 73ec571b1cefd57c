import type { FastifyReply, FastifyRequest } from "fastify";
import type { Rendered } from "../services/health/serialize.ts";
import { httpStatus } from "../services/health/summarize.ts";
import { rateOf } from "./access.ts";
import { matchesEtag } from "./etag.ts";
import { type Forms, type ReadyAnswer, readyForms } from "./ready-answer.ts";
import type { HeaderList } from "./security-headers.ts";

/** What a caller may say behind the question mark. */
export interface HealthQueryValues {
  readonly fail_on?: "warn";
  readonly fresh?: string;
}

const JSON_TYPE = "application/json; charset=utf-8";
const HEALTH_TYPE = "application/health+json; charset=utf-8";

/** One meaning, ready to send in each form that a caller may ask for. */
export interface Answer {
  readonly status: Rendered["status"];
  readonly etag: string;
  readonly json: Forms;
  readonly health: Forms;
}

export interface AnswersOptions {
  /** Headers of every answer. */
  readonly always: HeaderList;
  /** How long an idle connection is kept, in ms. */
  readonly keepAliveMs: number;
}

/** Answers are made once for a rendering, not for a request. */
export function createAnswers(options: AnswersOptions): (rendered: Rendered) => Answer {
  let last: Rendered | undefined;
  let answer: Answer | undefined;
  return function answerFor(rendered) {
    if (answer === undefined || last !== rendered) {
      last = rendered;
      const { status, etag } = rendered;
      const forms = (type: string): Forms => formsOf(rendered, type, options);
      answer = { status, etag, json: forms(JSON_TYPE), health: forms(HEALTH_TYPE) };
    }
    return answer;
  };
}

function formsOf(rendered: Rendered, type: string, { always, keepAliveMs }: AnswersOptions): Forms {
  const { body, etag, age, retryAfter } = rendered;
  const headers = ["content-type", type, "cache-control", "no-cache", "etag", etag, "age", age, ...always];
  return readyForms({ headers, body, retryAfter, keepAliveMs });
}

/** In which form a request wants its answer. */
export interface Wanted {
  readonly type: "json" | "health";
  readonly failOnWarn: boolean;
  readonly ifNoneMatch: string | undefined;
}

export function wantedBy(request: FastifyRequest): Wanted {
  const { accept, "if-none-match": ifNoneMatch } = request.raw.headers;
  return {
    type: accept?.includes("application/health+json") === true ? "health" : "json",
    failOnWarn: (request.query as HealthQueryValues).fail_on === "warn",
    ifNoneMatch,
  };
}

export function choose(answer: Answer, { type, failOnWarn, ifNoneMatch }: Wanted): ReadyAnswer {
  const { ok, unavailable, notModified } = answer[type];
  if (httpStatus(answer.status, failOnWarn) === 503) return unavailable;
  return matchesEtag(ifNoneMatch, answer.etag) ? notModified : ok;
}

/** Past Fastify's reply: the headers are ready, and copying them per request costs a tenth of the throughput. */
export function send(request: FastifyRequest, reply: FastifyReply, answer: ReadyAnswer): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(answer.status, answer.headers(rateOf(request)));
  // The body is ASCII, so its characters are its bytes, whatever the encoding is called; this one is the fastest.
  raw.end(answer.body, "latin1");
}
