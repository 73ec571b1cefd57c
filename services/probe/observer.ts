import { type Cause, causeOf, type Rung } from "../causes.ts";
import type { Clock } from "../clock.ts";
import type { Connection, Dependency } from "../dependencies/dependency.ts";
import { withDeadline } from "../net/deadline.ts";
import { type Observation, slowCause } from "./observation.ts";

export interface ObserverOptions {
  readonly dependency: Dependency;
  readonly clock: Clock;
  /** Called when the held connection ends although nobody here ended it. */
  readonly onLost: () => void;
}

export interface Observer {
  /** One observation; never throws for a fault of the dependency. Not to be called while one is under way. */
  observe(signal: AbortSignal): Promise<Observation>;
  /** Ends the held connection. */
  close(): void;
}

/**
 * How long a connection is kept, in ms. One that is open outlives a new password, a full server, a role that was made
 * read-only and a name that leads elsewhere: it proves nothing of those which the tests will open.
 */
export const RENEW_MS = 25_000;

/** Observes through one long-lived connection, which is replaced when it fails, and now and then to see that it can be. */
export function createObserver({ dependency, clock, onLost }: ObserverOptions): Observer {
  const { connectMs, queryMs } = dependency.deadlines;
  let held: Connection | undefined;
  let openedAt = 0;

  function drop(): void {
    const connection = held;
    held = undefined;
    connection?.destroy();
  }

  function hold(connection: Connection): Connection {
    held = connection;
    openedAt = clock.monotonic();
    void watch(connection);
    return connection;
  }

  /** A discovery looks at all anew by itself. */
  const isOld = (): boolean =>
    held !== undefined && dependency.discovery === undefined && clock.monotonic() - openedAt >= RENEW_MS;

  async function open(signal: AbortSignal, ms: number): Promise<Connection> {
    return withDeadline({ ms, signal, waitedFor: "the login" }, (inner) => dependency.open(inner));
  }

  const ask = (connection: Connection, signal: AbortSignal): Promise<string | void> =>
    withDeadline({ ms: queryMs, signal, waitedFor: "the query" }, (inner) => connection.query(inner));

  async function watch(connection: Connection): Promise<void> {
    await connection.lost;
    if (held !== connection) return;
    drop();
    onLost();
  }

  /** Resolves with the cause that makes it fail or warn, or with undefined. */
  async function attempt(signal: AbortSignal, openMs: number): Promise<Cause | undefined> {
    let rung: Rung = "authenticate";
    try {
      let connection = held ?? hold(await open(signal, openMs));
      rung = "query";
      const from = clock.monotonic();
      await ask(connection, signal);
      const tookMs = clock.monotonic() - from;
      if (isOld()) {
        // After the old one was heard, so that a frozen server shows no later than otherwise.
        rung = "authenticate";
        const before = connection;
        connection = hold(await open(signal, openMs));
        before.destroy();
        rung = "query";
        await ask(connection, signal);
      }
      rung = "assert";
      if (dependency.asserts) {
        await withDeadline({ ms: queryMs, signal, waitedFor: "the assertions" }, (inner) =>
          connection.assert(inner),
        );
      }
      // A discovery measures the one that serves by itself.
      return dependency.discovery === undefined ? slowCause(tookMs, dependency.warnAboveMs) : undefined;
    } catch (error) {
      signal.throwIfAborted();
      const cause = dependency.classify(error, rung);
      const isGood = dependency.answered(error) || cause.rung === "assert" || cause.code === "READ_ONLY";
      // An old one that is refused something may be refused it alone: what was set right since holds for new ones.
      if (!isGood || isOld()) drop();
      return cause;
    }
  }

  return {
    async observe(signal) {
      const started = clock.monotonic();
      // Whoever observes that rarely would ask twice each time.
      if (dependency.intervalMs >= RENEW_MS && isOld()) drop();
      let cause = await attempt(signal, connectMs);
      // A discovery confirms what it finds while it has the others to wait for.
      if (cause !== undefined && !causeOf(cause.code).definite && dependency.discovery === undefined) {
        // The connection may be dead and the server fine: the second try is on a fresh one, within one query deadline.
        drop();
        const confirm = { ms: queryMs, signal, waitedFor: "the second try" };
        const first = cause;
        cause = await withDeadline(confirm, (inner) => attempt(inner, queryMs)).catch((error: unknown) => {
          signal.throwIfAborted();
          drop();
          return dependency.classify(error, first.rung);
        });
      }
      const discovery = dependency.discovery?.last();
      const version = held?.version?.();
      const measured = {
        at: clock.now(),
        durationMs: clock.monotonic() - started,
        ...(discovery === undefined ? {} : { discovery }),
        ...(version === undefined ? {} : { version }),
      };
      if (cause === undefined) return { status: "pass", ...measured };
      return { status: causeOf(cause.code).warns === true ? "warn" : "fail", cause, ...measured };
    },
    close: drop,
  };
}
