/** gcloud's own login, asked without a shell; what it writes is never shown. */
import { execFile } from "node:child_process";
import { DeadlineError } from "../../../services/errors.ts";
import { withDeadline } from "../../../services/net/deadline.ts";
import { isJwt, NoTokenError, type SourceInput } from "./credential.ts";

const DEADLINE_MS = 10_000;
const MAX_BYTES = 65_536;
const PRINT = ["auth", "print-identity-token"];

/** @throws {NoTokenError} when it is not there, or nobody is logged in. */
export async function askGcloud(input: SourceInput): Promise<string> {
  try {
    return await run([...PRINT, `--audiences=${input.audience}`], input);
  } catch (error) {
    // People's accounts refuse `--audiences`; a service account's failure would be the same again.
    if (!(error instanceof ExitError)) throw error;
  }
  return run(PRINT, input);
}

/** It ran, and ended with an error. */
class ExitError extends NoTokenError {}

async function run(args: readonly string[], { env, signal }: SourceInput): Promise<string> {
  const output = await withDeadline({ ms: DEADLINE_MS, waitedFor: "gcloud", signal }, (inner) =>
    execute(args, { env, signal: inner }),
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    throw asNoToken(error);
  });
  const token = output.trim();
  if (!isJwt(token)) throw new ExitError("it printed no ID token");
  return token;
}

function execute(
  args: readonly string[],
  { env, signal }: Pick<SourceInput, "env" | "signal">,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const quiet = { ...env, CLOUDSDK_CORE_DISABLE_PROMPTS: "1" };
  const options = { env: quiet, signal, maxBuffer: MAX_BYTES, killSignal: "SIGKILL", shell: false } as const;
  const child = execFile("gcloud", [...args], options, (error, stdout) =>
    error ? reject(error) : resolve(stdout),
  );
  child.stdin?.end();
  return promise;
}

function asNoToken(error: unknown): NoTokenError {
  if (error instanceof DeadlineError) return new NoTokenError(`no answer within ${DEADLINE_MS} ms`);
  const code: unknown = Object(error).code;
  if (code === "ENOENT") return new NoTokenError("gcloud is not installed (not on the PATH)");
  if (typeof code === "number")
    return new ExitError(`it ended with ${code}; is somebody logged in? gcloud auth login`);
  return new NoTokenError(`it cannot be run (${typeof code === "string" ? code : "ended by a signal"})`);
}
