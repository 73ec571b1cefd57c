// HTTP on 127.0.0.1 with which people and tests break the sandbox and repair it.
import { fastify, type FastifyReply } from "fastify";
import { Problem, readFault, readSignal } from "./control-input.ts";
import type { DependencyName, SandboxDependency } from "./dependency.ts";
import { SandboxError } from "./errors.ts";

/** What is controlled. */
export interface ControlOptions {
  dependencies: ReadonlyMap<DependencyName, SandboxDependency>;
  /** Default 0: any free port. */
  port?: number;
}

/** A running control server. */
export interface Control {
  readonly url: string;
  close(): Promise<void>;
}

interface OnDependency {
  Params: { name: string };
}

const routes = "GET /, POST /faults/{dependency}, POST /signal/{dependency}, POST /restart/{dependency}";

/**
 * Serves `GET /` (the state), `POST /faults/{dependency}` `{mode, ms}`, `POST /signal/{dependency}` `{signal}` and
 * `POST /restart/{dependency}`; each answers with the new state, and errors are problem+json.
 */
export async function startControl(options: ControlOptions): Promise<Control> {
  const { dependencies } = options;
  const app = fastify({ forceCloseConnections: true });
  // curl -d names another type, and a restart has no body: whatever comes is read as JSON, by ourselves.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => {
    const text = `Expected one of ${routes}; found ${request.method} ${request.url}.`;
    sendProblem(new Problem(404, text), request, reply);
  });
  app.addHook("onRequest", (request, _reply, done) => {
    const { origin } = request.headers;
    done(
      origin === undefined
        ? undefined
        : new Problem(403, `Pages of a browser may not do this; found ${origin}.`),
    );
  });

  app.get("/", () => Object.fromEntries([...dependencies].map(([name, each]) => [name, stateOf(each)])));
  app.post<OnDependency>("/faults/:name", ({ params, body }) => setFault(find(params.name), body));
  app.post<OnDependency>("/signal/:name", ({ params, body }) => sendSignal(find(params.name), body));
  app.post<OnDependency>("/restart/:name", ({ params }) => restart(find(params.name)));

  function find(name: string): SandboxDependency {
    const found = [...dependencies.values()].find((each) => each.name === name);
    if (found === undefined) {
      throw new Problem(
        404,
        `Expected a dependency (${[...dependencies.keys()].join(", ")}); found "${name}".`,
      );
    }
    return found;
  }

  const url = await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  return { url, close: () => app.close() };
}

async function setFault(dependency: SandboxDependency, body: unknown): Promise<object> {
  const { mode, ms } = readFault(body, dependency.modes);
  await dependency.setMode(mode, { ms });
  return stateOf(dependency);
}

function sendSignal(dependency: SandboxDependency, body: unknown): object {
  const { name, server } = dependency;
  const signal = readSignal(body);
  if (server.pid === undefined) {
    throw new Problem(409, `${name} is not running. POST /restart/${name} starts it.`);
  }
  server.signal(signal);
  return stateOf(dependency);
}

async function restart(dependency: SandboxDependency): Promise<object> {
  await dependency.restart();
  return stateOf(dependency);
}

function stateOf(dependency: SandboxDependency): object {
  const { server, proxy } = dependency;
  return {
    running: server.pid !== undefined,
    pid: server.pid ?? null,
    mode: dependency.mode,
    listening: proxy.listening,
    connections: proxy.connections(),
    url: dependency.url(),
  };
}

function sendProblem(error: unknown, _request: unknown, reply: FastifyReply): void {
  // A server that is down or stopped takes no mode and does not start: the state is in the way.
  const status = error instanceof Problem ? error.status : error instanceof SandboxError ? 409 : 500;
  const title = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
  }[status];
  const detail = error instanceof Error ? error.message : String(error);
  void reply
    .code(status)
    .type("application/problem+json")
    .send({ type: "about:blank", title, status, detail });
}
