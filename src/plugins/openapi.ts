import type { FastifyInstance } from "fastify";
import { createSingleFlight } from "../../services/probe/single-flight.ts";

export interface OpenapiOptions {
  readonly version: string;
  readonly createTwin: () => FastifyInstance;
  /** Registers the routes to be described. */
  readonly describe: (twin: FastifyInstance) => void;
}

/**
 * `/openapi.json` and `/docs`. Swagger and its page are loaded when somebody asks, into a second instance with the same
 * routes that only describes: half of the start-up time of a health service would go into documents that few open.
 */
export function openapiRoutes(app: FastifyInstance, { version, createTwin, describe }: OpenapiOptions): void {
  let twin: FastifyInstance | undefined;
  const prepare = createSingleFlight(async () => {
    twin ??= await buildTwin();
    return twin;
  });

  async function buildTwin(): Promise<FastifyInstance> {
    const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
      import("@fastify/swagger"),
      import("@fastify/swagger-ui"),
    ]);
    const made = createTwin();
    await made.register(swagger, {
      openapi: {
        openapi: "3.1.0",
        info: {
          title: "Greenlight",
          version,
          description: "Is this environment fit to be tested, and if not, why, and what puts it right?",
        },
        tags: ["health", "why", "self", "events", "metrics"].map((name) => ({ name })),
      },
    });
    await made.register(swaggerUi, { routePrefix: "/docs" });
    await made.register(async (scope) => describe(scope));
    made.get("/openapi.json", { schema: { hide: true } }, () => made.swagger());
    await made.ready();
    return made;
  }

  app.addHook("onClose", async () => twin?.close());
  for (const url of ["/openapi.json", "/docs", "/docs/*"]) {
    app.get(url, { schema: { hide: true } }, async (request, reply) => {
      const documents = await prepare();
      reply.hijack();
      documents.routing(request.raw, reply.raw);
    });
  }
}
