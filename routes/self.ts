import type { FastifyInstance, FastifyReply } from "fastify";
import type { Lifecycle, Phase } from "../services/lifecycle.ts";
import { PUBLIC } from "./access.ts";
import { NoQuery, SelfBody } from "./schemas.ts";

export interface SelfRoutesOptions {
  readonly lifecycle: Lifecycle;
}

/** This process itself; a dependency that is down must not have it restarted or taken out of service. */
export function selfRoutes(app: FastifyInstance, { lifecycle }: SelfRoutesOptions): void {
  const route = (name: string, summary: string, holds: (phase: Phase) => boolean): void => {
    const schema = {
      tags: ["self"],
      summary,
      querystring: NoQuery,
      response: { 200: SelfBody, 503: SelfBody },
    };
    app.get(`/health/${name}`, { schema, config: PUBLIC }, (_request, reply) =>
      answer(reply, holds(lifecycle.phase()), lifecycle.phase()),
    );
  };
  route("live", "The process answers", () => true);
  route("ready", "The process takes requests: started, and not draining", (phase) => phase === "ready");
  route("startup", "The process has started", (phase) => phase !== "starting");
}

function answer(reply: FastifyReply, holds: boolean, phase: Phase): FastifyReply {
  if (!holds) void reply.header("retry-after", "1");
  return reply
    .code(holds ? 200 : 503)
    .header("cache-control", "no-store")
    .header("content-type", "application/json; charset=utf-8")
    .send(JSON.stringify({ status: holds ? "pass" : "fail", phase }));
}
