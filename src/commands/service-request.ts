/** One `GET` of a service: bounded in time and size, following nothing. */
import { causeOf } from "../../services/causes.ts";
import { classifyError, codeOf, messageOf, type Recognised } from "../../services/dependencies/classify.ts";
import { withDeadline } from "../../services/net/deadline.ts";
import { createRedact } from "../../services/redact.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../views/text.ts";
import { CliError, usageError } from "./cli-error.ts";

const DEADLINE_MS = 10_000;
const MAX_BYTES = 1_000_000;

/** @throws {CliError} when the service cannot be reached or says too much. */
export async function requestText(options: {
  base: string;
  path: string;
  token: string | undefined;
  signal: AbortSignal;
}): Promise<{ status: number; text: string }> {
  const { base, path, token, signal } = options;
  const address = `${base}${path}`;
  const headers = {
    accept: "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return withDeadline({ ms: DEADLINE_MS, waitedFor: `GET ${address}`, signal }, async (inner) => {
    const response = await fetch(address, { headers, redirect: "manual", signal: inner });
    return { status: response.status, text: await readText(response) };
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof CliError ? error : unreachable(base, error);
  });
}

/**
 * The address of a service without a trailing slash.
 *
 * @throws {CliError} for what is no address of a service, or holds credentials.
 */
export function readBase(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usageError("expected --url (or GREENLIGHT_URL) to be an http:// or https:// URL.");
  if (url.username !== "" || url.password !== "")
    throw usageError("the service's URL holds credentials.", "Put the token into GREENLIGHT_TOKEN.");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES)
      throw new CliError(
        EXIT.unavailable,
        `the answer of ${response.url} is longer than ${MAX_BYTES} bytes.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The same causes as of any dependency say whether another try is worthwhile. */
function unreachable(base: string, error: unknown): CliError {
  if (messageOf(causeIn(error)) === "bad port")
    return usageError(`${base} has a port that web standards keep HTTP away from.`);
  const { code, message } = classifyError({
    error: causeIn(error),
    rung: "connect",
    redact: createRedact([]),
    recognise,
  });
  const { title, retryable } = causeOf(code);
  return new CliError(
    retryable ? EXIT.temporary : EXIT.unavailable,
    `cannot ask ${base}: ${code}, ${title} (${clean(message)}).`,
    {
      cause: error,
      hint: "Check --url (or GREENLIGHT_URL), or leave it out to look from here.",
    },
  );
}

/** `fetch` says "fetch failed"; the reason is inside. */
const causeIn = (error: unknown): unknown =>
  error instanceof TypeError && error.cause instanceof Error ? error.cause : error;

function recognise(error: object): Recognised | undefined {
  const code = codeOf(error) ?? "";
  return code === "UND_ERR_SOCKET" ? { code: "CONNECTION_CLOSED", evidence: code } : undefined;
}
