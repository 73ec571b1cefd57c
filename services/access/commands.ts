import type { AccessOptions } from "./options.ts";

/** What to run instead: every refusal names one of these. */
export interface Commands {
  /** The request again, with a token that is right. */
  readonly request: string;
  /** The same for a caller that needs a token for this very audience. */
  readonly audience: string;
  /** The same with an access token. */
  readonly accessToken: string;
  /** The request again, later. */
  readonly retry: string;
  /** Changes as they happen, for whoever polls too often. */
  readonly follow: string;
  readonly login: string;
  readonly whoami: string;
  readonly closePlatform: string;
}

/** The commands that are right for a mode. None holds a token: each obtains it when it runs. */
export function createCommands(options: AccessOptions): Commands {
  const url = urlIn(options);
  const token = tokenFor(options);
  const impersonated = `$(gcloud auth print-identity-token --impersonate-service-account=ACCOUNT --include-email --audiences=${audienceIn(options)})`;
  return {
    request: curl(token, `${url}/health`),
    audience: curl(gcloudIn(options) || options.mode === "token" ? token : impersonated, `${url}/health`),
    accessToken: curl(
      "$(gcloud auth print-access-token --scopes=openid,https://www.googleapis.com/auth/userinfo.email)",
      `${url}/health`,
    ),
    retry: curl(token, `${url}/health`, "--retry 3"),
    follow: curl(token, `${url}/events`, "--no-buffer"),
    login: "gcloud auth login",
    whoami: "greenlight auth whoami",
    closePlatform:
      "gcloud run services remove-iam-policy-binding SERVICE --region=REGION --member=allUsers --role=roles/run.invoker && gcloud run services update SERVICE --region=REGION --invoker-iam-check",
  };
}

const curl = (token: string, url: string, flags = ""): string =>
  `curl ${flags === "" ? "" : `${flags} `}-H "Authorization: Bearer ${token}" "${url}"`;

function tokenFor(options: AccessOptions): string {
  if (options.mode === "none" || options.mode === "token") return "$GREENLIGHT_TOKEN";
  // People get tokens made for gcloud itself; `--audiences` is refused for their accounts.
  return gcloudIn(options) || options.mode === "platform"
    ? "$(gcloud auth print-identity-token)"
    : `$(gcloud auth print-identity-token --audiences=${audienceIn(options)})`;
}

const gcloudIn = (options: AccessOptions): boolean => options.mode === "google" && options.google.gcloud;

const audienceIn = (options: AccessOptions): string =>
  (options.mode === "google" ? options.google.audiences[0] : undefined) ?? "URL_OF_THE_SERVICE";

/** The configured audience where it is the URL of the service; what a request claims to be its host is never repeated. */
function urlIn(options: AccessOptions): string {
  const audience = audienceIn(options);
  return /^https?:\/\/[\w.:[\]-]+\/?$/.test(audience) ? audience.replace(/\/$/, "") : "$GREENLIGHT_URL";
}
