import type { Clock } from "../services/clock.ts";
import type { Evaluation } from "../services/gate/verdict.ts";
import { createFeed, type Feed, type VerdictNews } from "../services/health/feed.ts";
import { createMonitor, type Monitor } from "../services/health/monitor.ts";
import { createHealthView, type HealthView } from "../services/health/view.ts";
import { createIncidents, type Incidents } from "../services/history/incidents.ts";
import { createLifecycle, type Lifecycle } from "../services/lifecycle.ts";
import { findingFamilies } from "../services/metrics/finding-families.ts";
import type { Family } from "../services/metrics/exposition.ts";
import { collectFamilies } from "../services/metrics/families.ts";
import { gateFamilies } from "../services/metrics/gate-families.ts";
import { createRecorder } from "../services/metrics/recorder.ts";
import type { Config, Environment } from "./config/config.ts";
import { createContextService, type ContextService } from "./context/service.ts";
import { createFindingServices, type FindingServices } from "./findings/services.ts";
import type { FindingSource } from "./findings/source.ts";
import { createFindingsWatch, type FindingsWatch } from "./findings/watch.ts";
import { createGateServices, type GateServices } from "./gate-services.ts";
import type { StoreNews } from "../services/gate/remembered.ts";
import { openStandingFor } from "./store/open-store.ts";
import type { Why } from "../services/why/why.ts";
import { createServiceWhy } from "./why/service-why.ts";
import type { Desk } from "../services/remediation/desk.ts";
import { createRemediationService, type RemediationServiceOptions } from "./remediation/service.ts";
import { countOpen } from "../services/waivers/judge.ts";
import { anyUrlVariable, DATABASES, URL_VARIABLES } from "./config/variables.ts";

/** Everything the routes need, made from the configuration. */
export interface Services extends Omit<GateServices, "close"> {
  readonly version: string;
  readonly environment: string;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly monitor: Monitor;
  readonly feed: Feed;
  readonly incidents: Incidents;
  readonly context: Pick<ContextService, "current">;
  /** Nothing is looked at before the watch is started, or the registry told to collect. */
  readonly findings: Pick<FindingServices, "registry" | "view"> & { readonly watch: FindingsWatch };
  readonly why: Why;
  /** Plans and runs; its store is opened when somebody first asks. */
  readonly desk: Desk;
  readonly views: { readonly all: HealthView; readonly named: readonly HealthView[] };
  /** What could be observed, with the variable that would configure it. */
  readonly unconfigured: Readonly<Record<string, string>>;
  families(): readonly Family[];
  /** Stops observing and closes all connections. */
  close(): Promise<void>;
}

export interface ServicesOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly version: string;
  /** What tells which environment this is, beside the configuration. Default: nothing. */
  readonly surroundings?: { readonly env: Environment; readonly cwd?: string };
  /** What is looked at for findings. Default: nothing. */
  readonly sources?: readonly FindingSource[];
  /** Told when holds and leases can be read from the store, and when they cannot. */
  readonly onStandingNews?: (news: StoreNews) => void;
  /** Who hears what is applied without a person, and what tests put in place of the store and the actions. */
  readonly remediation?: Pick<RemediationServiceOptions, "open" | "actions" | "onAutoApply" | "autoApplyMs">;
}

/** Composes the services; nothing observes until `monitor.start()`. */
export function createServices(options: ServicesOptions): Services {
  const { config, clock, version, surroundings = { env: {} }, sources = [] } = options;
  const { dependencies, suiteDependencies, suites, probe, environment, groups } = config;
  const observed = [...dependencies, ...suiteDependencies];
  const monitor = createMonitor({ dependencies: observed, probe, clock });
  /** What the environment needs by itself; the rest is observed for suites alone. */
  const names = dependencies.map(({ name }) => name);
  // Before the gate: what a verdict is about has been told when the verdict is.
  const incidents = createIncidents({ monitor, clock });
  const context = createContextService({ config, clock, ...surroundings });
  const feed = createFeed({ monitor, clock, names });
  const {
    registry,
    view: foundView,
    reasons,
  } = createFindingServices({
    config,
    sources,
    clock,
    everyMs: config.drift.everyMs,
  });
  const watch = createFindingsWatch({ registry, everyMs: config.drift.everyMs, clock });
  const { close: closeGate, ...gating } = createGateServices({
    suites,
    observed,
    monitor,
    clock,
    environment,
    version,
    findings: reasons,
    ...openStandingFor(config),
    ...(options.onStandingNews && { onStandingNews: options.onStandingNews }),
  });
  const { gate, decisions } = gating;
  const { env, cwd = "." } = surroundings;
  const why = createServiceWhy({ config, gate, findings: foundView, clock, env, cwd });
  const remedying = { config, clock, env, cwd, monitor, gate, why, context, feed, ...options.remediation };
  const remediation = createRemediationService(remedying);
  registry.subscribe(({ snapshot, appeared, gone }) => {
    feed.tellFindings({
      appeared: appeared.map(({ id }) => id),
      gone: gone.map(({ id }) => id),
      open: countOpen(foundView.current()),
      complete: snapshot.complete,
    });
    gate.reconsider();
  });
  gate.subscribe((evaluation) => feed.tellVerdict(newsOf(evaluation)));
  const recorder = createRecorder(monitor, names);
  const view = (name: string, names: readonly string[]): HealthView =>
    createHealthView({ name, names, monitor, clock, environment, version });
  const named = [
    ...Object.entries(groups).map(([name, members]) => view(name, members)),
    ...names.map((name) => view(name, [name])),
  ];
  return {
    version,
    environment,
    clock,
    monitor,
    feed,
    incidents,
    context,
    findings: { registry, view: foundView, watch },
    ...gating,
    why,
    desk: remediation.desk,
    lifecycle: createLifecycle(),
    views: { all: view("all", names), named },
    unconfigured: unconfiguredIn(named.map(({ name }) => name)),
    families: () => [
      ...collectFamilies({ checks: monitor.checks(names), counts: recorder.counts, environment, version }),
      ...gateFamilies({ gate, decisions, incidents, dependencies: names }),
      ...findingFamilies(foundView),
    ],
    async close() {
      // Before what its runs ask and tell.
      await remediation.close();
      registry.close();
      await watch.stop();
      why.close();
      context.close();
      feed.close();
      await closeGate();
      incidents.close();
      recorder.close();
      await monitor.stop();
    },
  };
}

const newsOf = ({ suite, verdict, reasons }: Evaluation): VerdictNews => ({
  suite,
  verdict,
  reasons: [...new Set(reasons.map(({ code }) => code))],
});

function unconfiguredIn(names: readonly string[]): Readonly<Record<string, string>> {
  const all = { ...URL_VARIABLES, database: anyUrlVariable(DATABASES) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}
