// @fastify/under-pressure: its status route, with a health check that runs for each request.
import underPressure from "@fastify/under-pressure";
import fastify from "fastify";
import { createProbes, host, port } from "./probes.js";

const { postgres, redis } = createProbes();
const app = fastify({ logger: false });
await app.register(underPressure, {
  exposeStatusRoute: "/health/database",
  async healthCheck() {
    await Promise.all([postgres(), redis()]);
    return true;
  },
});
await app.listen({ port, host });
