/** Where in Google Cloud this is: what the configuration says, else what the metadata server does. */
import type { GcpOptions } from "../config/gcp.ts";

export interface Place {
  readonly project?: string;
  readonly region?: string;
  readonly service?: string;
}

const DEADLINE_MS = 1000;

export interface LocateOptions {
  /** GCE_METADATA_HOST, K_SERVICE and METADATA_SERVER_DETECTION are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Asks the metadata server for what is not configured, where there is one. Rejects with the reason of the signal alone. */
export async function locate(
  { project, region, service }: Pick<GcpOptions, "project" | "region" | "service">,
  { env, signal }: LocateOptions,
): Promise<Place> {
  const known = {
    ...(project !== undefined && { project }),
    ...(region !== undefined && { region }),
    ...(service !== undefined && { service }),
  };
  if ((project !== undefined && region !== undefined) || !isLikely(env)) return known;
  const [askedProject, askedRegion] = await Promise.all([
    project ?? ask("project/project-id", { env, signal }),
    region ?? ask("instance/region", { env, signal }),
  ]);
  return {
    ...known,
    ...(askedProject !== undefined && { project: askedProject }),
    // `projects/123/regions/us-central1`.
    ...(askedRegion !== undefined && { region: askedRegion.slice(askedRegion.lastIndexOf("/") + 1) }),
  };
}

/** Off Google Cloud nobody answers at the address, and some networks say nothing at all. */
const isLikely = (env: LocateOptions["env"]): boolean =>
  env.METADATA_SERVER_DETECTION?.trim().toLowerCase() !== "none" &&
  [env.K_SERVICE, env.CLOUD_RUN_JOB, env.GCE_METADATA_HOST, env.GCE_METADATA_IP].some(Boolean);

async function ask(path: string, { env, signal }: LocateOptions): Promise<string | undefined> {
  const host = env.GCE_METADATA_IP || env.GCE_METADATA_HOST || "169.254.169.254";
  const base = URL.parse(/^https?:\/\//.test(host) ? host : `http://${host}`);
  if (base === null) return undefined;
  try {
    const response = await fetch(new URL(`/computeMetadata/v1/${path}`, base), {
      headers: { "metadata-flavor": "Google" },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    const text = (await response.text()).trim();
    const own = response.status === 200 && response.headers.get("metadata-flavor") === "Google";
    return own && /^[\w./:-]{1,200}$/.test(text) ? text : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
