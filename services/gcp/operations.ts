/** What runs on at Google's: both shapes of operations, and how long anybody waits for one. */
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { createRedact, oneLine } from "../redact.ts";
import { type Fields, fieldsOf, flagOf, listOf, textOf } from "./fields.ts";
import type { GcpError, Known } from "./transport.ts";

/** An operation at one moment. */
export type Operation =
  /** `name` as the API wants it back. */
  | { readonly kind: "running"; readonly name: string }
  | { readonly kind: "done"; readonly name: string; readonly response: unknown }
  | {
      readonly kind: "failed";
      readonly name: string;
      /** `13`, or Cloud SQL's word. */
      readonly code: string;
      /** Google's sentence, redacted. */
      readonly message: string;
    };

/** What waiting for one came to. */
export type Settled =
  | Exclude<Operation, { kind: "running" }>
  /** The API does not know it (any more): only the resource itself can tell. */
  | { readonly kind: "lost"; readonly name: string }
  /** It ran on when the time was up, and may end yet. */
  | { readonly kind: "endless"; readonly name: string; readonly waitedMs: number }
  | { readonly kind: "unknown"; readonly name: string; readonly because: GcpError };

export interface Waiting {
  readonly clock: Clock;
  /** For all of it, in ms. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Between the first two looks; doubles up to ten times as much. Default 1000. */
  readonly everyMs?: number;
  /** Default: a timer. */
  readonly sleep?: Sleep;
}

/** Rejects with the reason of the signal. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

const redact = createRedact([]);

/** That of `google.longrunning`, which all but Cloud SQL speak. */
export function parseOperation(body: unknown): Operation | undefined {
  const fields = fieldsOf(body);
  const name = textOf(fields["name"]);
  if (name === undefined) return undefined;
  if (fields["error"] !== undefined) return failed(name, fieldsOf(fields["error"]));
  if (flagOf(fields["done"]) === true) return { kind: "done", name, response: fields["response"] };
  return { kind: "running", name };
}

/** Cloud SQL's own: `status` instead of `done`, and a list of errors. */
export function parseSqlOperation(body: unknown): Operation | undefined {
  const fields = fieldsOf(body);
  const name = textOf(fields["name"]);
  const status = textOf(fields["status"]);
  if (name === undefined || status === undefined) return undefined;
  if (status !== "DONE") return { kind: "running", name };
  const error = listOf(fieldsOf(fields["error"])["errors"])[0];
  return error === undefined ? { kind: "done", name, response: undefined } : failed(name, error);
}

function failed(name: string, error: Fields): Operation {
  const code = error["code"];
  const known = typeof code === "number" || typeof code === "string" ? String(code) : "unknown";
  const message = oneLine(redact(textOf(error["message"]) ?? "without a sentence"), 600);
  return { kind: "failed", name, code: known, message };
}

/**
 * Polls until it has ended or the time is up. What cannot be asked for a moment is asked again; an operation that the API
 * does not know is lost, which says nothing about what it did.
 */
export async function awaitOperation(
  first: Operation,
  poll: (name: string, signal: AbortSignal) => Promise<Known<Operation>>,
  { clock, deadlineMs, signal, everyMs = 1000, sleep = timer }: Waiting,
): Promise<Settled> {
  const { name } = first;
  const start = clock.monotonic();
  let operation = first;
  let pause = everyMs;
  let because: GcpError | undefined;
  while (operation.kind === "running") {
    const left = deadlineMs - (clock.monotonic() - start);
    if (left <= 0)
      return because === undefined
        ? { kind: "endless", name, waitedMs: deadlineMs }
        : { kind: "unknown", name, because };
    await sleep(Math.min(pause, left), signal);
    pause = Math.min(pause * 2, everyMs * 10);
    const answer = await poll(name, signal);
    if (answer.kind === "absent") return { kind: "lost", name };
    because = answer.kind === "unknown" ? answer.because : undefined;
    if (because !== undefined && !mayPass(because)) return { kind: "unknown", name, because };
    if (answer.kind === "known") operation = answer.value;
  }
  return operation;
}

const mayPass = ({ code }: GcpError): boolean => code === "GCP_UNAVAILABLE" || code === "GCP_TIMEOUT";

const timer: Sleep = async (ms, signal) => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
};
