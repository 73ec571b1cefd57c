import type { Fields } from "../../gcp/fields.ts";
import { type RunServiceId, getRunService, patchRunService, rolloutOf } from "../../gcp/run.ts";
import type { RunService } from "../../gcp/run-service.ts";
import type { GcpTransport } from "../../gcp/transport.ts";
import type { Outcome, Position } from "../action.ts";
import {
  type Pause,
  TRIES,
  done,
  failed,
  isLost,
  pending,
  positionUnknown,
  sentenceOf,
  unknownFact,
  waitToTry,
} from "./gcp.ts";

/** One change of a service's template that can be told and taken back. */
export interface RunEdit {
  readonly updateMask: readonly [string, ...string[]];
  /** What the template is, as far as this change goes. */
  readonly where: (service: RunService) => "before" | "after" | "elsewhere";
  readonly change: (template: Fields) => Fields;
  readonly undo: (template: Fields) => Fields;
  /** Whether the newest revision was ready before: one that was not will not be when it is put back. */
  readonly wasReady: boolean;
}

export interface RunChange extends RunServiceId {
  readonly edit: RunEdit;
  readonly pause: Pause | undefined;
}

export const describeService = ({ service, project, region }: Omit<RunServiceId, "signal">): string =>
  `run service ${service} (${project}, ${region})`;

/** Checked by Cloud Run first, then written with the etag it was read with. Ends at once where it is so already. */
export const applyEdit = (gcp: GcpTransport, change: RunChange): Promise<Outcome> =>
  write(gcp, change, {
    from: "before",
    next: change.edit.change,
    validate: true,
    arrived: (service) => settledOutcome(service, describeService(change)),
    strange: failed(`somebody else has changed ${describeService(change)} meanwhile`),
  });

/** Puts back what was there, if it is still what the change left. */
export const undoEdit = (gcp: GcpTransport, change: RunChange): Promise<Outcome> =>
  write(gcp, change, {
    from: "after",
    next: change.edit.undo,
    validate: false,
    arrived: (service) => restoredOutcome(service, change),
    strange: done(`somebody else has changed ${describeService(change)} since, and theirs is kept`),
  });

interface Way {
  readonly from: "before" | "after";
  readonly next: (template: Fields) => Fields;
  readonly validate: boolean;
  readonly arrived: (service: RunService) => Outcome;
  readonly strange: Outcome;
}

async function write(gcp: GcpTransport, change: RunChange, way: Way): Promise<Outcome> {
  const { edit, pause, signal } = change;
  const about = describeService(change);
  const id = { project: change.project, region: change.region, service: change.service, signal };
  let validate = way.validate;
  let last = failed(`${about} was not changed`);
  for (let attempt = 0; ; attempt++) {
    if (attempt > 0) await waitToTry(attempt, signal, pause);
    const found = await getRunService(gcp, id);
    // After a request without an answer, no answer to a question is no failure either.
    if (found.kind !== "known") return last.kind === "pending" ? last : failed(unknownFact(about, found));
    const where = edit.where(found.value);
    if (where === "elsewhere") return way.strange;
    if (where !== way.from) return way.arrived(found.value);
    // The last look is without a try.
    if (attempt === TRIES) return last;
    const { etag } = found.value;
    // Without one, what others do meanwhile would be overwritten.
    if (etag === undefined) return failed(`Cloud Run gives no etag of ${about}`);
    const template = way.next(found.value.rawTemplate);
    const patch = { ...id, etag, template, updateMask: edit.updateMask };
    const checked = validate ? await patchRunService(gcp, { ...patch, validateOnly: true }) : undefined;
    if (checked?.kind === "ok" && checked.value.kind === "failed")
      return failed(`Cloud Run would not take the change of ${about}: ${checked.value.message}`);
    const written = checked?.kind === "failed" ? checked : await patchRunService(gcp, patch);
    if (written.kind === "ok") {
      if (written.value.kind === "failed") return failed(`${about}: ${written.value.message}`);
      return pending(`a new revision of ${about} is being rolled out`);
    }
    const said = sentenceOf(`changing ${about}`, written.error);
    if (written.error.code === "GCP_CONFLICT") last = failed(`${said}; others keep changing it`);
    else if (!isLost(written.error)) return failed(said);
    // What was only checked has changed nothing.
    else last = checked?.kind === "failed" ? failed(said) : pending(`${said}; whether it was done will show`);
    validate &&= checked?.kind !== "ok";
  }
}

/** How far the change has come. */
export async function settleEdit(
  gcp: GcpTransport,
  { edit, ...id }: Omit<RunChange, "pause">,
): Promise<Outcome> {
  const about = describeService(id);
  const found = await getRunService(gcp, id);
  if (found.kind === "absent") return failed(unknownFact(about, found));
  if (found.kind === "unknown") return pending(unknownFact(about, found));
  const where = edit.where(found.value);
  if (where === "elsewhere") return failed(`somebody else has changed ${about} since`);
  if (where === "before") return pending(`${about} does not show the change yet`);
  return settledOutcome(found.value, about);
}

/** @throws {GreenlightError} POSITION_UNKNOWN */
export async function locateEdit(
  gcp: GcpTransport,
  { edit, ...id }: Omit<RunChange, "pause">,
): Promise<Position> {
  const found = await getRunService(gcp, id);
  if (found.kind !== "known") return positionUnknown(unknownFact(describeService(id), found));
  const where = edit.where(found.value);
  if (where === "elsewhere") return "elsewhere";
  const { kind } = rolloutOf(found.value);
  if (where === "after") return kind === "succeeded" ? "after" : "between";
  return kind === "reconciling" ? "between" : "before";
}

function settledOutcome(service: RunService, about: string): Outcome {
  const rollout = rolloutOf(service);
  if (rollout.kind === "reconciling") return pending(`${about}: ${rollout.because}`);
  if (rollout.kind === "succeeded")
    return done(`revision ${rollout.revision} of ${about} is ready and serves`);
  const { serving } = rollout;
  const goesOn = serving === undefined ? "" : `; revision ${serving} goes on serving`;
  return failed(`the new revision of ${about} did not become ready: ${rollout.because}${goesOn}`);
}

function restoredOutcome(service: RunService, change: RunChange): Outcome {
  const outcome = settledOutcome(service, describeService(change));
  if (outcome.kind !== "failed" || change.edit.wasReady) return outcome;
  return done(`the template of ${describeService(change)} is as it was, and no more ready than before`);
}

/** Why no new revision would serve, whatever it holds. */
export function pinnedTo({ traffic }: RunService): string | undefined {
  if (traffic.length === 0 || traffic.some(({ latest, percent }) => latest && percent > 0)) return undefined;
  const revisions = traffic.filter(({ percent }) => percent > 0).map(({ revision }) => revision ?? "?");
  return `its traffic is pinned to ${revisions.join(", ")}, so a new revision would not serve: gcloud run services update-traffic --to-latest`;
}
