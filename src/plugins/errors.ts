import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Problem, sendProblem } from "../../routes/problem.ts";

/** Told of each error that is nobody's request: a fault of ours. */
export type ReportError = (error: Error, facts: Readonly<Record<string, unknown>>) => void;

/** Makes every error of the API a problem document, and a known path with another method a 405 that names the right ones. */
export function errorsPlugin(app: FastifyInstance, handler: ErrorHandler): void {
  const routes: { pattern: RegExp; methods: readonly string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    const source = url
      .replaceAll(".", String.raw`\.`)
      .replaceAll("*", ".*")
      .replaceAll(/:[^/]+/g, "[^/]+");
    const pattern = new RegExp(`^${source}$`);
    routes.push({ pattern, methods: [method].flat() });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const allowed = [
      ...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
    ];
    if (allowed.length === 0) {
      return sendProblem(reply, {
        status: 404,
        code: "NOT_FOUND",
        title: "No such path",
        detail: "The paths are listed at /openapi.json, and to read at /docs.",
      });
    }
    void reply.header("allow", allowed.join(", "));
    return sendProblem(reply, {
      status: 405,
      code: "METHOD_NOT_ALLOWED",
      title: "This path does not take that method",
      detail: `${path} takes ${allowed.join(", ")}; ${request.method} was sent.`,
    });
  });
  app.setErrorHandler(handler);
}

export type ErrorHandler = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply;

/** The error handler; also for errors before routing (`frameworkErrors`), such as an undecodable path. */
export function createErrorHandler(report: ReportError): ErrorHandler {
  return function answerError(error, request, reply) {
    const status = error.statusCode ?? 500;
    if (status >= 500) report(error, { method: request.method, route: request.routeOptions?.url });
    return sendProblem(reply, describe(error, status));
  };
}

function describe(error: FastifyError, status: number): Problem {
  if (error.validation !== undefined) {
    const faults = error.validation.map(({ params, instancePath, message }) => {
      const { additionalProperty: unknown, allowedValues: allowed } = params;
      const expected =
        typeof unknown === "string"
          ? "no such parameter"
          : Array.isArray(allowed)
            ? `expected ${allowed.join(" or ")}`
            : message;
      return {
        in: error.validationContext ?? "request",
        name: typeof unknown === "string" ? unknown : instancePath.slice(1),
        expected: expected ?? "not valid",
      };
    });
    const detail = faults.map(({ name, expected }) => `${name}: ${expected}`).join("; ");
    return {
      status: 400,
      code: "INVALID_REQUEST",
      title: "The request is not understood",
      detail,
      extensions: { errors: faults },
    };
  }
  const title = STATUS_CODES[status] ?? "Error";
  // Whatever an internal error says may hold what a caller must not see.
  const detail =
    status >= 500
      ? "The request could not be answered; the log of this process has the reason."
      : error.message;
  return { status, code: status >= 500 ? "INTERNAL" : (error.code ?? "BAD_REQUEST"), title, detail };
}
