import * as v from "valibot";
import { formatDuration } from "../../services/duration.ts";
import { CliError } from "../commands/cli-error.ts";
import { UnreachableError } from "../commands/service-request.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../views/text.ts";
import { createBackoff } from "./backoff.ts";
import type { GateClient, GateReply } from "./gate-client.ts";
import { pause, within } from "./pause.ts";

export interface LeaseOptions {
  readonly client: GateClient;
  readonly suite: string;
  /** Shown to whoever has to wait for it. */
  readonly holder: string;
  /** Without a renewal it is lost after so long, in ms. */
  readonly ttlMs?: number;
}

export interface TakeOptions {
  /** Monotonic ms. */
  readonly deadlineAt: number;
  readonly signal: AbortSignal;
  readonly onNote: (note: string) => void;
}

/** The right of one run to have a suite's environment for itself. */
export interface RunLease {
  /** What shows the service that it is held; undefined before it was taken and after it was lost. */
  id(): string | undefined;
  /**
   * Takes it as soon as nobody else has it, and renews it from then on.
   *
   * @returns why not, when the time is up first.
   * @throws {CliError} when the service gives none.
   */
  take(options: TakeOptions): Promise<string | undefined>;
  /** Told once for each loss. */
  onLost(listener: (reason: string) => void): void;
  /** Lets others have it. Never throws, and takes 2 s at most. */
  giveUp(): Promise<void>;
}

/** Long enough for a run that is held up for a while, short enough for those who wait for one that was killed. */
const TTL_MS = 20_000;
const GIVE_UP_MS = 2000;
/** Whoever waits for the lease of another asks at least this often, in ms. */
const ASK_AGAIN_MS = 2000;

const leaseSchema = v.object({ id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) });
const leasedSchema = v.object({
  code: v.literal("LEASED"),
  holder: v.string(),
  expiresAt: v.optional(v.string()),
});

export function createRunLease(options: LeaseOptions): RunLease {
  const { client, suite, holder, ttlMs = TTL_MS } = options;
  const path = `/gate/${encodeURIComponent(suite)}/lease`;
  const ttl = formatDuration(ttlMs);
  const listeners = new Set<(reason: string) => void>();
  let held: { readonly id: string; readonly stop: AbortController } | undefined;

  async function take({ deadlineAt, signal, onNote }: TakeOptions): Promise<string | undefined> {
    const backoff = createBackoff();
    let why = "";
    for (;;) {
      const attempt = await tryOnce(signal);
      if (attempt.ok) {
        keep(attempt.id, attempt.askedAt);
        return undefined;
      }
      if (attempt.why !== why) onNote(attempt.why);
      why = attempt.why;
      const left = deadlineAt - performance.now();
      if (left <= 0) return why;
      await pause(Math.min(left, ASK_AGAIN_MS, backoff.next()), signal);
    }
  }

  type Attempt =
    | { readonly ok: true; readonly id: string; readonly askedAt: number }
    | { readonly ok: false; readonly why: string };

  async function tryOnce(signal: AbortSignal): Promise<Attempt> {
    const askedAt = performance.now();
    try {
      const reply = await client.send({ method: "POST", path, body: { holder, ttl }, signal });
      const lease = v.safeParse(leaseSchema, reply.body);
      if (reply.status === 201 && lease.success) return { ok: true, id: lease.output.id, askedAt };
      const other = v.safeParse(leasedSchema, reply.body);
      if (reply.status === 409 && other.success)
        return { ok: false, why: `The suite is leased to ${clean(other.output.holder)}.` };
      if (reply.status === 429 || reply.status >= 500) return { ok: false, why: refusal(reply) };
      throw new CliError(EXIT.unavailable, `no lease can be had: ${refusal(reply)}`);
    } catch (error) {
      if (error instanceof UnreachableError && error.exitCode === EXIT.temporary)
        return { ok: false, why: error.message };
      throw error;
    }
  }

  function refusal({ status, problem }: GateReply): string {
    const detail = problem.detail === undefined ? "" : `: ${clean(problem.detail).replace(/\.$/, "")}`;
    return `${client.shown}${path} answered ${status}${detail}.`;
  }

  function keep(id: string, askedAt: number): void {
    const stop = new AbortController();
    held = { id, stop };
    void renew(id, askedAt, stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      held = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      for (const listener of listeners) listener(`The lease on ${suite} was lost: ${reason}`);
    });
  }

  /** Until it is given up. @throws when it was lost: refused, or not renewed in time. */
  async function renew(id: string, askedAt: number, signal: AbortSignal): Promise<never> {
    let expiresAt = askedAt + ttlMs;
    let wait = ttlMs / 3;
    for (;;) {
      await pause(wait, signal);
      const sentAt = performance.now();
      const left = expiresAt - sentAt;
      const reply = await within(put(id, signal), { ms: left, signal });
      if (typeof reply === "object") {
        if (reply.status >= 200 && reply.status < 300) {
          expiresAt = sentAt + ttlMs;
          wait = ttlMs / 3;
          continue;
        }
        if (reply.status === 409 || reply.status === 404) throw new Error(refusal(reply));
      }
      if (performance.now() >= expiresAt) {
        throw new Error(
          reply === undefined || typeof reply === "object" ? "it was not renewed in time." : reply,
        );
      }
      wait = Math.min(1000, Math.max(0, expiresAt - performance.now()));
    }
  }

  /** The answer, or why there is none. */
  async function put(id: string, signal: AbortSignal): Promise<GateReply | string> {
    try {
      return await client.send({
        method: "PUT",
        path: `${path}/${encodeURIComponent(id)}`,
        body: { ttl },
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof Error ? error.message : String(error);
    }
  }

  return {
    id: () => held?.id,
    take,
    onLost(listener) {
      listeners.add(listener);
    },
    async giveUp() {
      listeners.clear();
      if (held === undefined) return;
      const { id, stop } = held;
      held = undefined;
      stop.abort(new Error("the lease is given up"));
      const remove = client.send({
        method: "DELETE",
        path: `${path}/${encodeURIComponent(id)}`,
        signal: AbortSignal.timeout(GIVE_UP_MS),
      });
      // What is not given up expires.
      await remove.catch(() => undefined);
    },
  };
}
