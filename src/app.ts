import fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from "fastify";
import { eventsRoutes } from "../routes/events.ts";
import { healthRoutes } from "../routes/health.ts";
import { metricsRoutes } from "../routes/metrics.ts";
import { selfRoutes } from "../routes/self.ts";
import { whyRoutes } from "../routes/why.ts";
import { answerClientError, answerError, errorsPlugin } from "./plugins/errors.ts";
import { openapiRoutes } from "./plugins/openapi.ts";
import { createValidatorCompiler } from "./plugins/validation.ts";
import type { Services } from "./services.ts";

export interface AppOptions {
  readonly logger?: FastifyServerOptions["loggerInstance"];
}

/** The application: every plugin and every route, as a list. It owns no service; it does not listen. */
export async function buildApp(services: Services, options: AppOptions = {}): Promise<FastifyInstance> {
  const app = createInstance(options);
  registerRoutes(app, services);
  openapiRoutes(app, {
    version: services.version,
    describe(twin) {
      registerRoutes(twin, services);
    },
    createTwin: () => createInstance({}),
  });
  await app.ready();
  return app;
}

function registerRoutes(app: FastifyInstance, services: Services): void {
  const { views, monitor, lifecycle, feed, families, clock, unconfigured } = services;
  errorsPlugin(app);
  healthRoutes(app, { all: views.all, views: views.named, unconfigured, monotonic: () => clock.monotonic() });
  selfRoutes(app, { lifecycle });
  whyRoutes(app, {
    names: monitor.names,
    check: (name) => monitor.checks([name])[0] as ReturnType<typeof monitor.checks>[number],
    climb: (name) => monitor.climb(name),
    monotonic: () => clock.monotonic(),
  });
  metricsRoutes(app, { families });
  eventsRoutes(app, { feed });
}

function createInstance({ logger }: AppOptions): FastifyInstance {
  let requests = 0;
  return fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    // Polled routes: a line per request would be most of the log and half of the cost.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent) => parent,
    genReqId: () => String((requests += 1)),
    // What drains still answers, except readiness.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    bodyLimit: 16 * 1024,
    requestTimeout: 10_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerError,
    schemaController: { compilersFactory: COMPILERS },
  });
}

/** Bodies are serialised where they are made: loading Fastify's own compilers costs start-up time for nothing. */
const COMPILERS = {
  buildValidator: () => createValidatorCompiler(),
  buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
} as unknown as NonNullable<NonNullable<FastifyServerOptions["schemaController"]>["compilersFactory"]>;
