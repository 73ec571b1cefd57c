import type { Clock } from "../../services/clock.ts";
import type { Gate } from "../../services/gate/gate.ts";
import { createAvailability } from "../../services/history/availability.ts";
import type { Feed } from "../../services/health/feed.ts";
import type { Monitor } from "../../services/health/monitor.ts";
import type { Action } from "../../services/remediation/action.ts";
import { type AutoApplyNews, createAutoApplier } from "../../services/remediation/auto-applier.ts";
import { createDesk } from "../../services/remediation/desk-create.ts";
import type { Desk, DeskOptions } from "../../services/remediation/desk.ts";
import { newsOfRun } from "../../services/remediation/run-news.ts";
import type { Why } from "../../services/why/why.ts";
import type { Config, Environment } from "../config/config.ts";
import type { ContextService } from "../context/service.ts";
import type { OpenRemediationOptions } from "./open-remediation.ts";
import { newId } from "./new-id.ts";
import { createPlanForService } from "./plan-for-service.ts";

export interface RemediationServiceOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly env: Environment;
  readonly cwd: string;
  readonly monitor: Monitor;
  readonly gate: Gate;
  readonly why: Why;
  readonly context: Pick<ContextService, "current">;
  readonly feed: Pick<Feed, "tellRun">;
  /** For tests. Default: what the configuration says. */
  readonly open?: DeskOptions["open"];
  readonly actions?: readonly Action[];
  /** Of what is applied without a person. Default: nobody is told. */
  readonly onAutoApply?: (news: AutoApplyNews) => void;
  readonly autoApplyMs?: { readonly afterMs: number; readonly pauseMs: number };
}

export interface RemediationService {
  readonly desk: Desk;
  close(): Promise<void>;
}

/** Plans and runs of the service. The store is opened when somebody first asks; nothing is applied unless it is listed. */
export function createRemediationService(options: RemediationServiceOptions): RemediationService {
  const { config, clock, env, cwd, monitor, gate, why, context, feed } = options;
  const availability = createAvailability({ monitor, clock, believedMs: believedIn(config) });
  const service = { monitor, gate, availability };
  const open = options.open ?? openFor({ config, env, cwd, clock, service });
  const desk = createDesk({
    open,
    makePlan: createPlanForService({ config, monitor, gate, why }),
    detect: () => context.current(),
    environment: config.environment,
    newId: () => newId(clock),
    clock,
    onNotice: (notice) => feed.tellRun(newsOfRun(notice)),
  });
  const stopAuto = watchFailures(options, desk);
  return {
    desk,
    async close() {
      stopAuto();
      availability.close();
      await desk.close();
    },
  };
}

/** Two looks may be late, and the third has its deadline. */
function believedIn({ dependencies, suiteDependencies }: Config): (name: string) => number {
  const byName = new Map(
    [...dependencies, ...suiteDependencies].map(({ name, intervalMs, deadlines }) => [
      name,
      3 * intervalMs + deadlines.totalMs,
    ]),
  );
  return (name) => byName.get(name) ?? 0;
}

/** Loaded when it is opened: most services are never asked. */
const openFor =
  (options: OpenRemediationOptions): DeskOptions["open"] =>
  async () =>
    (await import("./open-remediation.ts")).openRemediation(options);

/** Without a listed kind nothing listens, and nothing can be applied. */
function watchFailures(
  { config, monitor, context, actions, onAutoApply, autoApplyMs }: RemediationServiceOptions,
  desk: Desk,
): () => void {
  const kinds = config.remediation.autoApply;
  if (kinds.length === 0) return () => undefined;
  const names = new Set(config.dependencies.map(({ name }) => name));
  const fails = (name: string): boolean => monitor.checks([name])[0]?.status === "fail";
  const applier = createAutoApplier({
    kinds,
    actions: actions === undefined ? loadActions : () => Promise.resolve(actions),
    desk,
    detect: () => context.current(),
    fails,
    tell: (news) => onAutoApply?.(news),
    ...autoApplyMs,
  });
  const unsubscribe = monitor.subscribe(({ name, state }) => {
    if (state.status === "fail" && names.has(name)) applier.consider(name);
  });
  return () => {
    unsubscribe();
    applier.close();
  };
}

const loadActions = async (): Promise<readonly Action[]> =>
  (await import("../../services/remediation/actions.ts")).allActions();
