import type { DeploymentCheck, SelfAnswer } from "../deployment/check.ts";
import { look } from "../deployment/look.ts";
import type { GcpTransport } from "../gcp/transport.ts";
import { parseJson } from "../json.ts";
import { withDeadline } from "../net/deadline.ts";
import type { Verified, VerifierCall } from "./verifier.ts";
import type { HttpVerifier } from "./verify-http.ts";
import { broken, held, pending, unknown } from "./verify-words.ts";

type DeploymentCall = Extract<VerifierCall, { kind: "deployment" }>;

/**
 * Whether the newest revision is ready, serves, is what was meant, and answers for itself. What may still come is pending:
 * all but a revision that failed, a manifest that is wrong and another image.
 */
export async function verifyDeployment(
  { project, region, service, image, release }: DeploymentCall,
  { gcp, http }: { readonly gcp: GcpTransport; readonly http: HttpVerifier },
  signal: AbortSignal,
): Promise<Verified> {
  const found = await look({
    reader: gcp,
    project,
    region,
    service,
    expected: { ...(image !== undefined && { image }), ...(release !== undefined && { release }) },
    askSelf: (url, path) => askSelf(http, `${url}${path}`, signal),
    signal,
  });
  if (found.kind === "unknown") return unknown(`${service}: ${found.because.message}`);
  if (found.kind === "absent") return pending(`${service} does not exist in ${region} of ${project}`);
  // Who asks without a token may be shown no dependencies; `probe` is the check for those.
  const checks = found.deployment.checks.filter(
    ({ name, status }) => name !== "dependencies" || status !== "unknown",
  );
  const told = (wanted: readonly DeploymentCheck["status"][]): string =>
    checks
      .filter(({ status }) => wanted.includes(status))
      .map(({ name, evidence }) => `${name}: ${evidence}`)
      .join("; ");
  const final = checks.some(({ name, status }) => status === "fail" && FINAL.has(name));
  if (final) return broken(`${service}: ${told(["fail"])}`);
  const waiting = told(["fail", "pending"]);
  if (waiting !== "") return pending(`${service}: ${waiting}`);
  const unsure = told(["unknown"]);
  if (unsure !== "") return unknown(`${service}: ${unsure}`);
  return held(`${service}: ${told(["pass", "warn"])}`);
}

/** An instance may have to start first. */
const ANSWER_MS = 15_000;

const FINAL: ReadonlySet<DeploymentCheck["name"]> = new Set(["reconciled", "manifest", "image", "release"]);

async function askSelf(
  { client, refuses }: HttpVerifier,
  text: string,
  signal: AbortSignal,
): Promise<SelfAnswer> {
  const url = new URL(text);
  const refused = refuses(url);
  if (refused !== undefined) return { kind: "silent", because: refused };
  try {
    const { status, body } = await withDeadline(
      { ms: ANSWER_MS, waitedFor: "the service", signal },
      (inner) => client.request({ url, headers: { accept: "application/json" }, signal: inner }),
    );
    return { kind: "answered", status, body: parseJson(body) };
  } catch {
    signal.throwIfAborted();
    return { kind: "silent", because: `${url.origin} does not answer` };
  }
}
