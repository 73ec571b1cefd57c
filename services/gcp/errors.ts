/** What an answer that is no success means: one code, Google's own sentence, and what it names. */
import { isRecord, parseJson } from "../json.ts";
import { createRedact, oneLine } from "../redact.ts";
import type { GcpError, GcpErrorCode } from "./transport.ts";

/** An HTTP answer as it came. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const redact = createRedact([]);
/** IAM's and Cloud Run's sentence, and that of Compute Engine. */
const PERMISSION = /(?:Permission|Required) '([a-zA-Z][\w.]{2,100})' (?:denied|permission)/;
const SERVICE = /\b([a-z][a-z\d-]{1,40}\.googleapis\.com)\b/;

/**
 * Names an answer whose status is none of 2xx. A 403 says nothing about whether the thing exists: Google writes "(or it may
 * not exist)", and Cloud SQL refuses misspelt names in the same words.
 */
export function toGcpError(answer: HttpAnswer): GcpError {
  const { status } = answer;
  const body = parseJson(answer.text);
  const error = isRecord(body) ? body["error"] : undefined;
  if (!isRecord(error)) return notJson(answer, error);
  const info = errorInfo(error);
  const metadata = isRecord(info?.["metadata"]) ? info["metadata"] : {};
  const reasons = new Set([info?.["reason"], ...reasonsOf(error)]);
  const message = sentence(error["message"]) ?? `status ${status} without a sentence`;
  const off = reasons.has("SERVICE_DISABLED") || reasons.has("accessNotConfigured");
  const service = text(metadata["service"]) ?? (off ? SERVICE.exec(message)?.[1] : undefined);
  const permission = text(metadata["permission"]) ?? PERMISSION.exec(message)?.[1];
  return {
    code: off && status === 403 ? "GCP_API_DISABLED" : codeOf(status, text(error["status"])),
    status,
    message,
    ...(status === 403 && permission !== undefined && { permission: oneLine(permission, 100) }),
    ...(service !== undefined && { service: oneLine(service, 100) }),
  };
}

/** An answer of 2xx that is not what the API's description says. */
export function malformed(what: string, status = 200): GcpError {
  return { code: "GCP_MALFORMED", status, message: oneLine(redact(what)) };
}

/** Whether somebody may ask the same again and hope; never said of a time-out, which may have been done. */
export const isTransientStatus = (status: number): boolean =>
  status === 429 || (status >= 500 && status <= 504 && status !== 501);

/** Google's own page, or that of a proxy in between: the API itself answers in JSON. */
function notJson({ status, contentType, text: body }: HttpAnswer, error: unknown): GcpError {
  // OAuth's shape: `{"error": "invalid_grant", "error_description": "…"}`.
  if (typeof error === "string") return { code: codeOf(status), status, message: oneLine(redact(error)) };
  const html = /html/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(body);
  const said = html ? titleOf(body) : oneLine(redact(body), 120);
  const what = html ? "a page of a front end or proxy, not the API" : "what is no JSON of the API";
  const message = `answered ${status} with ${what}${said === "" ? "" : `: ${said}`}`;
  // The API says of what is not there that it is not; a page says that the path leads nowhere.
  const code = status === 404 || status < 400 ? "GCP_MALFORMED" : codeOf(status);
  return { code, status, message };
}

/** Markup and scripts left out, so that no page fills a terminal. */
function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(html)?.[1];
  return oneLine(redact(title ?? ""), 120);
}

function codeOf(status: number, name?: string): GcpErrorCode {
  if (status === 401) return "GCP_UNAUTHENTICATED";
  if (status === 403) return "GCP_DENIED";
  if (status === 404) return "GCP_NOT_FOUND";
  if (status === 409 || status === 412 || name === "ABORTED") return "GCP_CONFLICT";
  if (status === 408 || status === 429 || status >= 500) return "GCP_UNAVAILABLE";
  if (status >= 400) return "GCP_INVALID";
  return "GCP_MALFORMED";
}

function errorInfo(error: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const details = Array.isArray(error["details"]) ? error["details"].filter(isRecord) : [];
  return details.find((detail) => text(detail["@type"])?.endsWith("/google.rpc.ErrorInfo") === true);
}

/** Older APIs, and Cloud SQL, say why in `errors`. */
const reasonsOf = (error: Readonly<Record<string, unknown>>): unknown[] =>
  Array.isArray(error["errors"]) ? error["errors"].filter(isRecord).map((each) => each["reason"]) : [];

function sentence(value: unknown): string | undefined {
  const said = text(value);
  return said === undefined ? undefined : oneLine(redact(said), 600);
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
