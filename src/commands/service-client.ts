import { causeOf } from "../../services/causes.ts";
import { classifyError, codeOf, messageOf, type Recognised } from "../../services/dependencies/classify.ts";
import { withDeadline } from "../../services/net/deadline.ts";
import { createRedact } from "../../services/redact.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../views/text.ts";
import { CliError, usageError } from "./cli-error.ts";

export interface Answer {
  readonly path: string;
  readonly status: number;
  /** Parsed; whatever the server sent. */
  readonly body: unknown;
}

export interface ServiceClient {
  /** The address as it may be shown. */
  readonly shown: string;
  /** @throws {CliError} when the service cannot be reached or answers with something other than JSON. */
  get(path: string): Promise<Answer>;
  /** @throws {CliError} unless the status is 200. */
  expectOk(answer: Answer): void;
}

const DEADLINE_MS = 10_000;
const MAX_BYTES = 1_000_000;

/** @throws {CliError} for a URL or a token that cannot be used. */
export function createServiceClient(options: {
  url: string;
  token: string | undefined;
  signal: AbortSignal;
}): ServiceClient {
  const { token, signal } = options;
  const base = readBase(options.url);
  if (token !== undefined && !/^[\u0021-\u007E]+$/.test(token)) {
    throw usageError(
      "GREENLIGHT_TOKEN holds characters that a header cannot carry.",
      "Look for a line break or a space in it.",
    );
  }
  const redact = createRedact(token === undefined ? [] : [token]);
  const headers = {
    accept: "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };

  async function get(path: string): Promise<Answer> {
    const address = `${base}${path}`;
    const { status, text } = await withDeadline(
      { ms: DEADLINE_MS, waitedFor: `GET ${address}`, signal },
      async (inner) => {
        const response = await fetch(address, { headers, redirect: "manual", signal: inner });
        return { status: response.status, text: await readText(response) };
      },
    ).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error instanceof CliError ? error : unreachable(base, error);
    });
    try {
      return { path, status, body: JSON.parse(text) as unknown };
    } catch {
      throw refused({ address, status, detail: "no JSON" });
    }
  }

  return {
    shown: base,
    get,
    expectOk({ path, status, body }) {
      if (status !== 200)
        throw refused({ address: `${base}${path}`, status, detail: redact(detailOf(body)) });
    },
  };
}

function readBase(text: string): string {
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
  if (code.startsWith("HPE_")) return { code: "PROTOCOL_MISMATCH", evidence: code };
  return code === "UND_ERR_SOCKET" ? { code: "CONNECTION_CLOSED", evidence: code } : undefined;
}

function refused({ address, status, detail }: { address: string; status: number; detail: string }): CliError {
  const message = `${address} answered ${status}${detail === "" ? "" : `: ${clean(detail)}`}.`;
  if (status === 401 || status === 403)
    return new CliError(EXIT.noPermission, message, {
      hint: "Set GREENLIGHT_TOKEN to a token of this service.",
    });
  const hint = "Check that the URL is that of a Greenlight service.";
  return new CliError(status >= 500 || status === 429 ? EXIT.temporary : EXIT.unavailable, message, { hint });
}

function detailOf(body: unknown): string {
  const detail = typeof body === "object" && body !== null && "detail" in body ? body.detail : undefined;
  return typeof detail === "string" ? detail.slice(0, 300) : "";
}
