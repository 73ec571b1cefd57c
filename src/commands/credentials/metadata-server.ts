/** The metadata server of Compute Engine and Cloud Run: an ID token of the machine's service account. */
import { readFile } from "node:fs/promises";
import { isJwt, NoTokenError, type SourceInput } from "./credential.ts";
import { withDeadline } from "../../../services/net/deadline.ts";

const ADDRESS = "169.254.169.254";
/** Off Google Cloud nobody answers there, and some networks say nothing at all. */
const GUESSED_MS = 500;
const SURE_MS = 3000;
const MAX_LENGTH = 16_384;

/** Google sets one of these wherever it runs a container. */
const SIGNS = ["K_SERVICE", "CLOUD_RUN_JOB", "CLOUD_RUN_WORKER_POOL", "FUNCTION_TARGET", "GAE_SERVICE"];

/** @throws {NoTokenError} when there is no metadata server, or it gives no token. */
export async function askMetadataServer({ env, audience, signal }: SourceInput): Promise<string> {
  const ms = await deadlineFor(env);
  const host = env.GCE_METADATA_IP || env.GCE_METADATA_HOST || ADDRESS;
  const base = URL.parse(/^https?:\/\//.test(host) ? host : `http://${host}`);
  if (base === null) throw new NoTokenError("GCE_METADATA_HOST (or GCE_METADATA_IP) is no host");
  const url = new URL("/computeMetadata/v1/instance/service-accounts/default/identity", base);
  url.search = new URLSearchParams({ audience, format: "full" }).toString();
  const { status, flavor, text } = await withDeadline(
    { ms, waitedFor: "the metadata server", signal },
    async (inner) => {
      const headers = { "metadata-flavor": "Google" };
      const response = await fetch(url, { headers, redirect: "manual", signal: inner });
      const { status } = response;
      return { status, flavor: response.headers.get("metadata-flavor"), text: await response.text() };
    },
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new NoTokenError(`no answer from it within ${ms} ms: this is no machine of Google Cloud`, {
      cause: error,
    });
  });
  if (flavor !== "Google") throw new NoTokenError("what answers at its address is no metadata server");
  const token = text.slice(0, MAX_LENGTH).trim();
  if (status === 200 && isJwt(token)) return token;
  throw new NoTokenError(
    status === 404 ? "this machine has no service account" : `it answered ${status} and gave no ID token`,
  );
}

/** How long it is waited for, by the rules of Google's own libraries for METADATA_SERVER_DETECTION. */
async function deadlineFor(env: SourceInput["env"]): Promise<number> {
  const detection = env.METADATA_SERVER_DETECTION?.trim().toLowerCase() || undefined;
  switch (detection) {
    case "none":
      throw new NoTokenError("METADATA_SERVER_DETECTION=none forbids to look for it");
    case "assume-present":
      return SURE_MS;
    case "bios-only":
      if (await isMadeByGoogle()) return SURE_MS;
      throw new NoTokenError("this machine is not made by Google, and METADATA_SERVER_DETECTION=bios-only");
    case "ping-only":
      return GUESSED_MS;
    case undefined:
      break;
    default:
      throw new NoTokenError(
        "METADATA_SERVER_DETECTION is none of assume-present, none, bios-only, ping-only",
      );
  }
  const named = Boolean(env.GCE_METADATA_IP || env.GCE_METADATA_HOST);
  const sure = named || SIGNS.some((name) => env[name]) || (await isMadeByGoogle());
  return sure ? SURE_MS : GUESSED_MS;
}

async function isMadeByGoogle(): Promise<boolean> {
  try {
    return (await readFile("/sys/class/dmi/id/bios_vendor", "utf8")).includes("Google");
  } catch {
    return false;
  }
}
