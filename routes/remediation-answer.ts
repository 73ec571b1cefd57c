import type { FastifyReply } from "fastify";
import type {
  DeskRefusal,
  DeskRefusalCode,
  PlanEntry,
  PreviewedRollback,
  Started,
} from "../services/remediation/desk.ts";
import type { StepReport } from "../services/remediation/engine.ts";
import type { RunSummary } from "../services/remediation/journal.ts";
import { StoreError } from "../services/remediation/store-error.ts";
import { sendProblem } from "./problem.ts";

const STATUSES: Readonly<Record<DeskRefusalCode, readonly [number, string]>> = {
  PLAN_NOT_FOUND: [404, "No such plan"],
  RUN_NOT_FOUND: [404, "No such run"],
  ENVIRONMENT_MISMATCH: [403, "The plan is for another environment"],
  ENVIRONMENT_NOT_APPROVED: [403, "This environment is written to only when a person names it"],
  NOT_APPROVED: [403, "A person has to approve steps by name"],
  PERMISSION_MISSING: [403, "The remediator lacks a permission"],
  DIGEST_MISMATCH: [409, "Another plan was confirmed"],
  LOCKED: [409, "Another run has this environment"],
  RUN_UNFINISHED: [409, "A run was stopped in the middle, and comes first"],
  WORLD_MOVED: [409, "The world is not what it was when the plan was made"],
  ATTEMPTS_EXHAUSTED: [409, "It was tried too often"],
  RUN_ENDED: [409, "The run has ended"],
  PLAN_INVALID: [422, "The plan cannot be applied"],
  STEP_REFUSED: [422, "A step is refused"],
  WORLD_UNKNOWN: [503, "Nobody can tell what the world is"],
  STORE_UNAVAILABLE: [503, "The store cannot be used"],
  ABORTED: [503, "It was ended before it began"],
  CLOSING: [503, "The service ends"],
};

export function sendJson(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .header("content-type", "application/json; charset=utf-8")
    .send(JSON.stringify(body));
}

export function sendRefusal(
  reply: FastifyReply,
  { code, because, steps, holder }: DeskRefusal,
): FastifyReply {
  const [status, title] = STATUSES[code];
  return sendProblem(reply, {
    status,
    code,
    title,
    detail: `${because}. Nothing was changed.`,
    ...(status === 503 || code === "LOCKED" ? { retryAfter: 5 } : {}),
    extensions: {
      ...(steps.length > 0 && { steps: steps.map(({ id, title: of }) => ({ id, title: of })) }),
      ...(holder && { holder: { ...holder, startedAt: isoOf(holder.startedAt) } }),
    },
  });
}

/** 202 with where it can be followed, 200 for what is over, or a problem. */
export function sendStarted(reply: FastifyReply, started: Started): FastifyReply {
  if (started.kind === "refused") return sendRefusal(reply, started);
  if (started.kind === "started") {
    const { runId } = started;
    return sendJson(reply.header("location", `/remediation/runs/${runId}`), 202, { runId });
  }
  const { result } = started;
  if (result.kind === "stopped") {
    const { runId, code, because, steps } = result;
    return sendJson(reply, 200, { runId, outcome: null, code, summary: because, steps: steps.map(stepBody) });
  }
  const { runId, dryRun, outcome, summary, steps } = result;
  return sendJson(reply, 200, { runId, dryRun, outcome, summary, steps: steps.map(stepBody) });
}

/** What a rollback would look at, and whether it would take it back. */
export function sendPreview(reply: FastifyReply, runId: string, previewed: PreviewedRollback): FastifyReply {
  if (previewed.kind === "refused") return sendRefusal(reply, previewed);
  return sendJson(reply, 200, { runId, dryRun: true, steps: previewed.steps });
}

/** What a store that fails is answered with; anything else is for the handler of all routes. */
export async function answering(
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return sendRefusal(reply, {
      kind: "refused",
      code: "STORE_UNAVAILABLE",
      because: error.message,
      steps: [],
    });
  }
}

export function planHead({ id, digest, plan }: PlanEntry): Record<string, unknown> {
  const { title, environment, suite } = plan;
  return { id, digest, title, environment, ...(suite !== undefined && { suite }), steps: plan.steps.length };
}

export const runHead = ({ runId, planId, environment, by, startedAt, outcome, dryRun }: RunSummary) => ({
  runId,
  plan: planId,
  environment,
  by,
  startedAt: isoOf(startedAt),
  outcome: outcome ?? null,
  dryRun,
});

export function stepBody({ id, title, begun, result, assessment }: StepReport): Record<string, unknown> {
  const because =
    result === undefined ? undefined : result.kind === "done" ? result.evidence : result.because;
  return {
    id,
    title,
    begun,
    result: result?.kind ?? null,
    ...(because !== undefined && { because }),
    ...(assessment && { assessment: shownOf(assessment) }),
  };
}

/** Without what it would be taken back by. */
function shownOf(assessment: NonNullable<StepReport["assessment"]>): Record<string, unknown> {
  if (assessment.kind === "needed") return { kind: "needed", change: assessment.change };
  return { ...assessment };
}

export const isoOf = (ms: number): string => new Date(ms).toISOString();
