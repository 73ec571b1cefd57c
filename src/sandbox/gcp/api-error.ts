import type { Doc, Value } from "./json.ts";

/** An answer that is no success, with the body that Google would send. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: Doc;

  constructor(status: number, body: Doc, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.body = body;
  }
}

/** The names of google.rpc.Code that the parts use. */
export type Status =
  | "INVALID_ARGUMENT"
  | "UNAUTHENTICATED"
  | "PERMISSION_DENIED"
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "ABORTED"
  | "FAILED_PRECONDITION"
  | "RESOURCE_EXHAUSTED"
  | "INTERNAL"
  | "UNAVAILABLE";

const codes: Record<Status, number> = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  FAILED_PRECONDITION: 400,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

/** `{error: {code, message, status, details}}`. */
export function apiError(status: Status, message: string, details: readonly Doc[] = []): ApiError {
  const error: Doc = {
    code: codes[status],
    message,
    status,
    ...(details.length === 0 ? {} : { details: [...details] }),
  };
  return new ApiError(codes[status], { error }, message);
}

/** 404; the wording is the sandbox's own, so match on the status. */
export function notFound(resource: string): ApiError {
  return apiError("NOT_FOUND", `Resource '${resource}' was not found`);
}

/** 400 with a BadRequest that names the field. */
export function invalid(field: string, description: string, message = description): ApiError {
  return apiError("INVALID_ARGUMENT", message, [
    { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ field, description }] },
  ]);
}

function errorInfo(reason: string, domain: string, metadata: Record<string, Value>): Doc {
  return { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain, metadata };
}

/** 403 for a permission that the caller lacks; also said of what does not exist. */
export function denied(permission: string, resource: string, host: string): ApiError {
  return apiError(
    "PERMISSION_DENIED",
    `Permission '${permission}' denied on resource '//${host}/${resource}' (or it may not exist).`,
    [errorInfo("IAM_PERMISSION_DENIED", host, { permission, resource })],
  );
}

/** 403 for an API that the project has not enabled. */
export function serviceDisabled(service: string, title: string, number: string): ApiError {
  const activationUrl = `https://console.developers.google.com/apis/api/${service}/overview?project=${number}`;
  const message =
    `${title} has not been used in project ${number} before or it is disabled. Enable it by visiting ` +
    `${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to ` +
    "propagate to our systems and retry.";
  const metadata = {
    service,
    serviceTitle: title,
    consumer: `projects/${number}`,
    containerInfo: number,
    activationUrl,
  };
  return apiError("PERMISSION_DENIED", message, [
    errorInfo("SERVICE_DISABLED", "googleapis.com", metadata),
    {
      "@type": "type.googleapis.com/google.rpc.Help",
      links: [{ description: "Google developers console API activation", url: activationUrl }],
    },
  ]);
}

/** 401: no token, or one that nobody knows. */
export function unauthenticated(): ApiError {
  return apiError(
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
  );
}

/** The older shape, without status and details, that Cloud SQL still speaks. */
export function sqlError(code: number, reason: string, message: string): ApiError {
  const errors = [{ message, domain: "global", reason }];
  return new ApiError(code, { error: { code, message, errors } }, message);
}

/** 403 of Cloud SQL: it names no permission, and says the same of what does not exist. */
export function sqlNotAuthorized(): ApiError {
  return sqlError(403, "notAuthorized", "The client is not authorized to make this request.");
}

/** 409: somebody else was faster. */
export function concurrentPolicyChanges(): ApiError {
  return apiError(
    "ABORTED",
    "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.",
  );
}
