import type { FastifyInstance } from "fastify";
import type { Admitted } from "../../routes/access.ts";
import { sendProblem } from "../../routes/problem.ts";

/** The names by which only this machine reaches itself; behind a forwarded port the number differs. */
const LOCAL = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Mode `none`: on loopback alone, everybody may do everything, except under a name that somebody else can give to this
 * address: the page of a stranger could let its own name resolve to 127.0.0.1 and read along (DNS rebinding).
 */
export function admitEverybody(app: FastifyInstance): void {
  const everybody: Admitted = {
    principal: { id: "anybody", role: "operator" },
    expiresAt: Number.POSITIVE_INFINITY,
    rate: null,
  };
  app.decorateRequest("admitted", { getter: () => everybody });
  /** Callers ask by the same name again and again. */
  let admittedHost: string | undefined;
  app.addHook("onRequest", (request, reply, done) => {
    const { host } = request.raw.headers;
    // HTTP/1.0 needs no Host; no browser speaks it.
    if (host === undefined || host === admittedHost) return done();
    if (LOCAL.test(host)) {
      admittedHost = host;
      return done();
    }
    sendProblem(reply, {
      status: 403,
      code: "HOST_NOT_LOCAL",
      title: "Asked by a name that is not this machine's own",
      detail: `Access mode none answers to localhost, 127.0.0.1 and [::1] alone, so that no web page can ask by a name of its own; found ${host.slice(0, 100)}. Ask by one of these, or choose another access mode.`,
    });
  });
}
