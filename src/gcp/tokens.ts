/** The service's own identity: application default credentials, which on Google Cloud are the metadata server's. */
import { withDeadline } from "../../services/net/deadline.ts";
import { DeadlineError } from "../../services/errors.ts";
import type { GcpError } from "../../services/gcp/transport.ts";
import type { HttpTransport } from "./exchange.ts";

export type TokenAnswer =
  | {
      readonly kind: "ok";
      /** `Authorization`, and whose quota it is. */
      readonly headers: Headers;
      readonly http: HttpTransport;
    }
  | { readonly kind: "failed"; readonly error: GcpError };

export interface Tokens {
  /** One that is good for some time. Rejects with the reason of `signal` alone. */
  get(signal: AbortSignal): Promise<TokenAnswer>;
  /** Google did not take what was got last; the next is a new one. */
  drop(): void;
}

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const DEADLINE_MS = 10_000;

interface LibraryClient {
  getRequestHeaders(): Promise<Headers>;
  readonly transporter: HttpTransport;
}

/** Reads what the library reads: GOOGLE_APPLICATION_CREDENTIALS, gcloud's file, GCE_METADATA_HOST. */
export function createOwnTokens(): Tokens {
  let pending: Promise<LibraryClient> | undefined;

  async function ask(): Promise<{ client: LibraryClient; headers: Headers }> {
    pending ??= load();
    const client = await pending;
    return { client, headers: await client.getRequestHeaders() };
  }

  return {
    async get(signal) {
      try {
        const options = { ms: DEADLINE_MS, waitedFor: "a token of Google's", signal };
        const { client, headers } = await withDeadline(options, ask);
        return { kind: "ok", headers, http: client.transporter };
      } catch (error) {
        signal.throwIfAborted();
        pending = undefined;
        return { kind: "failed", error: errorOf(error) };
      }
    },
    drop() {
      pending = undefined;
    },
  };
}

async function load(): Promise<LibraryClient> {
  // Loaded when it is needed: it takes longer to load than all the rest of the command line.
  const { GoogleAuth } = await import("google-auth-library");
  // Without the id of a project, which nothing here asks it for, the library starts gcloud to find one: a second or two.
  return new GoogleAuth({ scopes: [SCOPE], projectId: "-" }).getClient();
}

/** The library's messages quote tokens, addresses and files: of them nothing is shown but the status. */
function errorOf(error: unknown): GcpError {
  if (error instanceof DeadlineError)
    return { code: "GCP_TIMEOUT", status: 0, message: `no token of Google's within ${DEADLINE_MS / 1000} s` };
  const { status, message } = Object(error) as { status?: unknown; message?: unknown };
  const number = typeof status === "number" ? status : 0;
  if (number === 429 || number >= 500) {
    const said = `the source of tokens answered ${number}`;
    return { code: "GCP_UNAVAILABLE", status: number, message: said };
  }
  const none = typeof message === "string" && message.startsWith("Could not load the default credentials");
  const why = none
    ? "there are no credentials for Google Cloud: run gcloud auth application-default login, or run where a service account is attached"
    : `the credentials for Google Cloud give no token${number === 0 ? "" : ` (status ${number})`}: they are revoked, expired or of an account without rights`;
  return { code: "GCP_UNAUTHENTICATED", status: number, message: why };
}
