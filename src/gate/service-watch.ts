import { formatDuration } from "../../services/duration.ts";
import { CliError } from "../commands/cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Fingerprint } from "../views/fingerprint.ts";
import { createBackoff } from "./backoff.ts";
import type { GateAnswer } from "./gate-answer.ts";
import type { GateClient } from "./gate-client.ts";
import type { RunLease } from "./lease.ts";
import { pause, within } from "./pause.ts";
import { isProvenUnfit } from "./seen.ts";
import { type Asked, askGate } from "./service-answers.ts";
import { followService } from "./service-follow.ts";
import type { ServiceIncidents } from "./service-incidents.ts";
import { createTrouble, type LossListeners, ServiceLostError } from "./trouble.ts";
import { unseen } from "./unseen.ts";
import type { FollowOptions, Seen, WaitForOptions, Watch } from "./watch.ts";

export interface ServiceWatchOptions {
  readonly client: GateClient;
  readonly suite: string;
  readonly history: ServiceIncidents;
  /** Everything of the fingerprint that is no dependency's, in that environment. */
  readonly about: (environment: string) => Omit<Fingerprint, "dependencies">;
  /** To have the environment for this run alone. */
  readonly lease?: RunLease | undefined;
  /** Errors among the service's findings stop the suite, whatever its configuration says. */
  readonly strict?: boolean;
  /** How often the progress of a wait is asked for, in ms. Default 5000. */
  readonly peekMs?: number;
  /** Trouble that has lasted for so long is a loss, in ms. Default: none is. */
  readonly loseAfterMs?: number;
  /** Why it is not given up all the same; undefined when it is. Default: it is. */
  readonly whyKeep?: (last: GateAnswer | undefined, running: boolean) => string | undefined;
}

export interface ServiceWatch extends Watch {
  /** Rejects with {@link ServiceLostError} too. */
  waitFor(options: WaitForOptions): Promise<Seen>;
  follow(options: FollowOptions & LossListeners): void;
}

/** As long as proxies let a request be held. */
const HOLD_MS = 25_000;
/** Between two looks at a suite that is not to be waited for in the request. */
const LOOK_MS = 500;
const LAST_POLL_MS = 5000;

