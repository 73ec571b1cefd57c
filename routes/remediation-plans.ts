import type { FastifyInstance } from "fastify";
import type { Desk } from "../services/remediation/desk.ts";
import { UNCHECKED, readLine, readMembers, sendFaults, unknownNames } from "./input.ts";
import { sendProblem } from "./problem.ts";
import { answering, planHead, sendJson, sendRefusal } from "./remediation-answer.ts";
import { nextOf, readPage, sendUnknownBefore } from "./remediation-pages.ts";
import { listPlansSchema, makePlanSchema, showPlanSchema } from "./schemas-remediation.ts";

export interface RemediationRoutesOptions {
  readonly desk: Desk;
}

const OPERATOR = { access: "operator" } as const;
const LONGEST_NAME = 100;

/** Makes plans, lists them and shows them; nothing is changed by any of these. */
export function remediationPlanRoutes(app: FastifyInstance, { desk }: RemediationRoutesOptions): void {
  app.get("/remediation/plans", { schema: listPlansSchema, ...UNCHECKED }, (request, reply) => {
    const read = readPage(request.query as Record<string, unknown>);
    if (!read.ok) return sendFaults(reply, read.faults);
    return answering(reply, async () => {
      const page = await desk.plans(read.value);
      if (page === undefined) return sendUnknownBefore(reply, read.value);
      const next = nextOf("/remediation/plans", read.value, { ...page, idOf: ({ id }) => id });
      return sendJson(reply, 200, { plans: page.entries.map(planHead), ...next });
    });
  });

  app.get<{ Params: { id: string } }>(
    "/remediation/plans/:id",
    { schema: showPlanSchema },
    (request, reply) =>
      answering(reply, async () => {
        const entry = await desk.plan(request.params.id);
        return entry === undefined
          ? sendRefusal(reply, {
              kind: "refused",
              code: "PLAN_NOT_FOUND",
              because: "there is no such plan",
              steps: [],
            })
          : sendJson(reply, 200, { ...planHead(entry), plan: entry.plan });
      }),
  );

  const making = { schema: makePlanSchema, config: OPERATOR, ...UNCHECKED };
  app.post("/remediation/plans", making, (request, reply) => {
    const members = readMembers(request.body);
    if (!members.ok) return sendFaults(reply, members.faults);
    const faults = unknownNames(members.value, ["suite"], "body");
    const suite = readLine(members.value.suite, { name: "suite", max: LONGEST_NAME }, faults);
    if (faults.length > 0) return sendFaults(reply, faults);
    return answering(reply, async () => {
      const made = await desk.makePlan(suite);
      if (made.kind === "made") {
        const entry = { id: made.plan.id, digest: made.digest, plan: made.plan };
        return sendJson(reply.header("location", `/remediation/plans/${entry.id}`), 201, {
          ...planHead(entry),
          plan: entry.plan,
        });
      }
      if (made.kind === "nothing")
        return sendProblem(reply, {
          status: 409,
          code: "NOTHING_TO_DO",
          title: "There is no plan to make",
          detail: made.because,
        });
      return sendProblem(reply, {
        status: 404,
        code: "UNKNOWN_SUITE",
        title: "No such suite",
        detail: `Known here: ${made.known.join(", ")}.`,
        extensions: { known: made.known },
      });
    });
  });
}
