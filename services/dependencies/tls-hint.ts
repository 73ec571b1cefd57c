import { CauseError } from "../errors.ts";
import { codeOf } from "./classify.ts";
import type { Target } from "./dependency.ts";
import { speaksTls } from "./speaks-tls.ts";

/** What a client that speaks plain HTTP meets at a port for TLS: a hang-up, or a TLS alert where HTTP should be. */
const MET_TLS = /^(?:ECONNRESET|EPIPE|HPE_.*)$/;

/** Web servers that understand the mistake answer with this status. */
const BAD_REQUEST = / found 400$/;

/**
 * Explains a failed request in plain HTTP: gives `TLS_REQUIRED` when the port turns out to speak TLS, else the error as
 * it is. Takes at most half a second.
 */
export async function explainPlain(error: unknown, target: Target, signal: AbortSignal): Promise<unknown> {
  const suspicious =
    error instanceof CauseError ? BAD_REQUEST.test(error.message) : MET_TLS.test(codeOf(error) ?? "");
  if (!suspicious || !(await speaksTls(target, signal))) return error;
  return new CauseError("TLS_REQUIRED", "the port speaks TLS only", { cause: error });
}
