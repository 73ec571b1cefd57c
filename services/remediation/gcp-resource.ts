/** How a plan names what a `gcp` check reads: `run.googleapis.com/v2/projects/p/locations/r/services/s`. */
import { hostOf, GCP_APIS } from "../gcp/apis.ts";
import { pathOf } from "../gcp/ask.ts";
import type { GcpApi } from "../gcp/transport.ts";

export interface GcpResource {
  readonly api: GcpApi;
  /** With its version, each part encoded. */
  readonly path: string;
}

/** The name of a resource; each part is encoded. */
export const resourceName = (api: GcpApi, version: string, ...parts: readonly string[]): string =>
  `${hostOf(api)}${pathOf(version, ...parts)}`;

/** The host may stand behind `//` or `https://`. Undefined for what names no resource of an API that is known here. */
export function parseResourceName(name: string): GcpResource | undefined {
  const match = /^(?:https:\/\/|\/\/)?([a-z.]+)(\/[\w.~%:@/-]+)$/.exec(name);
  const api = GCP_APIS.find((each) => hostOf(each) === match?.[1]);
  const path = match?.[2];
  if (api === undefined || path === undefined || path.split("/").includes("..")) return undefined;
  return { api, path };
}
