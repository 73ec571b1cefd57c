import { findMember } from "../dependencies/json-pointer.ts";
import { ask } from "../gcp/ask.ts";
import type { GcpTransport } from "../gcp/transport.ts";
import { isRecord } from "../json.ts";
import type { Redact } from "../redact.ts";
import { sameJson } from "./canonical.ts";
import { parseResourceName } from "./gcp-resource.ts";
import type { Verified, VerifierCall } from "./verifier.ts";
import { held, pending, shown, unknown } from "./verify-words.ts";

type GcpCall = Extract<VerifierCall, { kind: "gcp" }>;

/** A member of a resource as the API answers it. What the API leaves out is null. */
export async function verifyGcp(
  { resource, pointer, equals }: GcpCall,
  gcp: GcpTransport,
  redact: Redact,
  signal: AbortSignal,
): Promise<Verified> {
  const parsed = parseResourceName(resource);
  if (parsed === undefined)
    return unknown(
      `expected a resource such as run.googleapis.com/v2/projects/…, found ${shown(resource, redact)}`,
    );
  const { api, path } = parsed;
  const fact = await ask(gcp, { api, method: "GET", path, signal }, (body) =>
    isRecord(body) ? body : undefined,
  );
  if (fact.kind === "unknown") return unknown(`${resource}: ${redact(fact.because.message)}`);
  if (fact.kind === "absent") return pending(`${resource} does not exist`);
  const member = findMember(fact.value, pointer);
  const found = member.found ? member.value : null;
  const as = (value: unknown): string =>
    isVariable(pointer) ? "a value that is not shown" : shown(value, redact);
  if (sameJson(found, equals)) return held(`${resource}: ${pointer} is ${as(equals)}`);
  return pending(
    `${resource}: expected ${as(equals)} at ${pointer}, found ${member.found ? as(found) : "nothing"}`,
  );
}

/** Values of variables are never shown, whatever is in them. */
const isVariable = (pointer: string): boolean => /\/env\/[^/]+\/value(?:$|\/)/.test(pointer);
