import type { FastifyInstance } from "fastify";
import type { Detection } from "../services/context/detect.ts";
import { contextSchema } from "./schemas-context.ts";

export interface ContextRoutesOptions {
  readonly context: { current(): Promise<Detection> };
}

/** Which environment this is, and why. */
export function contextRoutes(app: FastifyInstance, { context }: ContextRoutesOptions): void {
  app.get("/context", { schema: contextSchema }, async (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .header("content-type", "application/json; charset=utf-8")
      .send(JSON.stringify(await context.current())),
  );
}
