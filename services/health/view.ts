import type { Clock } from "../clock.ts";
import type { Monitor } from "./monitor.ts";
import { renderHealth, type Rendered } from "./serialize.ts";
import { summarize } from "./summarize.ts";

/** A set of dependencies that is asked about together. */
export interface HealthView {
  readonly name: string;
  readonly names: readonly string[];
  /** The answer as it stands; costs a comparison unless something changed. */
  read(): Rendered;
  /** Has the set observed, for at most `ms` milliseconds, and gives the answer after that. */
  refresh(ms: number): Promise<Rendered>;
}

/** Ages inside a body are exact to this many milliseconds. */
const RENDER_MS = 100;

export interface ViewOptions {
  readonly name: string;
  readonly names: readonly string[];
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly environment: string;
  readonly version: string;
}

/** Renders when something was published, and otherwise ten times a second at most, however many callers ask. */
export function createHealthView({
  name,
  names,
  monitor,
  clock,
  environment,
  version,
}: ViewOptions): HealthView {
  let rendered: Rendered | undefined;
  let renderedAt = 0;
  let renderedVersion = -1;

  function read(): Rendered {
    // The wall clock costs a fifth of the monotonic one, and this is asked per request; if it is set, that renders anew.
    const sinceMs = clock.now() - renderedAt;
    const current = sinceMs >= 0 && sinceMs < RENDER_MS && renderedVersion === monitor.version();
    if (rendered !== undefined && current) return rendered;
    const checks = monitor.checks(names);
    rendered = renderHealth({ status: summarize(checks), checks, environment, version });
    renderedAt = clock.now();
    renderedVersion = monitor.version();
    return rendered;
  }

  return {
    name,
    names,
    read,
    async refresh(ms) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      await Promise.race([monitor.observe(names), promise]).finally(() => clearTimeout(timer));
      return read();
    },
  };
}
