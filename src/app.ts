import fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import { eventsRoutes } from "../routes/events.ts";
import { healthRoutes } from "../routes/health.ts";
import { metricsRoutes } from "../routes/metrics.ts";
import { selfRoutes } from "../routes/self.ts";
import { whyRoutes } from "../routes/why.ts";
import {
  answerClientError,
  createErrorHandler,
  type ErrorHandler,
  errorsPlugin,
  type ReportError,
} from "./plugins/errors.ts";
import { openapiRoutes } from "./plugins/openapi.ts";
import { createValidatorCompiler } from "./plugins/validation.ts";
import type { Services } from "./services.ts";

export interface AppOptions {
  /** Default: nobody is told. */
  readonly onError?: ReportError;
}

/** The application: every plugin and every route, as a list. It owns no service; it does not listen. */
export async function buildApp(services: Services, { onError }: AppOptions = {}): Promise<FastifyInstance> {
  const handler = createErrorHandler(onError ?? (() => undefined));
  const app = createInstance(handler);
  registerRoutes(app, services, handler);
  openapiRoutes(app, {
    version: services.version,
    describe: (twin) => registerRoutes(twin, services, handler),
    createTwin: () => createInstance(handler),
  });
  await app.ready();
  return app;
}

function registerRoutes(app: FastifyInstance, services: Services, handler: ErrorHandler): void {
  const { views, monitor, lifecycle, feed, families, clock, unconfigured } = services;
  errorsPlugin(app, handler);
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

function createInstance(handler: ErrorHandler): FastifyInstance {
  return fastify({
    // Polled routes are not logged, and Fastify's logger costs a child and a listener for each request all the same.
    logger: false,
    // What drains still answers, except readiness.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    bodyLimit: 16 * 1024,
    requestTimeout: 10_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    clientErrorHandler: answerClientError,
    frameworkErrors: handler,
    schemaController: { compilersFactory: COMPILERS },
  });
}

/** Bodies are serialised where they are made: loading Fastify's own compilers costs start-up time for nothing. */
const COMPILERS = {
  buildValidator: () => createValidatorCompiler(),
  buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
} as unknown as NonNullable<NonNullable<FastifyServerOptions["schemaController"]>["compilersFactory"]>;
