import { CliError } from "../commands/cli-error.ts";
import { UnreachableError } from "../commands/service-request.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../views/text.ts";
import { type GateAnswer, knownSuites, parseGateAnswer } from "./gate-answer.ts";
import type { GateClient, GateReply } from "./gate-client.ts";
import { unknownSuite } from "./local-suite.ts";

/** What came of asking once. */
export type Asked =
  | { readonly kind: "answer"; readonly answer: GateAnswer; readonly retryAfterMs: number | undefined }
  /** None, and asking again is worthwhile. */
  | { readonly kind: "trouble"; readonly note: string; readonly retryAfterMs: number | undefined };

export interface AskGate {
  readonly client: GateClient;
  readonly suite: string;
  /** With their units; see the route. */
  readonly query: Readonly<Record<string, string>>;
  readonly heldMs: number;
  readonly signal: AbortSignal;
  /**
   * Whether what waiting does not cure is waited for all the same: the service is still being deployed, or has answered
   * before.
   */
  readonly lenient: boolean;
}

/** @throws {CliError} for what asking again does not change. */
export async function askGate(options: AskGate): Promise<Asked> {
  const { client, suite, query, heldMs, signal, lenient } = options;
  const path = `/gate/${encodeURIComponent(suite)}?${new URLSearchParams(query).toString()}`;
  try {
    const reply = await client.send({ path, heldMs, signal });
    return readReply(reply, options);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    if (error.exitCode !== EXIT.temporary && !lenient) throw error;
    return { kind: "trouble", note: error.message, retryAfterMs: undefined };
  }
}

const notStrict = (shown: string): CliError =>
  new CliError(EXIT.unavailable, `${shown} does not know strict validation, so nothing can be said of it.`, {
    hint: "Deploy the version of Greenlight there that runs here, or leave out --strict-validation.",
  });

function readReply(reply: GateReply, { client, suite, query, lenient }: AskGate): Asked {
  const { status, body, retryAfterMs, problem } = reply;
  const answer = status === 200 || status === 503 ? parseGateAnswer(body, suite) : undefined;
  if (answer !== undefined) {
    // One that does not say so has not looked at its findings, and its word is not what was asked for.
    if (query.strict !== undefined && answer.evaluation.strict !== true) throw notStrict(client.shown);
    // The status code is for those who read no more; when the two differ, neither is believed.
    if ((status === 200) === (answer.evaluation.verdict === "go"))
      return { kind: "answer", answer, retryAfterMs };
  }
  const known = status === 404 ? knownSuites(body) : undefined;
  if (known !== undefined) throw unknownSuite(suite, known);
  const detail = problem.detail === undefined ? "" : `: ${clean(problem.detail)}`;
  const note = `${client.shown}/gate/${encodeURIComponent(suite)} answered ${status}${detail}.`;
  if (status >= 500 || status === 429 || status === 408 || lenient)
    return { kind: "trouble", note, retryAfterMs };
  throw new CliError(EXIT.unavailable, note, {
    hint: "Check that the URL is that of a Greenlight service, and that both have the same version.",
  });
}
