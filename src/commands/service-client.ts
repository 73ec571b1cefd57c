/** Asks a service without a token first, and with one only when it wants one: there is nothing to spend on open services. */
import { parseJson } from "../../services/json.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../views/text.ts";
import { CliError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";
import { type Bearer, createBearer } from "./credentials/bearer.ts";
import { readProblem } from "./problem.ts";
import { readBase, requestText } from "./service-request.ts";

export interface Answer {
  readonly path: string;
  readonly status: number;
  /** Parsed; whatever the server sent. */
  readonly body: unknown;
}

export interface ServiceClient {
  /** The address as it may be shown. */
  readonly shown: string;
  /**
   * `isPublic` is true for an answer that leaves out what callers with a token see.
   *
   * @throws {CliError} when the service cannot be reached, refuses, or answers with something other than JSON.
   */
  get(path: string, isPublic?: (body: unknown) => boolean): Promise<Answer>;
  /** @throws {CliError} unless the status is 200. */
  expectOk(answer: Answer): void;
}

/** @throws {CliError} for a URL or a token that cannot be used. */
export function createServiceClient(
  context: Pick<CommandContext, "env" | "signal" | "stderr">,
  { url }: { readonly url: string },
): ServiceClient {
  const base = readBase(url);
  const bearer = createBearer(context, base);
  const { signal } = context;

  async function get(path: string, isPublic: (body: unknown) => boolean = () => false): Promise<Answer> {
    const address = `${base}${path}`;
    let credential = await bearer.current();
    for (;;) {
      const { status, text } = await requestText({ base, path, token: credential?.token, signal });
      const body = parseJson(text);
      const refusal = status === 401 || status === 403;
      const wanting = refusal || (credential === undefined && isPublic(body));
      // Who is known and not allowed stays so with a token from elsewhere.
      const next = wanting && !(credential && status === 403) ? await bearer.after(credential) : undefined;
      if (next !== undefined) {
        credential = next;
        continue;
      }
      if (wanting) {
        const said = refusal ? body : { detail: "callers without a token see no more than the verdict" };
        throw notPermitted({ address, status, body: said, bearer });
      }
      if (body === undefined) throw refused({ address, status, detail: "no JSON" });
      return { path, status, body };
    }
  }

  return {
    shown: base,
    get,
    expectOk({ path, status, body }) {
      const { detail = "" } = readProblem(body, bearer.tokens());
      if (status !== 200) throw refused({ address: `${base}${path}`, status, detail });
    },
  };
}

interface Refused {
  readonly address: string;
  readonly status: number;
}

function refused({ address, status, detail }: Refused & { detail: string }): CliError {
  const message = `${address} answered ${status}${detail === "" ? "" : `: ${clean(detail)}`}.`;
  const hint = "Check that the URL is that of a Greenlight service.";
  return new CliError(status >= 500 || status === 429 ? EXIT.temporary : EXIT.unavailable, message, { hint });
}

function notPermitted({
  address,
  status,
  body,
  bearer,
}: Refused & { body: unknown; bearer: Bearer }): CliError {
  const { detail = "", run } = readProblem(body, bearer.tokens());
  const said = detail === "" ? "" : `: ${clean(detail).replace(/\.$/, "")}`;
  const hint = [
    ...(run === undefined ? [] : [`The service says to run: ${clean(run)}`]),
    bearer.tokens().length === 0
      ? "No token could be had: greenlight auth whoami says why. Or set GREENLIGHT_TOKEN to a token of this service."
      : "Which token was sent, and of whom: greenlight auth whoami",
  ].join("\n");
  return new CliError(EXIT.noPermission, `${address} answered ${status}${said}.`, { hint });
}
