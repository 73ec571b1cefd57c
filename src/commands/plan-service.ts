import { allActions } from "../../services/remediation/actions.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { readPlanJson } from "../../services/remediation/plan-json.ts";
import { isRecord } from "../../services/json.ts";
import { nearest } from "../config/suggest.ts";
import { EXIT } from "../exit-codes.ts";
import { createGateClient } from "../gate/gate-client.ts";
import { clean } from "../views/text.ts";
import { CliError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";
import type { Planned } from "./plan.ts";
import { unknownName } from "./unknown-name.ts";

/** A service looks at every action before it answers, in ms. */
const HELD_MS = 60_000;

/** Has a service make a plan and keep it. @throws {CliError} when it cannot, refuses, or answers with what is no plan. */
export async function askForPlan(
  context: CommandContext,
  { url, suite }: { readonly url: string; readonly suite: string },
) {
  const client = createGateClient(context, url);
  const { signal } = context;
  const { status, body, problem } = await client.send({
    method: "POST",
    path: "/remediation/plans",
    body: { suite },
    heldMs: HELD_MS,
    signal,
  });
  const actions = allActions();
  const told = isRecord(body) ? body : {};
  const detail = clean(problem.detail ?? "");
  if (status === 409 && told.code === "NOTHING_TO_DO") {
    const planned: Planned = { made: { notes: detail === "" ? [] : [detail] }, broken: false };
    return { ...planned, actions };
  }
  if (status === 404 && Array.isArray(told.known))
    throw unknownName("suite", suite, { known: told.known.filter((each) => typeof each === "string") });
  if (status !== 201)
    throw new CliError(
      status >= 500 || status === 429 ? EXIT.temporary : EXIT.unavailable,
      `${client.shown} answered ${status}${detail === "" ? "" : `: ${detail}`}.`,
      { hint: "Check that the URL is that of a Greenlight service that can make plans." },
    );
  const read = readPlanJson(told.plan, { actions, suggest: nearest });
  if (!read.ok || planDigest(read.plan) !== told.digest)
    throw new CliError(EXIT.unavailable, `${client.shown} answered with what is no plan of this version.`, {
      hint: "Use the command line of the same version as the service.",
    });
  const planned: Planned = { made: { plan: read.plan, notes: [] }, broken: true };
  return { ...planned, actions };
}
