/** What all actions on Google Cloud have in common: who asks, who writes, and how it is told what went wrong. */
import { setTimeout as delay } from "node:timers/promises";
import { GreenlightError } from "../../errors.ts";
import type { GcpError, GcpTransport, Known } from "../../gcp/transport.ts";
import type { Assessment, Capabilities, Outcome } from "../action.ts";

/** Between two tries of a change, in ms; a test hands in one that does not wait. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export interface GcpActionOptions {
  readonly pause?: Pause;
}

/** A change is begun so often: when others were faster, and when no answer came. */
export const TRIES = 5;

/** Twice as long after each try. */
export const waitToTry = (attempt: number, signal: AbortSignal, wait: Pause = timer): Promise<void> =>
  wait(250 * 2 ** attempt, signal);

export const done = (evidence: string): Outcome => ({ kind: "done", evidence });
export const pending = (because: string): Outcome => ({ kind: "pending", because });
export const failed = (because: string): Outcome => ({ kind: "failed", because });
export const refused = (because: string): Assessment => ({ kind: "refused", because });
export const unknown = (because: string): Assessment => ({ kind: "unknown", because });

/** The service's own identity, or the remediator's where there is no other. */
export const readerOf = (can: Capabilities): GcpTransport | undefined => can.reader ?? can.writer;

export const NO_READER = "nobody is configured to ask Google Cloud: set the key gcp";
export const NO_WRITER = "nothing is changed in Google Cloud without an account for it: set gcp.remediator";

/** @throws {GreenlightError} POSITION_UNKNOWN: whoever goes by a position must not guess it. */
export function positionUnknown(because: string): never {
  throw new GreenlightError("POSITION_UNKNOWN", because);
}

/** @throws {GreenlightError} POSITION_UNKNOWN */
export function readerOrThrow(can: Capabilities): GcpTransport {
  return readerOf(can) ?? positionUnknown(NO_READER);
}

/** Google's words, with what it means where that is known. */
export function sentenceOf(what: string, error: GcpError): string {
  const { code, message, permission, service } = error;
  if (code === "GCP_API_DISABLED")
    return `${what}: ${service ?? "its API"} is off in the project (${message})`;
  if (code === "GCP_DENIED") {
    const lacking = permission === undefined ? "a permission" : permission;
    return `${what}: ${lacking} is missing, so whether it exists is not known either (403: ${message})`;
  }
  return `${what}: ${message}`;
}

/** Why a fact is not known. */
export const unknownFact = (what: string, fact: Exclude<Known<unknown>, { kind: "known" }>): string =>
  fact.kind === "absent" ? `${what} does not exist` : sentenceOf(what, fact.because);

/** No answer came, or one that says nothing about whether it was done: the world has to be looked at. */
export const isLost = ({ code }: GcpError): boolean =>
  code === "GCP_TIMEOUT" || code === "GCP_UNAVAILABLE" || code === "GCP_MALFORMED";

const timer: Pause = async (ms, signal) => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
};
