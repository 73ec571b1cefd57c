import { CauseError } from "../errors.ts";
import type { HttpAnswer } from "../net/http-request.ts";
import type { Redact } from "../redact.ts";
import { findMember } from "./json-pointer.ts";
import type { HttpOptions } from "./options.ts";

/**
 * Judges the status of an answer to a request for `url`.
 *
 * @param accepted the status codes that are right; empty: 200 to 299.
 * @throws {CauseError} `HTTP_REDIRECTED`, with the origin it leads to; `HTTP_STATUS`.
 */
export function expectStatus(
  { status, headers }: Pick<HttpAnswer, "status" | "headers">,
  accepted: readonly number[],
  url: URL,
): void {
  if (accepted.length === 0 ? status >= 200 && status <= 299 : accepted.includes(status)) return;
  const expected = accepted.length === 0 ? "200 to 299" : accepted.join(" or ");
  throw (
    redirectOf({ status, headers }, expected, url) ??
    new CauseError("HTTP_STATUS", `expected ${expected}, found ${status}`)
  );
}

/** The cause of an answer to a request for `url` that leads elsewhere; undefined for any other answer. */
export function redirectOf(
  { status, headers }: Pick<HttpAnswer, "status" | "headers">,
  expected: string,
  url: URL,
): CauseError | undefined {
  if (status < 300 || status > 399 || headers.location === undefined) return undefined;
  const origin = originOf(headers.location, url);
  return new CauseError("HTTP_REDIRECTED", `expected ${expected}, found ${status} to ${origin}`);
}

/** Scheme and host alone: the path and the query of a redirect can hold tokens. */
function originOf(location: string, base: URL): string {
  const target = URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (target === undefined) return "a location that is no URL";
  return target.origin === "null" ? target.protocol : target.origin;
}

type Expectations = Pick<HttpOptions, "headers" | "json">;

/**
 * Compares the headers and the JSON body of an answer with what is expected of them.
 *
 * @throws {CauseError} `HEADER_MISMATCH` or `JSON_MISMATCH`, with what was expected and what was found.
 */
export function expectAnswer(answer: HttpAnswer, { headers, json }: Expectations, redact: Redact): void {
  for (const { name, equals } of headers) {
    const key = name.toLowerCase();
    const values = Object.hasOwn(answer.headers, key) ? answer.headers[key] : undefined;
    const found = Array.isArray(values) ? values.join(", ") : values;
    if (found !== undefined && (equals === undefined || found === equals)) continue;
    const seen = found === undefined ? "none" : show(key, found, redact);
    const expected = equals === undefined ? "a value" : JSON.stringify(equals);
    throw new CauseError("HEADER_MISMATCH", `header ${name}: expected ${expected}, found ${seen}`);
  }
  if (json.length === 0) return;
  const document = parse(answer);
  for (const { pointer, equals } of json) {
    const member = findMember(document, pointer);
    if (member.found && (equals === undefined || member.value === equals)) continue;
    const seen = member.found ? show(pointer, member.value, redact) : "none";
    const expected = equals === undefined ? "a member" : JSON.stringify(equals);
    throw new CauseError(
      "JSON_MISMATCH",
      `${pointer === "" ? "the document" : pointer}: expected ${expected}, found ${seen}`,
    );
  }
}

/**
 * The text of a member of a JSON answer; undefined when it is not there, or is no text.
 *
 * @throws {CauseError} `JSON_MISMATCH` for a body that is no JSON.
 */
export function readMember(answer: HttpAnswer, pointer: string): string | undefined {
  const member = findMember(parse(answer), pointer);
  return member.found && typeof member.value === "string" ? member.value : undefined;
}

function parse({ body, headers }: HttpAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own message repeats the beginning of the body.
    const type = headers["content-type"]?.split(";")[0] ?? "no content type";
    throw new CauseError("JSON_MISMATCH", `expected a JSON body, found ${body.length} characters of ${type}`);
  }
}

/** What is secret by its name is not shown, whatever it looks like. */
const SECRET_NAME = /cookie|auth|token|secret|passw|key|session|credential|signature/i;

/** The longest part of a found value that a message repeats. */
const SHOWN_CHARACTERS = 80;

/** Redacts before it cuts: of a secret that is cut in the middle nobody would know the rest. */
function show(name: string, value: unknown, redact: Redact): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (SECRET_NAME.test(name)) return "another value";
  const text = redact(JSON.stringify(value));
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
