import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Rendered } from "../services/health/serialize.ts";
import type { HealthView } from "../services/health/view.ts";
import { isAnonymous, VERDICT } from "./access.ts";
import {
  type Answer,
  choose,
  createAnswers,
  type HealthQueryValues,
  send,
  type Wanted,
  wantedBy,
} from "./health-answer.ts";
import { sendProblem } from "./problem.ts";
import type { RepeatedRequests } from "./repeated-requests.ts";
import { healthContent, HealthQuery, HIDDEN, problemContent } from "./schemas.ts";
import type { HeaderList } from "./security-headers.ts";
import { createVerdicts } from "./verdict.ts";

export interface HealthRoutesOptions {
  /** `GET /health`. */
  readonly all: HealthView;
  /** `GET /health/{name}`: groups and single dependencies. */
  readonly views: readonly HealthView[];
  /** Known to Greenlight and not configured here, with the variable that configures it. */
  readonly unconfigured: Readonly<Record<string, string>>;
  readonly monotonic: () => number;
  readonly now: () => number;
  readonly repeated: RepeatedRequests;
  /** How long an idle connection is kept, in ms. */
  readonly keepAliveMs: number;
  /** Headers of every answer that is data. */
  readonly headers: HeaderList;
  /** Whether answers depend on who asks. */
  readonly guarded: boolean;
}

/** A request waits this long at most for a refresh, in ms. */
const REFRESH_MS = 2000;
const FRESH_GAP_MS = 1000;

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

type AnswerOptions = Omit<HealthRoutesOptions, "all" | "views" | "unconfigured">;

function answerFrom(view: HealthView, options: AnswerOptions) {
  const { monotonic, now, repeated, keepAliveMs, headers, guarded } = options;
  const always = ["vary", guarded ? "Accept, Authorization" : "Accept", ...headers];
  const answers = createAnswers({ always, keepAliveMs });
  const verdicts = createVerdicts({ always: headers, keepAliveMs });
  let refreshedAt = Number.NEGATIVE_INFINITY;

  async function refresh(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const rendered = await view.refresh(REFRESH_MS);
    send(request, reply, choose(answerTo(request, rendered), wantedBy(request)));
  }

  const answerTo = (request: FastifyRequest, rendered: Rendered): Answer =>
    guarded && isAnonymous(request) ? verdicts[rendered.status] : answers(rendered);

  /** For a caller who may see everything, and is admitted anew each time. */
  function offer({ raw, admitted }: FastifyRequest, reply: FastifyReply, wanted: Wanted): void {
    const renew = admitted?.renew;
    if (renew === undefined) return;
    repeated.offer(raw, reply.raw, () => {
      const rendered = view.read();
      if (rendered.stale) return undefined;
      const at = now();
      const rate = renew(at);
      return rate === undefined ? undefined : choose(answers(rendered), wanted).text(rate, at);
    });
  }

  return function answerHealth(request: FastifyRequest, reply: FastifyReply): unknown {
    const { fresh } = request.query as HealthQueryValues;
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
    const wanted = wantedBy(request);
    offer(request, reply, wanted);
    send(request, reply, choose(answerTo(request, rendered), wanted));
    // Not the reply: it is a thenable, and Fastify would wait for it with a listener and two turns per request.
    return undefined;
  };
}
