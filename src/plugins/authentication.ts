import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendProblem } from "../../routes/problem.ts";
import type { Admission, Guard, Need } from "../../services/access/guard.ts";
import type { Refusal } from "../../services/access/refusals.ts";

/**
 * Every request, of a path that exists or not, is admitted by the guard before anything else happens to it. A route that
 * does not say who may ask needs a reader.
 */
export function authenticationPlugin(app: FastifyInstance, guard: Guard): void {
  app.decorateRequest("admitted", null);
  app.addHook("onRequest", (request, reply, done) => {
    const need = needOf(request);
    if (need === "public") {
      done();
      return;
    }
    const admission = guard.admit(request.raw, need);
    // A promise costs turns of the event loop; there is one only for a token that is new.
    if (admission instanceof Promise) {
      void later(admission, request, reply, done);
    } else {
      settle(admission, request, reply, done);
    }
  });
}

async function later(
  admission: Promise<Admission>,
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): Promise<void> {
  try {
    settle(await admission, request, reply, done);
  } catch (error) {
    done(error as Error);
  }
}

function settle(
  admission: Admission,
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  if (admission.ok) {
    request.admitted = admission;
    done();
    return;
  }
  const { refusal, rate } = admission;
  request.admitted = { principal: null, expiresAt: 0, rate };
  if (refusal.status === 401) void reply.header("www-authenticate", challengeFor(refusal));
  const { run, ...problem } = refusal;
  sendProblem(reply, { ...problem, extensions: { run } });
}

function needOf(request: FastifyRequest): "public" | Need {
  // Absent too for a path that does not exist.
  const need = request.routeOptions.config?.access ?? "reader";
  return need === "verdict" && asksForMore(request.query as Record<string, unknown>) ? "reader" : need;
}

/** Makes the servers work, or holds a connection; that is not for everybody. */
const asksForMore = ({ fresh, wait }: Readonly<Record<string, unknown>>): boolean =>
  fresh !== undefined || wait !== undefined;

/** RFC 6750, 3: whoever sent no token is told no error. */
function challengeFor({ code, title }: Refusal): string {
  const challenge = 'Bearer realm="greenlight"';
  return code === "TOKEN_MISSING"
    ? challenge
    : `${challenge}, error="invalid_token", error_description="${title.replaceAll(/["\\]/g, "'")}"`;
}
