import type { FastifyInstance } from "fastify";
import { type Family, writeExposition } from "../services/metrics/exposition.ts";
import { NoQuery } from "./schemas.ts";

export interface MetricsRoutesOptions {
  readonly families: () => readonly Family[];
}

/** Prometheus text format 0.0.4. */
export function metricsRoutes(app: FastifyInstance, { families }: MetricsRoutesOptions): void {
  const schema = {
    tags: ["metrics"],
    summary: "Metrics in the Prometheus text format",
    querystring: NoQuery,
    response: { 200: { description: "Metrics", content: { "text/plain": { schema: { type: "string" } } } } },
  };
  app.get("/metrics", { schema }, (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .header("content-type", "text/plain; version=0.0.4; charset=utf-8")
      .send(writeExposition(families())),
  );
}
