import { type Cause, causeOf, type Rung, RUNGS } from "../causes.ts";
import type { Clock } from "../clock.ts";
import type { Connection, Dependency, Target } from "../dependencies/dependency.ts";
import { CauseError } from "../errors.ts";
import { checkHost } from "../net/address-guard.ts";
import { knock, openSocket } from "../net/connect.ts";
import { withDeadline } from "../net/deadline.ts";
import { resolveHost } from "../net/resolve.ts";
import { secureSocket } from "../net/secure.ts";
import type { RungResult, Status } from "./observation.ts";

export interface LadderResult {
  readonly status: Status;
  /** All rungs, in order. */
  readonly rungs: readonly RungResult[];
  readonly cause?: Cause;
  readonly durationMs: number;
  /** What the server says of itself. */
  readonly version?: string;
}

interface Climb {
  readonly dependency: Dependency;
  readonly signal: AbortSignal;
}

/** What a rung leaves to say when it holds; a connection goes to the rungs above. */
type Step = (climb: Climb) => Promise<string | void>;

/**
 * Climbs all rungs of one dependency on fresh connections and stops at the first that breaks. Never throws for a
 * fault of the dependency; it is bounded by the dependency's deadlines and by `signal`.
 *
 * @throws the reason of `signal` when that aborts.
 */
export async function climbLadder(options: {
  dependency: Dependency;
  clock: Clock;
  signal: AbortSignal;
}): Promise<LadderResult> {
  const { dependency, clock, signal } = options;
  const started = clock.monotonic();
  const results: RungResult[] = [];
  const held: { connection?: Connection } = {};
  try {
    for (const [rung, step] of steps(held)) {
      const from = clock.monotonic();
      try {
        const { totalMs } = dependency.deadlines;
        const ms = Math.max(1, totalMs - (from - started));
        const note = await withDeadline({ ms, signal, waitedFor: "the whole ladder" }, (inner) =>
          step({ dependency, signal: inner }),
        );
        results.push({
          rung,
          status: "pass",
          durationMs: clock.monotonic() - from,
          ...(note === undefined ? {} : { note }),
        });
      } catch (error) {
        signal.throwIfAborted();
        const cause = dependency.classify(error, rung);
        return broken({
          results,
          cause,
          met: rung,
          durationMs: clock.monotonic() - from,
          totalMs: clock.monotonic() - started,
        });
      }
    }
    const version = held.connection?.version?.();
    return {
      status: "pass",
      rungs: results,
      durationMs: clock.monotonic() - started,
      ...(version === undefined ? {} : { version }),
    };
  } finally {
    held.connection?.destroy();
  }
}

function steps(held: { connection?: Connection }): [Rung, Step][] {
  return [
    ["resolve", resolveStep],
    ["connect", connectStep],
    ["secure", secureStep],
    [
      "authenticate",
      async ({ dependency, signal }) => {
        const options = { ms: dependency.deadlines.connectMs, signal, waitedFor: "the login" };
        held.connection = await withDeadline(options, (inner) => dependency.open(inner));
      },
    ],
    // The right to the database is checked within the login; what it lacks, `classify` puts on this rung.
    ["authorize", async ({ dependency: { target } }) => target.database && `database ${target.database}`],
    [
      "query",
      ({ dependency, signal }) =>
        withDeadline({ ms: dependency.deadlines.queryMs, signal, waitedFor: "the query" }, async (inner) =>
          held.connection?.query(inner),
        ),
    ],
    [
      "assert",
      async ({ dependency, signal }) => {
        if (!dependency.asserts) return "nothing to assert";
        const options = { ms: dependency.deadlines.queryMs, signal, waitedFor: "the assertions" };
        return withDeadline(options, async (inner) => held.connection?.assert(inner));
      },
    ],
  ];
}

const resolveStep: Step = async ({ dependency: { target, deadlines }, signal }) => {
  if ("path" in target.endpoint) return "a Unix socket needs no name";
  if (target.checkAddress !== undefined) checkHost(target.host, target.checkAddress);
  const addresses = await resolveHost({ host: target.host, ms: deadlines.resolveMs, signal });
  for (const { address } of addresses) target.checkAddress?.(address);
  return addresses.map(({ address }) => address).join(", ");
};

const connectStep: Step = async ({ dependency: { target, deadlines }, signal }) => {
  try {
    const socket = await openSocket({ endpoint: target.endpoint, ms: deadlines.connectMs, signal });
    const address = socket.remoteAddress;
    socket.destroy();
    return address;
  } catch (error) {
    const other = OTHER_LOOPBACK[target.host];
    if (other === undefined || !(await answers(other, target, signal))) throw error;
    throw new CauseError(
      "ADDRESS_FAMILY_MISMATCH",
      `${target.host}:${target.port} refuses, ${other}:${target.port} answers`,
    );
  }
};

const OTHER_LOOPBACK: Readonly<Record<string, string>> = { "127.0.0.1": "::1", "::1": "127.0.0.1" };

const answers = (host: string, { port }: Target, signal: AbortSignal): Promise<boolean> =>
  knock({ endpoint: { host, port }, ms: 250, signal });

const secureStep: Step = async ({ dependency: { target, deadlines }, signal }) => {
  if (target.tls === undefined) return "not used";
  const socket = await openSocket({ endpoint: target.endpoint, ms: deadlines.connectMs, signal });
  try {
    const { negotiation, tls } = target;
    const secured = await secureSocket({
      socket,
      settings: tls,
      negotiation,
      ms: deadlines.connectMs,
      signal,
    });
    return secured.getProtocol() ?? undefined;
  } finally {
    socket.destroy();
  }
};

/** Puts the failure on the rung its cause belongs to, which may be another than the step that met it. */
function broken(at: {
  results: readonly RungResult[];
  cause: Cause;
  met: Rung;
  durationMs: number;
  totalMs: number;
}): LadderResult {
  const { cause, durationMs } = at;
  const status = causeOf(cause.code).warns === true ? "warn" : "fail";
  const index = RUNGS.indexOf(cause.rung);
  // What warns of an earlier rung is told last, when all that came after it holds.
  const last = status === "warn" ? Math.max(index, RUNGS.indexOf(at.met)) : index;
  const rungs = RUNGS.map((rung, position): RungResult => {
    if (position === index) return { rung, status, durationMs, cause };
    if (position > last) return { rung, status: "unknown", because: `${cause.rung} broke: ${cause.code}` };
    const durationHere = rung === at.met ? durationMs : 0;
    return at.results[position] ?? { rung, status: "pass", durationMs: durationHere };
  });
  return { status, rungs, cause, durationMs: at.totalMs };
}
