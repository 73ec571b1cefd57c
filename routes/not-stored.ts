import type { FastifyReply } from "fastify";
import { type Problem, sendProblem } from "./problem.ts";

/** Refuses what the store did not take: done in this process alone, it would be forgotten. */
export const sendNotStored = (
  reply: FastifyReply,
  problem: Pick<Problem, "code" | "title" | "detail">,
): FastifyReply => sendProblem(reply, { ...problem, status: 503, retryAfter: 2 });
