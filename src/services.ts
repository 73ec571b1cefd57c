import type { Clock } from "../services/clock.ts";
import { createFeed, type Feed } from "../services/health/feed.ts";
import { createMonitor, type Monitor } from "../services/health/monitor.ts";
import { createHealthView, type HealthView } from "../services/health/view.ts";
import { createLifecycle, type Lifecycle } from "../services/lifecycle.ts";
import type { Family } from "../services/metrics/exposition.ts";
import { collectFamilies } from "../services/metrics/families.ts";
import { createRecorder } from "../services/metrics/recorder.ts";
import type { Config } from "./config/config.ts";
import { anyUrlVariable, DATABASES, URL_VARIABLES } from "./config/variables.ts";

/** Everything the routes need, made from the configuration. */
export interface Services {
  readonly version: string;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly monitor: Monitor;
  readonly feed: Feed;
  readonly views: { readonly all: HealthView; readonly named: readonly HealthView[] };
  /** What could be observed, with the variable that would configure it. */
  readonly unconfigured: Readonly<Record<string, string>>;
  families(): readonly Family[];
  /** Stops observing and closes all connections. */
  close(): Promise<void>;
}

/** Composes the services; nothing observes until `monitor.start()`. */
export function createServices(options: { config: Config; clock: Clock; version: string }): Services {
  const { config, clock, version } = options;
  const { dependencies, probe, environment, groups } = config;
  const monitor = createMonitor({ dependencies, probe, clock });
  const feed = createFeed({ monitor, clock });
  const recorder = createRecorder(monitor);
  const view = (name: string, names: readonly string[]): HealthView =>
    createHealthView({ name, names, monitor, clock, environment, version });
  const named = [
    ...Object.entries(groups).map(([name, members]) => view(name, members)),
    ...monitor.names.map((name) => view(name, [name])),
  ];
  return {
    version,
    clock,
    monitor,
    feed,
    lifecycle: createLifecycle(),
    views: { all: view("all", monitor.names), named },
    unconfigured: unconfiguredIn(named.map(({ name }) => name)),
    families: () =>
      collectFamilies({
        checks: monitor.checks(monitor.names),
        counts: recorder.counts,
        environment,
        version,
      }),
    async close() {
      feed.close();
      recorder.close();
      await monitor.stop();
    },
  };
}

function unconfiguredIn(names: readonly string[]): Readonly<Record<string, string>> {
  const all = { ...URL_VARIABLES, database: anyUrlVariable(DATABASES) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}