/** Asks a service, and waits for one that is being restarted or deployed. Nothing is asked before the first look. */
export function createServiceWatch(options: ServiceWatchOptions): ServiceWatch {
  const { client, suite, history, about, lease, strict = false } = options;
  const { peekMs = 5000, loseAfterMs = Infinity, whyKeep = () => undefined } = options;
  const closing = new AbortController();
  const openedAt = Date.now();
  let last: Seen | undefined;
  let lastAnswer: GateAnswer | undefined;

  function accept(answer: GateAnswer): Seen {
    lastAnswer = answer;
    last = { at: Date.now(), evaluation: answer.evaluation, checks: answer.checks };
    return last;
  }

  interface Ask {
    readonly heldMs?: number;
    readonly stableMs?: number | undefined;
    readonly graceMs?: number | undefined;
    readonly signal: AbortSignal;
  }

  function ask({ heldMs = 0, stableMs, graceMs, signal }: Ask): Promise<Asked> {
    const id = lease?.id();
    const query = {
      ...(heldMs > 0 ? { wait: text(heldMs) } : {}),
      ...(stableMs === undefined ? {} : { stable: text(stableMs) }),
      ...(graceMs === undefined ? {} : { grace: text(graceMs) }),
      ...(id === undefined ? {} : { lease: id }),
      ...(strict ? { strict: "true" } : {}),
    };
    const lenient = lastAnswer !== undefined || (graceMs ?? 0) > 0;
    return askGate({ client, suite, query, heldMs, signal, lenient });
  }

  async function waitFor(wait: WaitForOptions): Promise<Seen> {
    const signal = AbortSignal.any([wait.signal, closing.signal]);
    const peeking = new AbortController();
    try {
      const peeks = peek(wait, AbortSignal.any([signal, peeking.signal]));
      return await Promise.race([waitUntil(wait, signal), peeks]);
    } finally {
      peeking.abort(new Error("the wait is over"));
    }
  }

  async function waitUntil(wait: WaitForOptions, signal: AbortSignal): Promise<Seen> {
    const { deadlineAt, stableMs, until = "fit", onSeen, onNote } = wait;
    const waitBegunAt = performance.now();
    const trouble = createTrouble(onNote, client.shown);
    const backoff = createBackoff();
    let seen = unseen({ suite, at: Date.now(), message: `${client.shown} has not answered yet.` });
    for (;;) {
      if (lease !== undefined && lease.id() === undefined) {
        const why = await lease.take({ deadlineAt, signal, onNote });
        if (why !== undefined)
          return unseen({ suite, at: Date.now(), message: why, code: "LEASED", verdict: "wait", last });
      }
      const begunAt = performance.now();
      const left = Math.max(0, deadlineAt - begunAt);
      const heldMs = until === "fit" ? Math.min(HOLD_MS, Math.floor(left)) : 0;
      const graceMs = graceLeft(wait.graceMs, begunAt - waitBegunAt);
      const asked = await inTime({ heldMs, stableMs, graceMs, signal }, left + LATE_MS);
      const elapsed = performance.now() - begunAt;
      let nextMs = 0;
      if (asked?.kind === "answer") {
        trouble.over();
        seen = accept(asked.answer);
        onSeen(seen);
        const { verdict } = seen.evaluation;
        if (until === "fit" ? verdict === "go" || verdict === "stop" : isProvenUnfit(seen)) return seen;
        if (until === "unfit") nextMs = LOOK_MS;
        // A service that lets go before the time is about to stop, or holds for a shorter time.
        else if (elapsed < heldMs - LATE_MS) nextMs = backoff.next(asked.retryAfterMs);
        else backoff.reset();
      } else {
        const note = asked?.note ?? `${client.shown} gave no answer in time.`;
        seen = unseen({ suite, at: Date.now(), message: note, last });
        const lastedMs = trouble.met(note);
        const kept = lastedMs >= loseAfterMs ? whyKeep(lastAnswer, false) : undefined;
        if (kept !== undefined) trouble.told(kept);
        else if (lastedMs >= loseAfterMs) throw new ServiceLostError(note);
        const untilLost = kept === undefined ? loseAfterMs - lastedMs : Infinity;
        nextMs = Math.min(backoff.next(asked?.retryAfterMs), untilLost);
      }
      const rest = deadlineAt - performance.now();
      if (rest <= 0) return seen;
      await pause(Math.min(rest, nextMs), signal);
    }
  }

  /** Every request begins a grace of its own, so what is left of this wait's is said; the suite's own after the first. */
  function graceLeft(given: number | undefined, elapsedMs: number): number | undefined {
    const whole = given ?? lastAnswer?.graceMs;
    return whole === undefined ? undefined : Math.max(0, whole - elapsedMs);
  }

  /** Undefined when there was no answer within `ms`; then it is not waited for any longer. */
  async function inTime(options: Ask, ms: number): Promise<Asked | undefined> {
    const limit = new AbortController();
    const signal = AbortSignal.any([options.signal, limit.signal]);
    try {
      return await within(ask({ ...options, signal }), { ms, signal: options.signal });
    } finally {
      limit.abort(new Error("no answer in time"));
    }
  }

  /** While one request is held, others tell how it stands. Never resolves. @throws when the token is no longer good. */
  async function peek({ onSeen, stableMs, until }: WaitForOptions, signal: AbortSignal): Promise<never> {
    for (;;) {
      await pause(peekMs, signal);
      // Nothing is held before the first answer, or while the lease is waited for.
      if (until === "unfit" || lastAnswer === undefined) continue;
      if (lease !== undefined && lease.id() === undefined) continue;
      const asked = await ask({ stableMs, graceMs: 0, signal }).catch((error: unknown) => {
        if (error instanceof CliError && error.exitCode === EXIT.noPermission) throw error;
      });
      if (asked?.kind === "answer" && !signal.aborted) onSeen(accept(asked.answer));
    }
  }

  return {
    suite,
    options: undefined,
    vantage: () => ({ kind: "service", url: client.shown }),
    waitFor,
    async look(given) {
      const signal = AbortSignal.any([given, closing.signal]);
      const asked = await ask({ stableMs: 0, graceMs: 0, signal });
      if (asked.kind === "answer") return accept(asked.answer);
      return unseen({ suite, at: Date.now(), message: asked.note });
    },
    latest: () => last,
    follow(listeners) {
      if (lease !== undefined && lease.id() === undefined) {
        listeners.onLeaseLost?.(`The lease on ${suite} was lost before the suite started.`);
      }
      lease?.onLost((reason) => listeners.onLeaseLost?.(reason));
      void followService({
        ask: (heldMs) => ask({ heldMs, graceMs: 0, signal: closing.signal }),
        accept,
        history,
        since: openedAt,
        shown: client.shown,
        listeners,
        loseAfterMs,
        whyKeep: () => whyKeep(lastAnswer, true),
        signal: closing.signal,
      });
    },
    async incidents(since) {
      const limit = AbortSignal.any([closing.signal, AbortSignal.timeout(LAST_POLL_MS)]);
      // What it told before is kept; a service that is gone takes nothing of it away.
      await history.poll(Math.min(since, openedAt), limit).catch(() => undefined);
      return history.known().filter(({ endedAt = Infinity }) => endedAt >= since);
    },
    fingerprint: () => {
      const { environment = "unknown", dependencies = {} } = lastAnswer ?? {};
      return Promise.resolve({ ...about(environment), dependencies });
    },
    async close() {
      closing.abort(new Error("the watch was closed"));
      await lease?.giveUp();
    },
  };
}

/** On top of the time that an answer was asked for. */
const LATE_MS = 500;

const text = (ms: number): string => formatDuration(Math.max(0, Math.round(ms)));
