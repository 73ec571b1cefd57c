/** Cloud Run v2: a service, its revisions, one change to it, and whether that has come into force. */
import { type Written, ask, pathOf, pathOfName, send } from "./ask.ts";
import { type Fields, fieldsOf, listOf, present, textOf } from "./fields.ts";
import { type Operation, parseOperation } from "./operations.ts";
import {
  type RunCondition,
  type RunService,
  type RunTemplate,
  parseCondition,
  parseRunService,
  parseTemplate,
} from "./run-service.ts";
import type { GcpTransport, Known } from "./transport.ts";

export interface RunServiceId {
  readonly project: string;
  readonly region: string;
  readonly service: string;
  readonly signal: AbortSignal;
}

export interface RunRevision {
  readonly name: string;
  readonly conditions: readonly RunCondition[];
  readonly template: RunTemplate;
}

/** How far a change has come. */
export type Rollout =
  /** All of gcp.md's rule holds: reconciled, succeeded, generation observed, latest created is latest ready. */
  | { readonly kind: "succeeded"; readonly revision: string }
  | { readonly kind: "reconciling"; readonly because: string }
  /** The former revision goes on serving. */
  | { readonly kind: "failed"; readonly because: string; readonly serving?: string };

export interface RunPatch extends RunServiceId {
  /** That of the service the change was made from: refused with GCP_CONFLICT when somebody was faster. */
  readonly etag: string | undefined;
  /** The whole former template with the change in it. */
  readonly template: Fields;
  /** `template.vpcAccess`; what is not named stays as it is. Never empty, which would replace everything. */
  readonly updateMask: readonly [string, ...string[]];
  /** Checked by the API and not done. */
  readonly validateOnly?: boolean;
}

export async function getRunService(gcp: GcpTransport, id: RunServiceId): Promise<Known<RunService>> {
  const { signal } = id;
  return ask(gcp, { api: "run", method: "GET", path: servicePath(id), signal }, parseRunService);
}

export async function getRunRevision(
  gcp: GcpTransport,
  { revision, ...id }: RunServiceId & { readonly revision: string },
): Promise<Known<RunRevision>> {
  const path = `${servicePath(id)}/revisions/${encodeURIComponent(revision)}`;
  return ask(gcp, { api: "run", method: "GET", path, signal: id.signal }, (body) => {
    const fields = fieldsOf(body);
    const name = textOf(fields["name"]);
    if (name === undefined || !Array.isArray(fields["containers"])) return undefined;
    const conditions = listOf(fields["conditions"]).flatMap((each) => parseCondition(each) ?? []);
    return { name, conditions, template: parseTemplate(fields) };
  });
}

/**
 * Sends one change. The name of the revision is taken out of the template: sent back with another content the API answers
 * 409 "Revision named … already exists", whatever the mask says.
 */
export async function patchRunService(gcp: GcpTransport, patch: RunPatch): Promise<Written<Operation>> {
  const { project, region, service, signal, etag, updateMask, validateOnly } = patch;
  const { revision: _named, ...template } = patch.template;
  const name = `projects/${project}/locations/${region}/services/${service}`;
  const body = present({ name, etag, template });
  const query = {
    updateMask: updateMask.join(","),
    ...(validateOnly === true && { validateOnly: "true" }),
  };
  const path = servicePath({ project, region, service });
  return send(gcp, { api: "run", method: "PATCH", path, query, body, signal }, parseOperation);
}

/** Google holds the request until the operation ends or `waitMs` is up; it may answer at once that it runs. */
export async function waitRunOperation(
  gcp: GcpTransport,
  { name, waitMs, signal }: { readonly name: string; readonly waitMs: number; readonly signal: AbortSignal },
): Promise<Known<Operation>> {
  const path = pathOfName("v2", name, "wait");
  const body = { timeout: `${Math.max(1, Math.ceil(waitMs / 1000))}s` };
  return ask(gcp, { api: "run", method: "POST", path, body, signal }, parseOperation);
}

export async function getRunOperation(
  gcp: GcpTransport,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<Known<Operation>> {
  return ask(gcp, { api: "run", method: "GET", path: pathOfName("v2", name), signal }, parseOperation);
}

/** Whether the newest template serves. */
export function rolloutOf(service: RunService): Rollout {
  const { reconciling, terminalCondition, generation, observedGeneration } = service;
  const { latestReadyRevision: ready, latestCreatedRevision: created } = service;
  if (reconciling) return { kind: "reconciling", because: "Cloud Run is still reconciling the service" };
  if (generation !== observedGeneration) {
    const seen = observedGeneration ?? "none";
    return { kind: "reconciling", because: `generation ${generation ?? "?"} is asked for, ${seen} is seen` };
  }
  const state = terminalCondition?.state;
  if (state === "CONDITION_PENDING" || state === "CONDITION_RECONCILING")
    return { kind: "reconciling", because: `the condition Ready is ${state}` };
  const serving = present({ serving: ready });
  if (state !== "CONDITION_SUCCEEDED")
    return { kind: "failed", because: sentenceOf(terminalCondition), ...serving };
  if (created === undefined || created !== ready) {
    const because = `revision ${created ?? "none"} was created and ${ready ?? "none"} is ready`;
    return { kind: "failed", because, ...serving };
  }
  return { kind: "succeeded", revision: ready };
}

function sentenceOf(condition: RunCondition | undefined): string {
  if (condition === undefined) return "Cloud Run gives no condition of the service";
  const { state, reason, revisionReason, message } = condition;
  const named = [reason, revisionReason].filter((each) => each !== undefined).join(", ");
  return `${state}${named === "" ? "" : ` (${named})`}${message === undefined ? "" : `: ${message}`}`;
}

const servicePath = ({ project, region, service }: Omit<RunServiceId, "signal">): string =>
  pathOf("v2", "projects", project, "locations", region, "services", service);
