import { allActions } from "../../../services/remediation/actions.ts";
import type { RunStatus } from "../../../services/remediation/engine.ts";
import type { RunSummary } from "../../../services/remediation/journal.ts";
import { planDigest } from "../../../services/remediation/plan-digest.ts";
import { readPlanJson } from "../../../services/remediation/plan-json.ts";
import { isRecord } from "../../../services/json.ts";
import { nearest } from "../../config/suggest.ts";
import { EXIT } from "../../exit-codes.ts";
import { createGateClient, type GateReply } from "../../gate/gate-client.ts";
import { clean } from "../../views/text.ts";
import { CliError, usageError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";
import type { FoundPlan } from "./find-plan.ts";
import { readRunThere, readRunsPage, type RunsPage } from "./there-answer.ts";
import { FORBIDDING, type RefusedThere, refusedThere } from "./there-refusal.ts";
import { whereOf } from "./where.ts";

/** A service looks at every action before it answers, in ms. */
const HELD_MS = 60_000;
const MOST_OF_A_PAGE = 200;

export type RunThere = RunStatus & { readonly kind: "known" } & {
  /** Whether it is under way. */
  readonly goesOn: boolean;
};

export type Posted =
  | { readonly kind: "started"; readonly runId: string }
  /** It is over: a dry run. */
  | { readonly kind: "over"; readonly body: Readonly<Record<string, unknown>> }
  | RefusedThere;

/** A service that keeps plans and runs, asked with whatever token can be had. */
export interface There {
  /** Its address as it may be shown. */
  readonly shown: string;
  /** For the commands that come next. */
  readonly where: string;
  /** @throws {CliError} 64 where there is none */
  plan(id: string): Promise<FoundPlan>;
  /** @throws {CliError} 64 where there is none */
  run(id: string): Promise<RunThere>;
  /** The newest first. @throws {CliError} */
  runs(limit: number): Promise<readonly RunSummary[]>;
  /** Has something begun; `runId`: what is taken over. @throws {CliError} */
  post(path: string, body: object, runId?: string): Promise<Posted>;
}

/** @throws {CliError} for a URL or a token that cannot be used. */
export function openThere(context: CommandContext, url: string): There {
  const client = createGateClient(context, url);
  const { signal } = context;
  const { shown } = client;
  const where = whereOf({ url: shown });
  const get = (path: string): Promise<GateReply> =>
    client.send({ method: "GET", path: `/remediation/${path}`, heldMs: 0, signal });

  const otherVersion = (what: string): CliError =>
    new CliError(EXIT.unavailable, `${shown} answered with what is no ${what} of this version.`, {
      hint: "Use the command line of the same version as the service.",
    });
  function expectOk({ status, problem }: GateReply, what: string): void {
    if (status === 200) return;
    const detail = problem.detail === undefined ? "" : `: ${clean(problem.detail)}`;
    if (status === 404 && problem.code !== undefined)
      throw usageError(
        `there is no ${what} at ${shown}.`,
        what.startsWith("run") ? `greenlight runs${where} lists them.` : `greenlight plan${where} makes one.`,
      );
    throw new CliError(
      status >= 500 || status === 429 ? EXIT.temporary : EXIT.unavailable,
      `${shown} answered ${status}${detail}`,
      { hint: "Check that the URL is that of a Greenlight service." },
    );
  }

  return {
    shown,
    where,
    async plan(id) {
      const reply = await get(`plans/${encodeURIComponent(id)}`);
      expectOk(reply, `plan ${JSON.stringify(clean(id).slice(0, 60))}`);
      const told = isRecord(reply.body) ? reply.body : {};
      const read = readPlanJson(told["plan"], { actions: allActions(), suggest: nearest });
      if (!read.ok || planDigest(read.plan) !== told["digest"]) throw otherVersion("plan");
      return { plan: read.plan, digest: planDigest(read.plan) };
    },
    async run(id) {
      const reply = await get(`runs/${encodeURIComponent(id)}`);
      expectOk(reply, `run ${JSON.stringify(clean(id).slice(0, 60))}`);
      const run = readRunThere(reply.body);
      if (run === undefined) throw otherVersion("run");
      return run;
    },
    async runs(limit) {
      const found: RunSummary[] = [];
      let query: string | undefined = `limit=${Math.min(limit, MOST_OF_A_PAGE)}`;
      while (query !== undefined && found.length < limit) {
        const reply: GateReply = await get(`runs?${query}`);
        expectOk(reply, "list of runs");
        const page: RunsPage | undefined = readRunsPage(reply.body);
        if (page === undefined) throw otherVersion("list of runs");
        found.push(...page.runs);
        query = page.next?.split("?")[1];
      }
      return found.slice(0, limit);
    },
    async post(path, body, runId) {
      const method = "POST" as const;
      const asked = { method, path: `/remediation/${path}`, body, heldMs: HELD_MS, signal };
      const reply = await client.send({ ...asked, answers: FORBIDDING });
      const told = isRecord(reply.body) ? reply.body : {};
      if (reply.status === 202 && typeof told["runId"] === "string")
        return { kind: "started", runId: told["runId"] };
      if (reply.status === 200) return { kind: "over", body: told };
      return refusedThere(reply, { shown, where, runId });
    },
  };
}
