/** Application default credentials: a key file, a login of gcloud, workload identity or impersonation. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { withDeadline } from "../../../services/net/deadline.ts";
import { DeadlineError } from "../../../services/errors.ts";
import { isJwt, NoTokenError, type SourceInput } from "./credential.ts";

const DEADLINE_MS = 8000;
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** What of the library's clients is used; not all have each. */
interface AuthClient {
  fetchIdToken?(audience: string, options?: { readonly includeEmail: boolean }): Promise<string>;
  getServiceAccountEmail?(): string | null;
  request(options: {
    url: string;
    method: "POST";
    data: object;
    timeout: number;
  }): Promise<{ data: unknown }>;
}

/** @throws {NoTokenError} when there are none, or they give no ID token. */
export async function askApplicationDefault({ env, audience, signal }: SourceInput): Promise<string> {
  // Without a file the library would look for the metadata server, at length; that has been asked.
  await findFile(env);
  const token = await withDeadline(
    { ms: DEADLINE_MS, waitedFor: "the token of the application default credentials", signal },
    () => fetchToken(audience),
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof NoTokenError ? error : new NoTokenError(reasonOf(error), { cause: error });
  });
  if (!isJwt(token)) throw new NoTokenError("they gave no ID token");
  return token;
}

async function findFile(env: SourceInput["env"]): Promise<void> {
  const { GOOGLE_APPLICATION_CREDENTIALS: named, CLOUDSDK_CONFIG: folder, HOME: home } = env;
  const known = folder || (home && join(home, ".config", "gcloud"));
  const path = named || (known && join(known, "application_default_credentials.json"));
  const found =
    path &&
    (await access(path).then(
      () => true,
      () => false,
    ));
  if (found) return;
  throw new NoTokenError(
    named
      ? "GOOGLE_APPLICATION_CREDENTIALS names a file that cannot be read"
      : "there are none (gcloud auth application-default login makes them)",
  );
}

async function fetchToken(audience: string): Promise<string> {
  // Loaded when it is needed: it takes longer to load than all the rest of the command line.
  const { GoogleAuth } = await import("google-auth-library");
  const client = (await new GoogleAuth({ scopes: [SCOPE] }).getClient()) as unknown as AuthClient;
  // Of a key file it makes one for the audience; of a person's login one for gcloud's own client.
  if (client.fetchIdToken) return client.fetchIdToken(audience, { includeEmail: true });
  const email = client.getServiceAccountEmail?.();
  if (!email) throw new NoTokenError("they act for no service account, and so have no ID token");
  const { data } = await client.request({
    url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateIdToken`,
    method: "POST",
    data: { audience, includeEmail: true },
    timeout: DEADLINE_MS,
  });
  const { token } = Object(data) as { token?: unknown };
  return typeof token === "string" ? token : "";
}

/** The library's messages quote addresses and answers; of them only the code is shown. */
function reasonOf(error: unknown): string {
  if (error instanceof DeadlineError) return `no answer within ${DEADLINE_MS} ms`;
  if (error instanceof SyntaxError) return "their file is not JSON";
  const { status, code } = Object(error) as { status?: unknown; code?: unknown };
  if (typeof status === "number") return `Google refused them (${status})`;
  if (typeof code === "string" && /^[A-Z_]{3,40}$/.test(code)) return `Google could not be asked (${code})`;
  return "they cannot be used (revoked, or of a kind that gives no ID token)";
}
