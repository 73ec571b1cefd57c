import type { FastifyInstance } from "fastify";
import { rateHeaders, rateOf } from "../../routes/access.ts";
import { eachHeader, type HeaderList } from "../../routes/security-headers.ts";
import { createSingleFlight } from "../../services/probe/single-flight.ts";

export interface OpenapiOptions {
  readonly version: string;
  /** Headers of every answer; the page of the documents has a content security policy of its own. */
  readonly headers: HeaderList;
  /** Whether callers need a token. */
  readonly guarded: boolean;
  readonly createTwin: () => FastifyInstance;
  /** Registers the routes to be described. */
  readonly describe: (twin: FastifyInstance) => void;
}

const SECURITY = {
  components: {
    securitySchemes: {
      bearer: {
        type: "http" as const,
        scheme: "bearer",
        description:
          "What `greenlight auth whoami` says. /health/live, /health/ready and /health/startup need none. A refusal is a problem with `run`, the command to run instead: 401 for the token, 403 for who it belongs to, 429 for how often.",
      },
    },
  },
  security: [{ bearer: [] }],
};

/** Scripts from here alone; the page sets styles on its elements. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * `/openapi.json` and `/docs`. Swagger and its page are loaded when somebody asks, into a second instance with the same
 * routes that only describes: half of the start-up time of a health service would go into documents that few open.
 */
export function openapiRoutes(app: FastifyInstance, options: OpenapiOptions): void {
  const { version, headers, guarded, createTwin, describe } = options;
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
        ...(guarded ? SECURITY : {}),
        tags: TAGS.map((name) => ({ name })),
      },
    });
    await made.register(swaggerUi, { routePrefix: "/docs", staticCSP: PAGE_POLICY });
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
      // Past the hooks of this instance, and the other one has none.
      eachHeader(
        [...headers, ...rateHeaders(rateOf(request))],
        (name, value) => void reply.raw.setHeader(name, value),
      );
      documents.routing(request.raw, reply.raw);
    });
  }
}

/** In the order in which they are shown. */
const TAGS = [
  "health",
  "gate",
  "why",
  "remediation",
  "context",
  "incidents",
  "findings",
  "self",
  "events",
  "metrics",
] as const;
