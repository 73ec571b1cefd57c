import type { GcpTransport } from "../gcp/transport.ts";
import { oneLine, type Redact } from "../redact.ts";
import type { LintCapability, SqlCapability } from "./capability.ts";
import type { Verified, VerifierCall, Verify } from "./verifier.ts";
import { type Indicators, verifyCriterion } from "./verify-criterion.ts";
import { verifyDeployment } from "./verify-deployment.ts";
import { type ExecCapability, verifyExec } from "./verify-exec.ts";
import { verifyGcp } from "./verify-gcp.ts";
import { type HttpVerifier, verifyHttp } from "./verify-http.ts";
import { verifyLint } from "./verify-lint.ts";
import { type ObserveCapability, verifyProbe } from "./verify-probe.ts";
import { verifySql } from "./verify-sql.ts";
import { unknown } from "./verify-words.ts";

/** What verifiers may use; a call that needs what is absent is `unknown`. */
export interface VerifyOptions {
  readonly http?: HttpVerifier;
  readonly sql?: SqlCapability;
  readonly exec?: ExecCapability;
  readonly probe?: ObserveCapability;
  readonly gcp?: GcpTransport;
  readonly lint?: LintCapability;
  readonly indicators?: Indicators;
  /** Over every sentence that is told. */
  readonly redact: Redact;
}

/**
 * Makes what answers each kind of call, once. What time may still bring is `pending`, what it will not is `broken`, and
 * what could not be asked is `unknown`.
 */
export function createVerify(options: VerifyOptions): Verify {
  return async function verify(call, signal) {
    signal.throwIfAborted();
    try {
      return redacted(await answer(call, options, signal), options.redact);
    } catch (error) {
      signal.throwIfAborted();
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return redacted(unknown(`the check itself failed: ${name}: ${message}`), options.redact);
    }
  };
}

function answer(call: VerifierCall, options: VerifyOptions, signal: AbortSignal): Promise<Verified> {
  const { redact, http, sql, exec, probe, gcp, lint, indicators } = options;
  switch (call.kind) {
    case "http":
      return http === undefined ? missing("no HTTP client") : verifyHttp(call, http, redact, signal);
    case "sql":
      return sql === undefined ? missing("no database") : verifySql(call, sql, redact, signal);
    case "exec":
      return exec === undefined
        ? missing("no program is started: only where a person applies the plan from a command line")
        : verifyExec(call, exec, signal);
    case "probe":
      return probe === undefined ? missing("nothing is observed") : verifyProbe(call, probe, signal);
    case "gcp":
      return gcp === undefined
        ? missing("nobody is configured to ask Google Cloud: set the key gcp")
        : verifyGcp(call, gcp, redact, signal);
    case "lint":
      return lint === undefined ? missing("no suite can be linted") : verifyLint(call, lint, signal);
    case "deployment":
      return gcp === undefined || http === undefined
        ? missing("nobody is configured to ask Google Cloud: set the key gcp")
        : verifyDeployment(call, { gcp, http }, signal);
    case "criterion":
      return indicators === undefined
        ? missing("nothing is measured")
        : verifyCriterion(call, indicators, signal);
    default:
      return missing(`no check of the kind ${JSON.stringify((call satisfies never as VerifierCall).kind)}`);
  }
}

const missing = (because: string): Promise<Verified> => Promise.resolve(unknown(`from here: ${because}`));

function redacted(found: Verified, redact: Redact): Verified {
  const clean = (text: string): string => oneLine(redact(text), 600);
  return "evidence" in found
    ? { ...found, evidence: clean(found.evidence) }
    : { ...found, because: clean(found.because) };
}
