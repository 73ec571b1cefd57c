import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendProblem } from "../../routes/problem.ts";
import type { Credentials } from "../../services/access/bearer.ts";
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
    const admission = guard.admit({
      need,
      credentials: credentialsOf(request),
      source: {
        socketAddress: request.raw.socket.remoteAddress,
        forwardedFor: listed(request.raw.headers["x-forwarded-for"]),
      },
    });
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

function credentialsOf({ raw }: FastifyRequest): Credentials {
  const { headers, rawHeaders } = raw;
  return {
    connection: raw.socket,
    authorization: headers.authorization,
    serverlessAuthorization: listed(headers[SERVERLESS]),
    repeated: hasRepeated(rawHeaders),
  };
}

/** Node keeps the first of several Authorization headers, and a proxy may have looked at the last. */
function hasRepeated(rawHeaders: readonly string[]): boolean {
  let authorization = 0;
  let serverless = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    // Most names are of another length, and need not be copied into small letters.
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) authorization += 1;
    else if (name.length === SERVERLESS.length && name.toLowerCase() === SERVERLESS) serverless += 1;
  }
  return authorization > 1 || serverless > 1;
}

const AUTHORIZATION = "authorization";
const SERVERLESS = "x-serverless-authorization";

const listed = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(", ") : value;
