/** What an endpoint answers; the body is sent as JSON. */
export interface Answer {
  status: number;
  body: object;
  headers?: Readonly<Record<string, string>>;
}

const noStore = { "cache-control": "no-store", pragma: "no-cache" };

/** An answer that no cache may keep (RFC 6749, 5.1). */
export function uncached(body: object): Answer {
  return { status: 200, body, headers: noStore };
}

/** An error as RFC 6749 (5.2) wants it. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  answer(): Answer {
    const body = { error: this.code, error_description: this.message };
    return this.code === "invalid_client"
      ? {
          status: 401,
          body,
          headers: { ...noStore, "www-authenticate": 'Basic realm="sandbox-auth", charset="UTF-8"' },
        }
      : { status: 400, body, headers: noStore };
  }
}

export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "unsupported_grant_type"
  | "invalid_scope";
