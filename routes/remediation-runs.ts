import type { FastifyInstance, FastifyRequest } from "fastify";
import type { StartRequest } from "../services/remediation/desk.ts";
import {
  type InputFault,
  type Read,
  UNCHECKED,
  describe,
  readLine,
  readMembers,
  sendFaults,
  unknownNames,
} from "./input.ts";
import {
  answering,
  runHead,
  sendJson,
  sendPreview,
  sendRefusal,
  sendStarted,
  stepBody,
} from "./remediation-answer.ts";
import { nextOf, readPage, sendUnknownBefore } from "./remediation-pages.ts";
import type { RemediationRoutesOptions } from "./remediation-plans.ts";
import { listRunsSchema, showRunSchema, startRunSchema, takeOverSchema } from "./schemas-remediation.ts";

const OPERATOR = { access: "operator" } as const;
const LONGEST_NAME = 100;
const MOST_APPROVALS = 200;

type OfRun = { Params: { id: string } };

const SUMMARIES = {
  rollback: "Take back what a run did, the newest first; for operators",
  resume: "Finish a run that was cut off or is not in force yet; for operators",
} as const;

/** Applies plans, takes runs back and finishes them; and tells readers what became of each. */
export function remediationRunRoutes(app: FastifyInstance, { desk }: RemediationRoutesOptions): void {
  app.get("/remediation/runs", { schema: listRunsSchema, ...UNCHECKED }, (request, reply) => {
    const read = readPage(request.query as Record<string, unknown>);
    if (!read.ok) return sendFaults(reply, read.faults);
    return answering(reply, async () => {
      const page = await desk.runs(read.value);
      if (page === undefined) return sendUnknownBefore(reply, read.value);
      const next = nextOf("/remediation/runs", read.value, { ...page, idOf: ({ runId }) => runId });
      return sendJson(reply, 200, { runs: page.entries.map(runHead), ...next });
    });
  });

  app.get<OfRun>("/remediation/runs/:id", { schema: showRunSchema }, (request, reply) =>
    answering(reply, async () => {
      const status = await desk.status(request.params.id);
      if (status.kind === "not-found")
        return sendRefusal(reply, {
          kind: "refused",
          code: "RUN_NOT_FOUND",
          because: "there is no such run",
          steps: [],
        });
      if (status.kind === "unavailable")
        return sendRefusal(reply, {
          kind: "refused",
          code: "STORE_UNAVAILABLE",
          because: status.because,
          steps: [],
        });
      const { run, summary, steps, events, goesOn } = status;
      const told = { ...runHead(run), goesOn, summary };
      return sendJson(reply, 200, { ...told, steps: steps.map(stepBody), events });
    }),
  );

  const starting = { schema: startRunSchema, config: OPERATOR, ...UNCHECKED };
  app.post("/remediation/runs", starting, (request, reply) => {
    const read = readStart(request.body);
    if (!read.ok) return sendFaults(reply, read.faults);
    return answering(reply, async () =>
      sendStarted(reply, await desk.start({ ...read.value, by: callerOf(request) })),
    );
  });

  for (const to of ["rollback", "resume"] as const) {
    const taking = {
      schema: takeOverSchema(SUMMARIES[to], { previews: to === "rollback" }),
      config: OPERATOR,
      ...UNCHECKED,
    };
    app.post<OfRun>(`/remediation/runs/:id/${to}`, taking, (request, reply) => {
      const read = readTakeOver(request.body ?? {}, to);
      if (!read.ok) return sendFaults(reply, read.faults);
      const { dryRun, approvedEnvironment } = read.value;
      const { id: runId } = request.params;
      return answering(reply, async () => {
        if (dryRun) return sendPreview(reply, runId, await desk.previewRollback(runId));
        const asked = { runId, to, by: callerOf(request), approvedEnvironment };
        return sendStarted(reply, await desk.takeOver(asked));
      });
    });
  }
}

/** `token:ada` would be taken for a token and its value, and nobody would know who it was. */
const callerOf = ({ admitted }: FastifyRequest): string =>
  (admitted?.principal?.id ?? "anybody").replace(/^token:(.*)$/s, "$1 (token)");

const NAMES = ["plan", "digest", "dryRun", "approvals", "approveEnvironment"] as const;

function readStart(body: unknown): Read<Omit<StartRequest, "by">> {
  const members = readMembers(body);
  if (!members.ok) return members;
  const { dryRun = false, approvals = [], ...rest } = members.value;
  const faults = unknownNames(members.value, NAMES, "body");
  const plan = readLine(rest.plan, { name: "plan", max: LONGEST_NAME }, faults);
  const digest = readDigest(rest.digest, faults);
  if (typeof dryRun !== "boolean") faults.push(faultOf("dryRun", "true or false", dryRun));
  if (!isNames(approvals)) faults.push(faultOf("approvals", "a list of ids of steps", approvals));
  const approvedEnvironment = readEnvironment(rest.approveEnvironment, faults);
  if (faults.length > 0 || !isNames(approvals)) return { ok: false, faults };
  return { ok: true, value: { plan, digest, dryRun: dryRun === true, approvals, approvedEnvironment } };
}

interface TakeOver {
  readonly approvedEnvironment: string | undefined;
  readonly dryRun: boolean;
}

function readTakeOver(body: unknown, to: "rollback" | "resume"): Read<TakeOver> {
  const members = readMembers(body);
  if (!members.ok) return members;
  const names = to === "rollback" ? ["approveEnvironment", "dryRun"] : ["approveEnvironment"];
  const faults = unknownNames(members.value, names, "body");
  const { dryRun = false } = members.value;
  if (to === "rollback" && typeof dryRun !== "boolean")
    faults.push(faultOf("dryRun", "true or false", dryRun));
  const approvedEnvironment = readEnvironment(members.value.approveEnvironment, faults);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, value: { approvedEnvironment, dryRun: dryRun === true } };
}

function readDigest(given: unknown, faults: InputFault[]): string {
  if (typeof given === "string" && /^[\da-f]{64}$/.test(given)) return given;
  faults.push(faultOf("digest", "the plan's digest, 64 hexadecimal characters", given));
  return "";
}

function readEnvironment(given: unknown, faults: InputFault[]): string | undefined {
  return given === undefined
    ? undefined
    : readLine(given, { name: "approveEnvironment", max: LONGEST_NAME }, faults);
}

const isNames = (given: unknown): given is readonly string[] =>
  Array.isArray(given) &&
  given.length <= MOST_APPROVALS &&
  given.every((each) => typeof each === "string" && /^[a-z\d-]{1,64}$/.test(each));

const faultOf = (name: string, expected: string, given: unknown): InputFault => ({
  in: "body",
  name,
  expected,
  found: describe(given),
});
