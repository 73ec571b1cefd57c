// Fastify as its guide has it: one route, an async handler, a response schema; it looks at no dependency.
// By path: the product's Fastify, not the copy that a peer brings along.
import { fastify } from "../../node_modules/fastify/fastify.js";
import { readBody, readPort } from "./body.ts";

const text = { type: "string" };
const number = { type: "number" };
const boolean = { type: "boolean" };

const check = {
  type: "object",
  properties: {
    componentId: text,
    componentType: text,
    status: text,
    required: boolean,
    observedValue: number,
    observedUnit: text,
    time: text,
    breaker: { type: "object", properties: { state: text } },
    stale: boolean,
    ageMs: number,
  },
};

const health = {
  type: "object",
  properties: {
    status: text,
    version: text,
    serviceId: text,
    environment: text,
    stale: boolean,
    ageMs: number,
    checks: { type: "object", additionalProperties: { type: "array", items: check } },
  },
};

const { object } = readBody();
const app = fastify({ logger: false });
app.get("/health/database", { schema: { response: { 200: health } } }, async () => object);
await app.listen({ port: readPort(), host: "127.0.0.1" });
