import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import { problemBody } from "../routes/problem.ts";
import { eachHeader, type HeaderList } from "../routes/security-headers.ts";

/** The names by which only this machine reaches itself; behind a forwarded port the number differs. */
const LOCAL = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

export interface LocalServerOptions {
  readonly server: ServerOptions;
  /** Headers of every answer. */
  readonly headers: HeaderList;
}

/**
 * A server for mode `none`, where everybody on this machine may do everything, except under a name that somebody else can
 * give to this address: the page of a stranger could let its own name resolve to 127.0.0.1 and read along (DNS rebinding).
 * It looks before anything is routed, so no path can be forgotten, and a request costs a comparison.
 */
export function createLocalServer(listener: RequestListener, options: LocalServerOptions): Server {
  /** Callers ask by the same name again and again. */
  let admittedHost: string | undefined;
  return createServer(options.server, (request, response) => {
    const { host } = request.headers;
    // HTTP/1.0 needs no Host; no browser speaks it.
    if (host === undefined || host === admittedHost) return listener(request, response);
    if (LOCAL.test(host)) {
      admittedHost = host;
      return listener(request, response);
    }
    const body = problemBody({
      status: 403,
      code: "HOST_NOT_LOCAL",
      title: "Asked by a name that is not this machine's own",
      detail: `Access mode none answers to localhost, 127.0.0.1 and [::1] alone, so that no web page can ask by a name of its own; found ${host.slice(0, 100)}. Ask by one of these, or choose another access mode.`,
    });
    response.statusCode = 403;
    response.setHeader("content-type", "application/problem+json");
    response.setHeader("cache-control", "no-store");
    response.setHeader("connection", "close");
    eachHeader(options.headers, (name, value) => void response.setHeader(name, value));
    response.end(body);
  });
}
