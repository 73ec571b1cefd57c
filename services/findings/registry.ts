import type { Clock } from "../clock.ts";
import { compareFindings, createFinding } from "./create.ts";
import type { Finding } from "./finding.ts";

/** One area that is looked at again and again. */
export interface CollectedSource {
  readonly name: string;
  collect(signal: AbortSignal): Promise<readonly Finding[]>;
}

/** What is known of one source. */
export interface SourceState {
  readonly name: string;
  /** `pending`: it has not answered yet, or not for too long, so what is known proves nothing. `failed`, `late`: the findings are its last good ones, if any. */
  readonly status: "pending" | "collected" | "failed" | "late";
  /** Wall-clock ms of its last good answer; absent before that. */
  readonly collectedAt?: number;
  readonly findings: readonly Finding[];
}

/** All that is known at one moment; replaced as a whole, never changed. */
export interface FindingsSnapshot {
  readonly sources: readonly SourceState[];
  /** Of all sources, each id once, the worst first; a source that failed or is late is one of its own. */
  readonly findings: readonly Finding[];
  /** Whether every source has answered, and none failed or is late: only then no finding means that there is none. */
  readonly complete: boolean;
}

/** What one round of collecting changed. */
export interface FindingsChange {
  readonly snapshot: FindingsSnapshot;
  readonly appeared: readonly Finding[];
  readonly gone: readonly Finding[];
}

export interface FindingsRegistry {
  snapshot(): FindingsSnapshot;
  /**
   * Asks every source and resolves with what is known then, after `deadlineMs` at the latest. A source that is being
   * asked already is not asked twice. Rejects only when `signal` aborts.
   *
   * @param names of those to ask; default: all
   */
  collect(signal: AbortSignal, names?: readonly string[]): Promise<FindingsSnapshot>;
  /** Told when the set of findings, or whether all is known, has changed. */
  subscribe(listener: (change: FindingsChange) => void): () => void;
  /** Ends all collecting. */
  close(): void;
}

export interface RegistryOptions {
  readonly sources: readonly CollectedSource[];
  readonly clock: Clock;
  /** A source that takes longer is late, in ms. Default 20,000. */
  readonly deadlineMs?: number;
  /** An answer that is older is pending again, in ms: where a process is frozen between requests nobody looks. Default: none is. */
  readonly maxAgeMs?: number;
}

/** Keeps the last findings of each source. Nothing is asked before the first `collect`. */
export function createFindingsRegistry(options: RegistryOptions): FindingsRegistry {
  const { sources, clock, deadlineMs = 20_000, maxAgeMs = Infinity } = options;
  const closing = new AbortController();
  const listeners = new Set<(change: FindingsChange) => void>();
  const states = new Map<string, SourceState>();
  const running = new Map<string, Promise<void>>();
  for (const { name } of sources) states.set(name, { name, status: "pending", findings: [] });
  const answeredAt = new Map<string, number>();
  let last = snapshotOf([...states.values()]);
  let aged:
    | { readonly from: FindingsSnapshot; readonly old: string; readonly snapshot: FindingsSnapshot }
    | undefined;

  /** The same object as long as it says the same; nobody is told of age, since it is asked for with every verdict. */
  function current(): FindingsSnapshot {
    const now = clock.monotonic();
    const isOld = ({ name, status }: SourceState): boolean =>
      status === "collected" && now - (answeredAt.get(name) ?? now) > maxAgeMs;
    const old = last.sources
      .filter(isOld)
      .map(({ name }) => name)
      .join();
    if (old === "") return last;
    if (aged?.from !== last || aged.old !== old) {
      const sources = last.sources.map((state) =>
        isOld(state) ? { ...state, status: "pending" as const } : state,
      );
      aged = { from: last, old, snapshot: snapshotOf(sources) };
    }
    return aged.snapshot;
  }

  function set(state: SourceState): void {
    if (closing.signal.aborted) return;
    states.set(state.name, state);
    const before = last;
    last = snapshotOf([...states.values()]);
    const appeared = without(last.findings, before.findings);
    const gone = without(before.findings, last.findings);
    if (appeared.length + gone.length === 0 && before.complete === last.complete) return;
    for (const listener of listeners) listener({ snapshot: last, appeared, gone });
  }

  const lastOf = (name: string): SourceState => states.get(name) ?? { name, status: "pending", findings: [] };

  async function ask(source: CollectedSource): Promise<void> {
    const { name } = source;
    const limit = new AbortController();
    const timer = setTimeout(() => {
      set({ ...lastOf(name), status: "late" });
      limit.abort(new Error(`${name} took longer than ${deadlineMs} ms`));
    }, deadlineMs);
    const findings = await answerOf(source, AbortSignal.any([limit.signal, closing.signal]));
    clearTimeout(timer);
    running.delete(name);
    if (findings !== undefined) answeredAt.set(name, clock.monotonic());
    if (findings !== undefined) set({ name, status: "collected", collectedAt: clock.now(), findings });
    else if (!limit.signal.aborted) set({ ...lastOf(name), status: "failed" });
  }

  function once(source: CollectedSource): Promise<void> {
    const current = running.get(source.name) ?? ask(source);
    if (!running.has(source.name)) running.set(source.name, current);
    return current;
  }

  return {
    snapshot: current,
    async collect(signal, names) {
      signal.throwIfAborted();
      const asked = sources.filter(({ name }) => names?.includes(name) ?? true);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const onAbort = (): void => reject(signal.reason as Error);
      // One that does not listen to its signal must not hold up whoever waits.
      const timer = setTimeout(resolve, deadlineMs + 1);
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        await Promise.race([Promise.all(asked.map(once)), promise]);
        return current();
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      closing.abort(new Error("the registry was closed"));
      listeners.clear();
    },
  };
}

/** Undefined when there is none. */
async function answerOf(
  source: CollectedSource,
  signal: AbortSignal,
): Promise<readonly Finding[] | undefined> {
  try {
    return await source.collect(signal);
  } catch {
    return undefined;
  }
}

function snapshotOf(sources: readonly SourceState[]): FindingsSnapshot {
  const byId = new Map<string, Finding>();
  for (const finding of sources.flatMap(findingsOf)) {
    const known = byId.get(finding.id);
    if (known === undefined || compareFindings(finding, known) < 0) byId.set(finding.id, finding);
  }
  return {
    sources,
    findings: [...byId.values()].toSorted(compareFindings),
    complete: sources.every(({ status }) => status === "collected"),
  };
}

function findingsOf({ name, status, findings }: SourceState): readonly Finding[] {
  if (status !== "failed" && status !== "late") return findings;
  const trouble = createFinding({
    code: status === "late" ? "SOURCE_LATE" : "SOURCE_FAILED",
    subject: name,
    message:
      status === "late"
        ? `What is looked at for ${name} took too long, so nothing recent is known of it.`
        : `What is looked at for ${name} could not be looked at, so nothing recent is known of it.`,
    place: { kind: "source", name },
  });
  return [...findings, trouble];
}

/** Those of `findings` that are not in `others`, or were milder there. */
function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(({ id, severity }) => `${severity} ${id}`));
  return findings.filter(({ id, severity }) => !known.has(`${severity} ${id}`));
}
