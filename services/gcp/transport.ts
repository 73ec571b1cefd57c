/** gcp: what Google's REST APIs say and do, through one narrow transport; nothing here knows tokens or sockets. */

/** Each has a base URL of its own. */
export type GcpApi =
  | "serviceusage"
  | "vpcaccess"
  | "run"
  | "cloudresourcemanager"
  | "iam"
  | "sqladmin"
  | "redis"
  | "secretmanager"
  | "compute"
  | "servicenetworking";

export interface GcpRequest {
  readonly api: GcpApi;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From the version on, each part encoded: `/v2/projects/p/locations/r/services/s`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export type GcpErrorCode =
  /** 404: it does not exist, and we may see that. */
  | "GCP_NOT_FOUND"
  /** 403: whether it exists is unknown. */
  | "GCP_DENIED"
  /** 403 with SERVICE_DISABLED or accessNotConfigured. */
  | "GCP_API_DISABLED"
  /** 401, or no credentials at all. */
  | "GCP_UNAUTHENTICATED"
  /** 409 and 412: somebody else was faster; read again. */
  | "GCP_CONFLICT"
  /** 400: what was asked is wrong. */
  | "GCP_INVALID"
  /** 429 and 5xx after the tries allowed, refused connections. */
  | "GCP_UNAVAILABLE"
  | "GCP_TIMEOUT"
  /** What came is not what the API's description says. */
  | "GCP_MALFORMED";

export interface GcpError {
  readonly code: GcpErrorCode;
  /** HTTP; 0 when there was no answer. */
  readonly status: number;
  /** Google's own sentence, redacted. */
  readonly message: string;
  /** The permission that is missing, the API that is off, where Google says it. */
  readonly permission?: string;
  readonly service?: string;
}

export type GcpAnswer =
  | { readonly kind: "ok"; readonly body: unknown }
  | { readonly kind: "failed"; readonly error: GcpError };

/** Never rejects but with the reason of the signal. Retries what may be retried; never a create that timed out. */
export interface GcpTransport {
  request(request: GcpRequest): Promise<GcpAnswer>;
}

/** A fact about the world: 403 leaves it unknown, 404 makes it absent. */
export type Known<T> =
  | { readonly kind: "known"; readonly value: T }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly because: GcpError };
