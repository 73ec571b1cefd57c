import type { Clock } from "../../services/clock.ts";
import { createRedact, type Redact } from "../../services/redact.ts";
import type { Action, Capabilities } from "../../services/remediation/action.ts";
import { allActions } from "../../services/remediation/actions.ts";
import { createEngine } from "../../services/remediation/engine-create.ts";
import type { Engine, EngineOptions } from "../../services/remediation/engine.ts";
import type { JournalStore } from "../../services/remediation/journal.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import type { Verify } from "../../services/remediation/verifier.ts";
import type { Config } from "../config/config.ts";
import { openStore } from "../store/open-store.ts";
import { secretsOf } from "../secrets.ts";
import { openGcp } from "../gcp/open-gcp.ts";
import { isInCloud } from "../why/target.ts";
import { createCapabilities, type CapabilitiesOptions } from "./capabilities.ts";
import { newId } from "./new-id.ts";
import { createPreflight } from "./preflight.ts";
import { secretVariables } from "./secret-variables.ts";

/** What applying takes, put together; whoever opened it closes it. */
export interface Remediation {
  readonly store: JournalStore;
  readonly engine: Engine;
  readonly actions: readonly Action[];
  readonly capabilities: Capabilities;
  readonly redact: Redact;
  close(): Promise<void>;
}

export interface RemediationParts {
  readonly config: Config;
  readonly clock: Clock;
  /** Closed with the rest. */
  readonly store: JournalStore;
  readonly capabilities: Capabilities;
  readonly verify: Verify;
  /** Default: all there are. */
  readonly actions?: readonly Action[];
  readonly limits?: EngineOptions["limits"];
  /** Beside those of the configuration: never told. */
  readonly secrets?: readonly string[];
  /** Ends what else was opened. */
  readonly close?: () => Promise<void>;
}

/** Puts together what was opened. Opens nothing itself. */
export function composeRemediation(parts: RemediationParts): Remediation {
  const { config, clock, store, capabilities, verify, actions = allActions(), limits, close } = parts;
  const redact = createRedact([...secretsOf(config), ...(parts.secrets ?? [])]);
  const { attempts, applyTimeoutMs } = config.remediation;
  const preflight = createPreflight(capabilities.writer);
  const engine = createEngine({
    store,
    actions,
    capabilities,
    verify,
    clock,
    attempts,
    newId: () => newId(clock),
    digestOf: planDigest,
    redact,
    limits: { applyMs: applyTimeoutMs, ...limits },
    ...(preflight && { preflight }),
  });
  return {
    store,
    engine,
    actions,
    capabilities,
    redact,
    async close() {
      await Promise.allSettled([close?.(), store.close()]);
    },
  };
}

export interface OpenRemediationOptions extends Pick<CapabilitiesOptions, "service" | "env" | "cwd"> {
  readonly config: Config;
  readonly clock: Clock;
  readonly limits?: EngineOptions["limits"];
}

/** Opens the store, and all that actions and verifiers take. @throws {StoreError} */
export async function openRemediation(options: OpenRemediationOptions): Promise<Remediation> {
  const { config, clock, env, cwd, service, limits } = options;
  const store = await openStore(config.store);
  // Where no cloud is configured, nobody is asked who we are in one.
  const gcp = isInCloud(config.gcp) ? openGcp(config.gcp, { clock }) : undefined;
  const opened = createCapabilities({
    config,
    env,
    cwd,
    clock,
    ...(gcp && { gcp }),
    ...(service && { service }),
  });
  const { capabilities, verify } = opened;
  const secrets = secretVariables(env);
  return composeRemediation({
    config,
    clock,
    store,
    capabilities,
    verify,
    secrets,
    limits,
    close: () => opened.close(),
  });
}
