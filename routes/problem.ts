/** routes: HTTP only; each file turns one resource's requests into one call of a service and its answer. */
import type { FastifyReply } from "fastify";

/** An error of the API itself, as RFC 9457 has it; health failures are health bodies, not problems. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export function problemBody({ status, code, title, detail, extensions }: Problem): string {
  const type = `urn:greenlight:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  return JSON.stringify({ type, title, status, detail, code, ...extensions });
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfter !== undefined) void reply.header("retry-after", String(problem.retryAfter));
  return reply
    .code(problem.status)
    .header("cache-control", "no-store")
    .header("content-type", "application/problem+json")
    .send(problemBody(problem));
}
