import type { FastifyInstance } from "fastify";
import type { Check } from "../services/health/check.ts";
import type { LadderResult } from "../services/probe/ladder.ts";
import { explain } from "../services/why/explain.ts";
import { sendProblem } from "./problem.ts";
import { ExplanationBody, HIDDEN, NoQuery } from "./schemas.ts";

export interface WhyRoutesOptions {
  readonly names: readonly string[];
  readonly check: (name: string) => Check;
  readonly climb: (name: string) => Promise<LadderResult | undefined>;
  readonly monotonic: () => number;
}

/** A climb costs the server a login; its answer serves everybody who asks within this time, in ms. */
const CLIMB_KEPT_MS = 2000;

/** The ladder's answer for one dependency. */
export function whyRoutes(app: FastifyInstance, { names, check, climb, monotonic }: WhyRoutesOptions): void {
  for (const name of names) {
    let kept: { at: number; result: LadderResult | undefined } | undefined;
    const schema = {
      tags: ["why"],
      summary: `Why ${name} is as it is: rungs, cause, next steps`,
      querystring: NoQuery,
      response: { 200: ExplanationBody },
    };
    app.get(`/why/${name}`, { schema }, async (_request, reply) => {
      const known = check(name);
      // What is broken has been climbed when it broke; only a healthy or unexplained one is climbed for the question.
      if (known.rungs === undefined && (kept === undefined || monotonic() - kept.at > CLIMB_KEPT_MS)) {
        kept = { result: await climb(name), at: monotonic() };
      }
      return reply
        .header("cache-control", "no-store")
        .header("content-type", "application/json; charset=utf-8")
        .send(JSON.stringify(explain(check(name), kept?.result)));
    });
  }
  app.get("/why/:name", { schema: HIDDEN }, (_request, reply) =>
    sendProblem(reply, {
      status: 404,
      code: "UNKNOWN_DEPENDENCY",
      title: "No such dependency",
      detail: `Known here: ${names.join(", ")}.`,
      extensions: { known: names },
    }),
  );
}
