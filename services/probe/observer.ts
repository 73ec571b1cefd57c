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

/** Observes through one long-lived connection, which is replaced when it fails. */
export function createObserver({ dependency, clock, onLost }: ObserverOptions): Observer {
  const { connectMs, queryMs } = dependency.deadlines;
  let held: Connection | undefined;

  function drop(): void {
    const connection = held;
    held = undefined;
    connection?.destroy();
  }

  function hold(connection: Connection): Connection {
    held = connection;
    void watch(connection);
    return connection;
  }

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
      const connection =
        held ??
        hold(
          await withDeadline({ ms: openMs, signal, waitedFor: "the login" }, (inner) =>
            dependency.open(inner),
          ),
        );
      rung = "query";
      const from = clock.monotonic();
      await withDeadline({ ms: queryMs, signal, waitedFor: "the query" }, (inner) => connection.query(inner));
      const tookMs = clock.monotonic() - from;
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
      if (!dependency.answered(error) && cause.rung !== "assert" && cause.code !== "READ_ONLY") drop();
      return cause;
    }
  }

  return {
    async observe(signal) {
      const started = clock.monotonic();
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
