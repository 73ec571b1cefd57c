import type { RunNotice, RunResult } from "./engine.ts";
import type { DeskRefusal, Started } from "./desk.ts";

/** Whose run it is. */
export interface Holder {
  readonly runId: string;
  readonly by: string;
  readonly startedAt: number;
}

export interface Launch {
  readonly environment: string;
  readonly runId: string;
  readonly by: string;
}

/** The runs that go on in this process: one an environment. */
export interface DeskRuns {
  launch(
    of: Launch,
    work: (onEvent: (notice: RunNotice) => void) => Promise<RunResult>,
    onNotice: (notice: RunNotice) => void,
  ): Promise<Started>;
  /** When all have ended. */
  settled(): Promise<void>;
}

export function createDeskRuns({
  signal,
  now,
}: {
  readonly signal: AbortSignal;
  /** Wall clock, ms. */
  readonly now: () => number;
}): DeskRuns {
  const active = new Map<string, Launch & { readonly since: number; readonly done: Promise<unknown> }>();

  function locked({ environment }: Launch): DeskRefusal | undefined {
    const current = active.get(environment);
    if (current === undefined) return undefined;
    const { runId, by, since: startedAt } = current;
    const because = `${by} has the environment ${environment} with run ${runId}`;
    return { kind: "refused", code: "LOCKED", because, steps: [], holder: { runId, by, startedAt } };
  }

  return {
    async launch(of, work, onNotice) {
      if (signal.aborted)
        return {
          kind: "refused",
          code: "CLOSING",
          because: "the service ends; ask whoever takes its place",
          steps: [],
        };
      const other = locked(of);
      if (other !== undefined) return other;
      const { promise: begun, resolve: begin } = Promise.withResolvers<Started>();
      const onEvent = (notice: RunNotice): void => {
        if (notice.kind === "journalled") begin({ kind: "started", runId: of.runId });
        onNotice(notice);
      };
      const running = work(onEvent);
      active.set(of.environment, { ...of, since: now(), done: running });
      const over = running.then((result): Started =>
        result.kind === "refused" ? result : { kind: "over", result },
      );
      void running.finally(() => active.delete(of.environment)).catch(() => undefined);
      return Promise.race([begun, over]);
    },
    async settled() {
      await Promise.allSettled([...active.values()].map(({ done }) => done));
    },
  };
}
