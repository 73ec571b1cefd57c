import type { FastifyInstance } from "fastify";
import type { Check } from "../services/health/check.ts";
import type { ClimbResult } from "../services/probe/climb.ts";
import { explain } from "../services/why/explain.ts";
import type { Why } from "../services/why/why.ts";
import { sendProblem } from "./problem.ts";
import { HIDDEN, NoQuery } from "./schemas.ts";
import { SuiteWhyBody, WhyBody } from "./schemas-why.ts";

export interface WhyRoutesOptions {
  readonly names: readonly string[];
  readonly check: (name: string) => Check;
  readonly climb: (name: string) => Promise<ClimbResult | undefined>;
  readonly why: Why;
  readonly monotonic: () => number;
}

/** A climb costs the server a login; its answer serves everybody who asks within this time, in ms. */
const CLIMB_KEPT_MS = 2000;

const JSON_TYPE = "application/json; charset=utf-8";

/** The ladder's answer for one dependency, and what lies beneath; for suites what lies beneath their verdict. */
export function whyRoutes(app: FastifyInstance, options: WhyRoutesOptions): void {
  const { names, why } = options;
  for (const name of names) addDependency(app, name, options);
  // A dependency of the same name has been there first.
  const suites = why.suites.filter((suite) => !names.includes(suite));
  for (const suite of suites) addSuite(app, suite, why);
  app.get("/why/:name", { schema: HIDDEN }, (_request, reply) =>
    sendProblem(reply, {
      status: 404,
      code: "UNKNOWN_DEPENDENCY",
      title: "No such dependency or suite",
      detail: `Known here: ${names.join(", ")}; suites: ${suites.join(", ")}.`,
      extensions: { known: names, suites },
    }),
  );
}

interface Kept {
  readonly at: number;
  readonly result: ClimbResult | undefined;
}

function addDependency(
  app: FastifyInstance,
  name: string,
  { check, climb, why, monotonic }: WhyRoutesOptions,
): void {
  let kept: Kept | undefined;
  let underWay: Promise<void> | undefined;
  const schema = {
    tags: ["why"],
    summary: `Why ${name} is as it is: rungs, cause, next steps, and what lies beneath`,
    querystring: NoQuery,
    response: { 200: WhyBody },
  };
  const isRecent = (each: Kept | undefined): each is Kept =>
    each !== undefined && monotonic() - each.at <= CLIMB_KEPT_MS;

  async function climbNow(): Promise<void> {
    kept = { result: await climb(name), at: monotonic() };
  }

  app.get(`/why/${name}`, { schema }, async (_request, reply) => {
    const known = check(name);
    // What is broken has been climbed when it broke; only a healthy or unexplained one is climbed for the question.
    if (known.rungs === undefined && !isRecent(kept)) await climbNow();
    // Behind an open breaker the server may be well again: that is found out, and not waited for.
    if (known.breaker.state === "open" && !isRecent(kept)) {
      underWay ??= climbNow()
        .catch(() => undefined)
        .finally(() => (underWay = undefined));
    }
    const answers = isRecent(kept) && kept.result?.status === "pass";
    const now = check(name);
    const body = { ...explain(now, kept?.result), ...why.dependency(now, answers) };
    return reply
      .header("cache-control", "no-store")
      .header("content-type", JSON_TYPE)
      .send(JSON.stringify(body));
  });
}

function addSuite(app: FastifyInstance, suite: string, why: Why): void {
  const schema = {
    tags: ["why"],
    summary: `What lies beneath the verdict on the suite ${suite}`,
    querystring: NoQuery,
    response: { 200: SuiteWhyBody },
  };
  app.get(`/why/${suite}`, { schema }, (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .header("content-type", JSON_TYPE)
      .send(JSON.stringify(why.suite(suite))),
  );
}
