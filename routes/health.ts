import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Rendered } from "../services/health/serialize.ts";
import { httpStatus } from "../services/health/summarize.ts";
import type { HealthView } from "../services/health/view.ts";
import { isAnonymous, rateHeaders, VERDICT } from "./access.ts";
import { sendProblem } from "./problem.ts";
import { healthContent, HealthQuery, HIDDEN, problemContent } from "./schemas.ts";
import type { HeaderList } from "./security-headers.ts";
import { createVerdicts, type Verdict } from "./verdict.ts";

export interface HealthRoutesOptions {
  /** `GET /health`. */
  readonly all: HealthView;
  /** `GET /health/{name}`: groups and single dependencies. */
  readonly views: readonly HealthView[];
  /** Known to Greenlight and not configured here, with the variable that configures it. */
  readonly unconfigured: Readonly<Record<string, string>>;
  readonly monotonic: () => number;
  /** Headers of every answer. */
  readonly headers: HeaderList;
  /** Whether answers depend on who asks. */
  readonly guarded: boolean;
}

interface Query {
  readonly fail_on?: "warn";
  readonly fresh?: string;
}

/** A request waits this long at most for a refresh, in ms. */
const REFRESH_MS = 2000;
const FRESH_GAP_MS = 1000;
const JSON_TYPE = "application/json; charset=utf-8";
const HEALTH_TYPE = "application/health+json; charset=utf-8";

/** Health of everything, of groups and of single dependencies. */
export function healthRoutes(app: FastifyInstance, options: HealthRoutesOptions): void {
  const { all, views, unconfigured } = options;
  const everything = { schema: schemaFor("everything that is configured"), config: VERDICT };
  app.get("/health", everything, answerFrom(all, options));
  for (const view of views) {
    const route = { schema: schemaFor(view.names.join(", ")), config: VERDICT };
    app.get(`/health/${view.name}`, route, answerFrom(view, options));
  }
  app.get<{ Params: { name: string } }>("/health/:name", { schema: HIDDEN }, (request, reply) => {
    const { name } = request.params;
    const variable = Object.hasOwn(unconfigured, name) ? unconfigured[name] : undefined;
    const known = views.map((view) => view.name);
    return sendProblem(reply, {
      status: 404,
      code: variable === undefined ? "UNKNOWN_DEPENDENCY" : "NOT_CONFIGURED",
      title: variable === undefined ? "No such dependency or group" : "This dependency is not configured",
      detail:
        variable === undefined
          ? `Known here: ${known.join(", ")}.`
          : `Set ${variable} to have it observed. Known here: ${known.join(", ")}.`,
      extensions: { known },
    });
  });
}

const schemaFor = (what: string): Record<string, unknown> => ({
  tags: ["health"],
  summary: `Health of ${what}`,
  querystring: HealthQuery,
  response: {
    200: healthContent("`pass` or `warn`"),
    304: { description: "The meaning has not changed since the given ETag.", type: "null" },
    503: healthContent("`fail`; Retry-After is the time to the next try"),
    400: problemContent("The query is not understood."),
    429: problemContent("`fresh` was asked for twice within a second."),
  },
});

type AnswerOptions = Pick<HealthRoutesOptions, "monotonic" | "headers" | "guarded">;

function answerFrom(view: HealthView, { monotonic, headers, guarded }: AnswerOptions) {
  const answers = createAnswers(["vary", guarded ? "Accept, Authorization" : "Accept", ...headers]);
  const verdicts = createVerdicts(headers);
  let refreshedAt = Number.NEGATIVE_INFINITY;

  async function refresh(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    answer(request, reply, await view.refresh(REFRESH_MS));
  }

  function answer(request: FastifyRequest, reply: FastifyReply, rendered: Rendered): void {
    if (guarded && isAnonymous(request)) sendVerdict(request, reply, verdicts[rendered.status]);
    else send(request, reply, answers(rendered));
  }

  return function answerHealth(request: FastifyRequest, reply: FastifyReply): unknown {
    const { fresh } = request.query as Query;
    if (fresh !== undefined) {
      if (monotonic() - refreshedAt < FRESH_GAP_MS) {
        return sendProblem(reply, {
          status: 429,
          code: "FRESH_TOO_OFTEN",
          title: "Asked too often",
          retryAfter: 1,
          detail:
            "fresh=1 makes the servers work; it is allowed once a second. Ask again in a second, or without it.",
        });
      }
      refreshedAt = monotonic();
      return refresh(request, reply);
    }
    const rendered = view.read();
    if (rendered.stale) return refresh(request, reply);
    answer(request, reply, rendered);
    // Not the reply: it is a thenable, and Fastify would wait for it with a listener and two turns per request.
    return undefined;
  };
}

/** Flat lists of names and values, as `writeHead` takes them without copying. */
interface Answer {
  readonly rendered: Rendered;
  readonly json: Headers;
  readonly health: Headers;
}

interface Headers {
  readonly ok: string[];
  readonly unavailable: string[];
  readonly notModified: string[];
}

/** Headers are made once for a rendering, not for a request. */
function createAnswers(always: HeaderList): (rendered: Rendered) => Answer {
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
  return { notModified, ok, unavailable: [...ok, "retry-after", retryAfter] };
}

/** Past Fastify's reply: the headers are ready, and copying them per request costs a tenth of the throughput. */
function send(request: FastifyRequest, reply: FastifyReply, { rendered, json, health }: Answer): void {
  const { headers } = request.raw;
  const status = statusOf(request, rendered.status);
  const ready = headers.accept?.includes("application/health+json") === true ? health : json;
  reply.hijack();
  const { raw } = reply;
  if (status === 200 && matches(headers["if-none-match"], rendered.etag)) {
    raw.writeHead(304, withRate(request, ready.notModified));
    raw.end();
    return;
  }
  raw.writeHead(status, withRate(request, status === 200 ? ready.ok : ready.unavailable));
  // The body is ASCII, so its characters are its bytes, whatever the encoding is called; this one is the fastest.
  raw.end(rendered.body, "latin1");
}

/** The limits are those of one request: the ready list is copied for it, and left alone where nothing is counted. */
function withRate(request: FastifyRequest, ready: HeaderList): string[] {
  const rate = rateHeaders(request);
  return rate.length === 0 ? (ready as string[]) : ready.concat(rate);
}

function sendVerdict(request: FastifyRequest, reply: FastifyReply, verdict: Verdict): void {
  const status = statusOf(request, verdict.status);
  reply.hijack();
  const { raw } = reply;
  if (status === 200 && matches(request.raw.headers["if-none-match"], verdict.etag)) {
    raw.writeHead(304, withRate(request, verdict.notModified));
    raw.end();
    return;
  }
  const headers = withRate(request, verdict.headers);
  raw.writeHead(status, status === 200 ? headers : [...headers, "retry-after", "1"]);
  raw.end(verdict.body, "latin1");
}

const statusOf = (request: FastifyRequest, status: Rendered["status"]): 200 | 503 =>
  httpStatus(status, (request.query as Query).fail_on === "warn");

/** Weak comparison (RFC 9110, 13.1.2); `*` matches whatever there is. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = etag.replace(/^W\//, "");
  return ifNoneMatch
    .split(",")
    .some((candidate) => candidate.trim() === "*" || candidate.trim().replace(/^W\//, "") === opaque);
}
