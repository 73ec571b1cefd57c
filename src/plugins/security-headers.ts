import type { FastifyInstance, FastifyReply } from "fastify";
import { rateHeaders, rateOf } from "../../routes/access.ts";
import { eachHeader, type HeaderList } from "../../routes/security-headers.ts";

/** Puts the headers of every answer, and what it says of the limits, on what goes out through Fastify's reply. */
export function securityHeadersPlugin(app: FastifyInstance, headers: HeaderList): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    withHeaders(withHeaders(reply, headers), rateHeaders(rateOf(request)));
    done(null, payload);
  });
}

export function withHeaders(reply: FastifyReply, headers: HeaderList): FastifyReply {
  eachHeader(headers, (name, value) => void reply.header(name, value));
  return reply;
}
