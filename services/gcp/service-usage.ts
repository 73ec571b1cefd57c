/** Service Usage: which APIs of a project are on, and switching one on. */
import { type Written, ask, pathOf, pathOfName, send } from "./ask.ts";
import { fieldsOf, lastPart, listOf, textOf } from "./fields.ts";
import { type Operation, parseOperation } from "./operations.ts";
import type { GcpTransport, Known } from "./transport.ts";

export type ApiState = "ENABLED" | "DISABLED" | "UNSPECIFIED";

export interface ApiInProject {
  /** Id or number. */
  readonly project: string;
  /** `vpcaccess.googleapis.com`. */
  readonly api: string;
  readonly signal: AbortSignal;
}

/** Google refuses to answer for more at once. */
const BATCH = 30;

/** Whether one API is on. Absent: there is no such API, or it is not for this project. */
export async function getApiState(
  gcp: GcpTransport,
  { project, api, signal }: ApiInProject,
): Promise<Known<ApiState>> {
  const path = pathOf("v1", "projects", project, "services", api);
  return ask(gcp, { api: "serviceusage", method: "GET", path, signal }, (body) => parseState(body)?.state);
}

/** The state of many, by the name of the API; what Google leaves out is left out. Asks for 30 at a time. */
export async function getApiStates(
  gcp: GcpTransport,
  { project, apis, signal }: Omit<ApiInProject, "api"> & { readonly apis: readonly string[] },
): Promise<Known<ReadonlyMap<string, ApiState>>> {
  const states = new Map<string, ApiState>();
  const path = `${pathOf("v1", "projects", project, "services")}:batchGet`;
  for (let from = 0; from < apis.length; from += BATCH) {
    const names = apis.slice(from, from + BATCH).map((api) => `projects/${project}/services/${api}`);
    const request = { api: "serviceusage", method: "GET", path, query: { names }, signal } as const;
    const answer = await ask(gcp, request, parseStates);
    if (answer.kind !== "known") return answer;
    for (const { api, state } of answer.value) states.set(api, state);
  }
  return { kind: "known", value: states };
}

/** Switches one on. It is in force some time after the operation has ended. */
export async function enableApi(
  gcp: GcpTransport,
  { project, api, signal }: ApiInProject,
): Promise<Written<Operation>> {
  const path = `${pathOf("v1", "projects", project, "services", api)}:enable`;
  return send(gcp, { api: "serviceusage", method: "POST", path, body: {}, signal }, parseOperation);
}

/**
 * Switches one off, for rolling back what `enableApi` did. Google refuses while others that are on depend on it
 * (`GCP_INVALID`).
 */
export async function disableApi(
  gcp: GcpTransport,
  { project, api, signal }: ApiInProject,
): Promise<Written<Operation>> {
  const path = `${pathOf("v1", "projects", project, "services", api)}:disable`;
  const body = { disableDependentServices: false };
  return send(gcp, { api: "serviceusage", method: "POST", path, body, signal }, parseOperation);
}

export async function getApiOperation(
  gcp: GcpTransport,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<Known<Operation>> {
  const request = { api: "serviceusage", method: "GET", path: pathOfName("v1", name), signal } as const;
  return ask(gcp, request, parseOperation);
}

function parseStates(body: unknown): { api: string; state: ApiState }[] | undefined {
  const states = listOf(fieldsOf(body)["services"]).map(parseState);
  return states.every((state) => state !== undefined) ? states : undefined;
}

function parseState(body: unknown): { api: string; state: ApiState } | undefined {
  const fields = fieldsOf(body);
  const name = textOf(fields["name"]);
  const state = textOf(fields["state"]);
  if (name === undefined) return undefined;
  const known = state === "ENABLED" || state === "DISABLED" ? state : "UNSPECIFIED";
  return { api: lastPart(name), state: known };
}
