import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "../../../services/json.ts";
import { EXIT } from "../../exit-codes.ts";
import { createGateClient } from "../../gate/gate-client.ts";
import { clean } from "../../views/text.ts";
import { writeResult } from "../../views/write.ts";
import { CliError, usageError } from "../cli-error.ts";
import type { ApplyOptions } from "../apply.ts";
import type { CommandContext } from "../context.ts";

const HELD_MS = 60_000;
const POLL_MS = 1000;

/** What a service told of a run. */
interface RunThere {
  readonly schemaVersion: 1;
  readonly command: "apply";
  readonly exitCode: number;
  readonly runId: string;
  readonly outcome: string;
  readonly summary: string;
}

/** Has a service apply a plan of its own, and follows the run to its end; Ctrl-C stops following, and not the run. */
export async function applyThere(
  context: CommandContext,
  { url, ...options }: ApplyOptions & { readonly url: string },
): Promise<number> {
  const { plan, confirm, approve = [], approveEnvironment, dryRun = false } = options;
  if (confirm === undefined || !/^[\da-f]{64}$/i.test(confirm))
    throw usageError(
      "with --url, give the whole digest after --confirm.",
      `It is at ${url}/remediation/plans/${plan}`,
    );
  const client = createGateClient(context, url);
  const { signal } = context;
  const body = {
    plan,
    digest: confirm.toLowerCase(),
    dryRun,
    approvals: approve,
    ...(approveEnvironment !== undefined && { approveEnvironment }),
  };
  const path = "/remediation/runs";
  const started = await client.send({ method: "POST", path, body, heldMs: HELD_MS, signal });
  if (started.status !== 202 && started.status !== 200) {
    const { code = "", detail = "" } = started.problem;
    throw new CliError(
      exitCodeFor(started.status),
      `${client.shown} answered ${started.status} ${clean(code)}: ${clean(detail)}`,
    );
  }
  let told = isRecord(started.body) ? started.body : {};
  const runId = textOf(told["runId"]) ?? "";
  if (started.status === 202) context.stderr.write(`Run ${clean(runId)} goes on at ${client.shown}.\n`);
  while (started.status === 202) {
    const { status, body: now } = await client.send({
      method: "GET",
      path: `${path}/${runId}`,
      heldMs: 0,
      signal,
    });
    if (status === 200 && isRecord(now) && now["outcome"] !== null) {
      told = now;
      break;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  const outcome = textOf(told["outcome"]) ?? "stopped";
  const exitCode =
    outcome === "succeeded"
      ? EXIT.ok
      : outcome === "pending" || outcome === "stopped"
        ? EXIT.temporary
        : EXIT.unavailable;
  const result: RunThere = {
    schemaVersion: 1,
    command: "apply",
    exitCode,
    runId,
    outcome,
    summary: clean(textOf(told["summary"]) ?? ""),
  };
  writeResult(context, options, {
    result,
    human: (each) =>
      `${each.outcome.replaceAll("-", " ").toUpperCase()}  ${each.summary}\n\nRun ${clean(each.runId)}\n`,
  });
  return exitCode;
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function exitCodeFor(status: number): number {
  if (status === 403) return EXIT.noPermission;
  if (status === 400 || status === 404) return EXIT.usage;
  return status === 409 || status === 422 ? EXIT.unavailable : EXIT.temporary;
}
