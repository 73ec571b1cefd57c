import { randomBytes } from "node:crypto";
import type { Clock } from "../../services/clock.ts";
import { createRedact, type Redact } from "../../services/redact.ts";
import type { Action, Capabilities } from "../../services/remediation/action.ts";
import { allActions } from "../../services/remediation/actions.ts";
import { createEngine } from "../../services/remediation/engine-create.ts";
import type { Engine, EngineOptions } from "../../services/remediation/engine.ts";
import type { JournalStore } from "../../services/remediation/journal.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import type { Verify } from "../../services/remediation/verifier.ts";
import type { Config, Environment } from "../config/config.ts";
import { openStore } from "../store/open-store.ts";
import { secretsOf } from "../secrets.ts";
import { openGcp } from "../gcp/open-gcp.ts";
import { createPreflight } from "./preflight.ts";

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
  /** Ends what else was opened. */
  readonly close?: () => Promise<void>;
}

/** Puts together what was opened. Opens nothing itself. */
export function composeRemediation(parts: RemediationParts): Remediation {
  const { config, clock, store, capabilities, verify, actions = allActions(), limits, close } = parts;
  const redact = createRedact(secretsOf(config));
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

/** Short enough to be typed, in the order of time, and never the same twice: `run-mig3k2x1-7f3a9c01`. */
export const newId = (clock: Pick<Clock, "now">): string =>
  `run-${Math.floor(clock.now()).toString(36)}-${randomBytes(4).toString("hex")}`;

export interface OpenRemediationOptions {
  readonly config: Config;
  readonly env: Environment;
  readonly clock: Clock;
}

/** Opens the store, and all that actions and verifiers take. @throws {StoreError} */
export async function openRemediation({ config, clock }: OpenRemediationOptions): Promise<Remediation> {
  const store = await openStore(config.store);
  const capabilities = { clock, ...openGcp(config.gcp, { clock }) };
  return composeRemediation({ config, clock, store, capabilities, verify: verifyNothing });
}

const verifyNothing: Verify = () => Promise.resolve({ kind: "unknown", because: "no verifier is there yet" });
