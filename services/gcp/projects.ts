/** Cloud Resource Manager: the number behind a project's id. */
import { ask, pathOf } from "./ask.ts";
import { fieldsOf, longOf, textOf } from "./fields.ts";
import type { GcpTransport, Known } from "./transport.ts";

export interface Project {
  readonly projectId: string;
  /** Digits; service agents are named by it. */
  readonly projectNumber: string;
  readonly active: boolean;
}

/** `project` is an id or a number. */
export async function getProject(
  gcp: GcpTransport,
  { project, signal }: { readonly project: string; readonly signal: AbortSignal },
): Promise<Known<Project>> {
  const path = pathOf("v1", "projects", project);
  return ask(gcp, { api: "cloudresourcemanager", method: "GET", path, signal }, (body) => {
    const fields = fieldsOf(body);
    const projectId = textOf(fields["projectId"]);
    const projectNumber = longOf(fields["projectNumber"]);
    if (projectId === undefined || projectNumber === undefined || !/^\d+$/.test(projectNumber))
      return undefined;
    return { projectId, projectNumber, active: fields["lifecycleState"] === "ACTIVE" };
  });
}
