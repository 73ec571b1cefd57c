/** `auth whoami`: which token there is, of whom, and what a service says to it. */
import { parseJson } from "../../services/json.ts";
import { EXIT } from "../exit-codes.ts";
import { writeResult } from "../views/write.ts";
import { renderWhoami } from "../views/whoami-human.ts";
import type { ServiceAnswer, WhoamiReport } from "../views/whoami-report.ts";
import { CliError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { isReadableOnTheWay } from "./credentials/bearer.ts";
import type { Credential } from "./credentials/credential.ts";
import { createSources } from "./credentials/sources.ts";
import { isVerdict, readProblem } from "./problem.ts";
import { readBase, requestText } from "./service-request.ts";

export interface WhoamiOptions extends OutputOptions {
  readonly url?: string;
}

/** Whom a token is for when no service is named. */
const HERE = "http://127.0.0.1:8080";

/** Resolves with 0, or with 77 when no token can be had or the service refuses it. */
export async function whoami(context: CommandContext, options: WhoamiOptions): Promise<number> {
  const asked = options.url ?? (context.env.GREENLIGHT_URL || undefined);
  const base = readBase(asked ?? HERE);
  const audience = new URL(base).origin;
  const { env, signal } = context;
  const sources = createSources({ env, audience, signal });
  let credential = await sources.next();
  const open = asked === undefined ? undefined : await askOpenly(base, signal);
  let service = open;
  if (asked !== undefined && credential !== undefined && open?.outcome === "refused") {
    service = await present(credential, base, signal);
    // As every command does: a token that is not accepted is followed by that of the next source.
    while (service.outcome === "refused" && service.status === 401) {
      const next = await sources.next();
      if (next === undefined) break;
      credential = next;
      service = await present(credential, base, signal);
    }
  }
  const exitCode = exitCodeOf(credential, service);
  const result: WhoamiReport = {
    schemaVersion: 1,
    command: "auth whoami",
    exitCode,
    audience,
    credential: withoutToken(credential),
    tried: sources.attempts,
    ...(service && { service }),
  };
  writeResult(context, options, { result, human: renderWhoami });
  return exitCode;
}

/** What everybody is told; `refused` when that is nothing, or no more than the verdict. */
async function askOpenly(base: string, signal: AbortSignal): Promise<ServiceAnswer> {
  const answer = await ask(base, undefined, signal);
  return answer.outcome === "accepted" ? { ...answer, outcome: "open" } : answer;
}

async function present(credential: Credential, base: string, signal: AbortSignal): Promise<ServiceAnswer> {
  if (!credential.bound && isReadableOnTheWay(base)) {
    const detail = "the token is good at other services too, and is not sent unencrypted; use https://";
    return { outcome: "not asked", url: base, detail };
  }
  return ask(base, credential.token, signal);
}

async function ask(base: string, token: string | undefined, signal: AbortSignal): Promise<ServiceAnswer> {
  const answer = await requestText({ base, path: "/health", token, signal }).catch((error: unknown) => {
    if (error instanceof CliError) return error;
    throw error;
  });
  if (answer instanceof CliError) return { outcome: "unreachable", url: base, detail: answer.message };
  const { status, text } = answer;
  const body = parseJson(text);
  const detailed = typeof body === "object" && body !== null && "checks" in body;
  // An unfit environment is a 503 whose body is as good as that of a 200.
  if (detailed && (status === 200 || status === 503)) return { outcome: "accepted", url: base, status };
  const refused = status === 401 || status === 403 || (token === undefined && isVerdict(body));
  const { code, detail, run } = readProblem(body, token === undefined ? [] : [token]);
  return {
    outcome: refused ? "refused" : "unexpected",
    url: base,
    status,
    ...(code && { code }),
    ...(detail && { detail }),
    ...(run && { run }),
  };
}

function exitCodeOf(credential: Credential | undefined, service: ServiceAnswer | undefined): number {
  if (credential === undefined) return EXIT.noPermission;
  if (service === undefined || service.outcome === "accepted" || service.outcome === "open") return EXIT.ok;
  if (service.outcome === "unreachable" || service.outcome === "unexpected") return EXIT.temporary;
  return EXIT.noPermission;
}

function withoutToken(credential: Credential | undefined): WhoamiReport["credential"] {
  if (credential === undefined) return null;
  const { token: _never, ...shown } = credential;
  return shown;
}
