import type { ApiInProject } from "../../gcp/service-usage.ts";
import type { GcpApi, GcpTransport } from "../../gcp/transport.ts";

/** A harmless question for each API that one can be asked: any answer but "it is off" shows that it is on. */
const QUESTIONS: Readonly<Record<string, readonly [GcpApi, string]>> = {
  "vpcaccess.googleapis.com": ["vpcaccess", "/v1/projects/{p}/locations"],
  "run.googleapis.com": ["run", "/v2/projects/{p}/locations/-/services"],
  "sqladmin.googleapis.com": ["sqladmin", "/v1/projects/{p}/instances"],
  "redis.googleapis.com": ["redis", "/v1/projects/{p}/locations"],
  "secretmanager.googleapis.com": ["secretmanager", "/v1/projects/{p}/secrets"],
  "compute.googleapis.com": ["compute", "/compute/v1/projects/{p}/regions"],
};

/**
 * Whether an API that is enabled is let through: for some minutes Google refuses it all the same, and what needs it next
 * would fail. True for an API that nobody can be asked about.
 */
export async function apiAnswers(
  gcp: GcpTransport,
  { project, api, signal }: ApiInProject,
): Promise<boolean> {
  const question = QUESTIONS[api];
  if (question === undefined) return true;
  const [of, template] = question;
  const path = template.replace("{p}", encodeURIComponent(project));
  const answer = await gcp.request({ api: of, method: "GET", path, signal });
  return answer.kind === "ok" || answer.error.code !== "GCP_API_DISABLED";
}
