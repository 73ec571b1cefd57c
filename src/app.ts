import type { Server, ServerOptions } from "node:http";
import fastify, { type FastifyHttpOptions, type FastifyInstance, type FastifyServerOptions } from "fastify";
import { contextRoutes } from "../routes/context.ts";
import { dashboardRoutes, type ReadPageFile } from "../routes/dashboard.ts";
import { eventsRoutes } from "../routes/events.ts";
import { findingsRoutes } from "../routes/findings.ts";
import { gateRoutes } from "../routes/gate.ts";
import { healthRoutes } from "../routes/health.ts";
import { holdsRoutes } from "../routes/holds.ts";
import { incidentsRoutes } from "../routes/incidents.ts";
import { leasesRoutes } from "../routes/leases.ts";
import { metricsRoutes } from "../routes/metrics.ts";
import { createRepeatedRequests, type RepeatedRequests } from "../routes/repeated-requests.ts";
import { remediationPlanRoutes } from "../routes/remediation-plans.ts";
import { remediationRunRoutes } from "../routes/remediation-runs.ts";
import {
  dataSecurityHeaders,
  type HeaderList,
  pageSecurityHeaders,
  securityHeaders,
} from "../routes/security-headers.ts";
import { selfRoutes } from "../routes/self.ts";
import { whyRoutes } from "../routes/why.ts";
import { createGuard, type Guard } from "../services/access/guard.ts";
import type { AccessOptions } from "../services/access/options.ts";
import { accessFamilies } from "./access-metrics.ts";
import { createDashboardFiles } from "./dashboard-files.ts";
import { admitEverybody } from "./plugins/admit-everybody.ts";
import { authenticationPlugin } from "./plugins/authentication.ts";
import { createLocalServer } from "./local-server.ts";
import { createClientErrorHandler } from "./plugins/client-errors.ts";
import { createErrorHandler, type ErrorHandler, errorsPlugin, type ReportError } from "./plugins/errors.ts";
import { openapiRoutes } from "./plugins/openapi.ts";
import { securityHeadersPlugin, withHeaders } from "./plugins/security-headers.ts";
import { createValidatorCompiler } from "./plugins/validation.ts";
import type { Services } from "./services.ts";

export interface AppOptions {
  readonly access: AccessOptions;
  /** Whether this process runs on Cloud Run: only https leads there. Default false. */
  readonly onCloudRun?: boolean;
  /** Default: nobody is told. */
  readonly onError?: ReportError;
  /** Told once when what the access mode relies on does not hold. Default: nobody is told. */
  readonly onAlarm?: (message: string) => void;
}

interface Parts {
  readonly services: Services;
  readonly handler: ErrorHandler;
  readonly headers: HeaderList;
  readonly dataHeaders: HeaderList;
  readonly pageHeaders: HeaderList;
  readonly readPage: ReadPageFile;
  readonly guard: Guard | undefined;
  readonly repeated: RepeatedRequests;
}

/** The application: every plugin and every route, as a list. It owns no service; it does not listen. */
export async function buildApp(services: Services, options: AppOptions): Promise<FastifyInstance> {
  const { access, onCloudRun = false, onError = () => undefined, onAlarm } = options;
  const headers = securityHeaders({ https: onCloudRun });
  const dataHeaders = dataSecurityHeaders({ https: onCloudRun });
  const guard =
    access.mode === "none"
      ? undefined
      : createGuard(access, { clock: services.clock, onCloudRun, ...(onAlarm ? { onAlarm } : {}) });
  const parts = {
    services,
    handler: createErrorHandler(onError),
    headers,
    dataHeaders,
    pageHeaders: pageSecurityHeaders({ https: onCloudRun }),
    readPage: createDashboardFiles(),
    guard,
    repeated: createRepeatedRequests(),
  };
  const app = createInstance(parts);
  securityHeadersPlugin(app, headers);
  if (guard === undefined) admitEverybody(app);
  else authenticationPlugin(app, guard);
  app.addHook("preClose", async () => parts.repeated.stop());
  registerRoutes(app, parts);
  openapiRoutes(app, {
    version: services.version,
    headers,
    guarded: guard !== undefined,
    describe: (twin) => registerRoutes(twin, parts),
    createTwin: () => createInstance(parts),
  });
  await Promise.all([app.ready(), guard?.prepare()]);
  return app;
}

function registerRoutes(
  app: FastifyInstance,
  { services, handler, headers, dataHeaders, pageHeaders, readPage, guard, repeated }: Parts,
): void {
  const { views, monitor, lifecycle, feed, families, clock, unconfigured } = services;
  const { gate, leases, standings, decisions, render, incidents, context, findings, environment, why } =
    services;
  const guarded = guard !== undefined;
  const monotonic = (): number => clock.monotonic();
  const now = (): number => clock.now();
  errorsPlugin(app, handler);
  dashboardRoutes(app, { read: readPage, headers, pageHeaders });
  healthRoutes(app, {
    all: views.all,
    views: views.named,
    unconfigured,
    monotonic,
    now,
    repeated,
    keepAliveMs: SERVER.keepAliveTimeout,
    headers: dataHeaders,
    guarded,
  });
  selfRoutes(app, { lifecycle });
  whyRoutes(app, {
    names: monitor.names,
    check: (name) => monitor.checks([name])[0] as ReturnType<typeof monitor.checks>[number],
    climb: (name) => monitor.climb(name),
    why,
    monotonic,
  });
  metricsRoutes(app, { families: () => [...families(), ...(guard ? accessFamilies(guard) : [])] });
  gateRoutes(app, { gate, render, count: decisions.count, monotonic, now, headers: dataHeaders, guarded });
  holdsRoutes(app, { gate, standings, now });
  leasesRoutes(app, { gate, leases, standings, now });
  contextRoutes(app, { context });
  incidentsRoutes(app, { incidents, gate, now });
  findingsRoutes(app, { ...findings, environment, now });
  remediationPlanRoutes(app, { desk: services.desk });
  remediationRunRoutes(app, { desk: services.desk });
  eventsRoutes(app, { feed, headers, ...(guarded ? { now } : {}) });
}

function createInstance({ handler, headers, guard }: Parts): FastifyInstance {
  const listening: FastifyHttpOptions<Server> =
    guard === undefined
      ? { serverFactory: (listener) => createLocalServer(listener, { server: SERVER, headers }) }
      : { http: SERVER, requestTimeout: SERVER.requestTimeout, keepAliveTimeout: SERVER.keepAliveTimeout };
  return fastify({
    // Polled routes are not logged, and Fastify's logger costs a child and a listener for each request all the same.
    logger: false,
    // What drains still answers, except readiness.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    bodyLimit: 16 * 1024,
    // Nothing reads them, and making one costs a text for each request.
    genReqId: () => "",
    ...listening,
    connectionTimeout: 0,
    clientErrorHandler: createClientErrorHandler(headers),
    // Before routing there are no hooks.
    frameworkErrors: (error, request, reply) => handler(error, request, withHeaders(reply, headers)),
    schemaController: { compilersFactory: COMPILERS },
  });
}

const SERVER = {
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  // By itself Node looks for late ones twice a minute.
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
} as const satisfies ServerOptions;

/** Bodies are serialised where they are made: loading Fastify's own compilers costs start-up time for nothing. */
const COMPILERS = {
  buildValidator: () => createValidatorCompiler(),
  buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
} as unknown as NonNullable<NonNullable<FastifyServerOptions["schemaController"]>["compilersFactory"]>;
