import { parseJson } from "../../services/json.ts";
import { CliError } from "../commands/cli-error.ts";
import type { CommandContext } from "../commands/context.ts";
import { type Bearer, createBearer } from "../commands/credentials/bearer.ts";
import type { Credential } from "../commands/credentials/credential.ts";
import { type Problem, readProblem } from "../commands/problem.ts";
import { readBase, requestText, type ServiceRequest } from "../commands/service-request.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../views/text.ts";
import { parseRetryAfter } from "./backoff.ts";
import { isPublicVerdict } from "./gate-answer.ts";

export interface GateReply {
  readonly status: number;
  /** Parsed; undefined when it is no JSON. */
  readonly body: unknown;
  /** What it says where it refuses; without a token. */
  readonly problem: Problem;
  /** How long the service asks to be left alone, in ms. */
  readonly retryAfterMs: number | undefined;
  /** Wall clock and monotonic ms of the request that was answered. */
  readonly sentAt: number;
  readonly sentAtMonotonic: number;
}

export interface GateRequest extends Pick<ServiceRequest, "method" | "path" | "body" | "heldMs" | "signal"> {
  /** Codes of a 403 by which what was asked is answered; any other refuses whoever asks. */
  readonly answers?: readonly string[];
}

/** Talks to one service for as long as a watch lasts, with tokens that may expire meanwhile. */
export interface GateClient {
  /** The address as it may be shown. */
  readonly shown: string;
  /** @throws {CliError} when the service cannot be reached, or permits nobody whose token can be had. */
  send(request: GateRequest): Promise<GateReply>;
}

/** @throws {CliError} for a URL or a token that cannot be used. */
export function createGateClient(
  context: Pick<CommandContext, "env" | "signal" | "stderr">,
  url: string,
): GateClient {
  const base = readBase(url);
  let bearer = createBearer(context, base);
  /** Accepted at least once: when it is refused now, it has expired, and there may be a new one where it came from. */
  let good: Credential | undefined;
  let wasGood = false;

  async function ask(request: GateRequest, credential: Credential | undefined): Promise<GateReply> {
    const sentAt = Date.now();
    const sentAtMonotonic = performance.now();
    const { status, text, retryAfter } = await requestText({ ...request, base, token: credential?.token });
    const body = parseJson(text);
    const problem = readProblem(body, bearer.tokens());
    return {
      status,
      body,
      problem,
      retryAfterMs: parseRetryAfter(retryAfter, Date.now()),
      sentAt,
      sentAtMonotonic,
    };
  }

  async function replace(refused: Credential | undefined): Promise<Credential | undefined> {
    if (refused === undefined || refused !== good) return bearer.after(refused);
    good = undefined;
    bearer = createBearer(context, base);
    const fresh = (await bearer.current()) ?? (await bearer.after(undefined));
    return fresh?.token === refused.token ? bearer.after(fresh) : fresh;
  }

  return {
    shown: base,
    async send(request) {
      let credential = await bearer.current();
      for (;;) {
        const reply = await ask(request, credential);
        const { status, body, problem } = reply;
        if (status === 403 && problem.code !== undefined && request.answers?.includes(problem.code))
          return reply;
        const wanting =
          status === 401 || (credential === undefined && (status === 403 || isPublicVerdict(body)));
        if (!wanting && status !== 403) {
          good = credential;
          wasGood ||= credential !== undefined;
          return reply;
        }
        const next = wanting ? await replace(credential) : undefined;
        if (next === undefined)
          throw notPermitted({ base, request, reply, bearer, expired: wasGood && status === 401 });
        credential = next;
      }
    },
  };
}

interface Refusal {
  readonly base: string;
  readonly request: GateRequest;
  readonly reply: GateReply;
  readonly bearer: Bearer;
  readonly expired: boolean;
}

function notPermitted({ base, request, reply, bearer, expired }: Refusal): CliError {
  const { status, problem, body } = reply;
  const { detail = isPublicVerdict(body) ? "callers without a token see no more than the verdict" : "" } =
    problem;
  const path = request.path.replace(/\?.*/, "");
  const said = detail === "" ? "" : `: ${clean(detail).replace(/\.$/, "")}`;
  const was = expired ? " The token was accepted before; it has expired or was withdrawn." : "";
  const hint = [
    ...(problem.run === undefined ? [] : [`The service says to run: ${clean(problem.run)}`]),
    bearer.tokens().length === 0
      ? "No token could be had: greenlight auth whoami says why. Or set GREENLIGHT_TOKEN to a token of this service."
      : "Which token was sent, and of whom: greenlight auth whoami",
  ].join("\n");
  return new CliError(EXIT.noPermission, `${base}${path} answered ${status}${said}.${was}`, { hint });
}
