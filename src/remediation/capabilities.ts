import type { Clock } from "../../services/clock.ts";
import type { GcpTransport } from "../../services/gcp/transport.ts";
import type { Gate } from "../../services/gate/gate.ts";
import type { Availability } from "../../services/history/availability.ts";
import type { Monitor } from "../../services/health/monitor.ts";
import { createRedact } from "../../services/redact.ts";
import type { Capabilities } from "../../services/remediation/action.ts";
import type { BreakerCapability } from "../../services/remediation/capability.ts";
import type { Verify } from "../../services/remediation/verifier.ts";
import { createVerify } from "../../services/remediation/verify.ts";
import type { Config, Environment } from "../config/config.ts";
import { secretsOf } from "../secrets.ts";
import { createExec } from "./exec-capability.ts";
import { createHttpVerifier } from "./http-verifier.ts";
import { createIndicators } from "./indicators.ts";
import { judgeFromHere, judgeThere } from "./judge-suite.ts";
import { createLintCapability } from "./lint-capability.ts";
import { createMonitorProbe, createOneShotProbe } from "./observe-capability.ts";
import { createSqlCapability } from "./sql-capability.ts";
import { secretVariables } from "./secret-variables.ts";
import { untilAborted } from "./until-aborted.ts";

export interface CapabilitiesOptions {
  readonly config: Pick<
    Config,
    "dependencies" | "suiteDependencies" | "suites" | "probe" | "environment" | "groups"
  >;
  readonly env: Environment;
  /** Where folders of plans begin, and programs are started. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Asked and told by others; absent where Google Cloud is not configured. Closed by whoever opened them. */
  readonly gcp?: { readonly reader?: GcpTransport; readonly writer?: GcpTransport };
  /** The service that this is for; absent at a command line. */
  readonly service?: {
    readonly monitor: Monitor;
    readonly gate: Gate;
    readonly availability?: Pick<Availability, "measure">;
  };
}

export interface OpenCapabilities {
  readonly capabilities: Capabilities;
  /** What verifiers of plans ask by. */
  readonly verify: Verify;
  /** Ends what was opened here, and nothing that was handed in. */
  close(): Promise<void>;
}

/**
 * What actions and verifiers may use from here. A service has its breakers and its monitor, starts no programs, and asks
 * only hosts that it knows; a command line observes by itself, once each time, and runs what the person's plan says.
 */
export function createCapabilities(options: CapabilitiesOptions): OpenCapabilities {
  const { config, env, cwd, clock, gcp = {}, service } = options;
  const dependencies = [...config.dependencies, ...config.suiteDependencies];
  const redact = createRedact([...secretsOf(config), ...secretVariables(env)]);
  const sql = createSqlCapability(dependencies);
  const lint = createLintCapability({ base: cwd, env, clock });
  const http = createHttpVerifier({ dependencies, env, asks: service === undefined ? "person" : "service" });
  const oneShot = createOneShotProbe(dependencies, clock);
  const judge = service === undefined ? judgeFromHere({ ...config, clock }) : judgeThere(service);
  const indicators = createIndicators({
    judge,
    measure: oneShot.measure,
    ...(service?.availability && { availability: service.availability }),
  });
  const { reader, writer } = gcp;
  const reading = reader ?? writer;
  return {
    capabilities: {
      clock,
      sql,
      lint,
      ...(service && { breakers: breakersOf(service.monitor) }),
      ...(reader && { reader }),
      ...(writer && { writer }),
    },
    verify: createVerify({
      http,
      sql,
      lint,
      probe: service === undefined ? oneShot : createMonitorProbe(service.monitor, clock),
      indicators,
      ...(service === undefined && { exec: createExec({ cwd, env, redact }) }),
      ...(reading && { gcp: reading }),
      redact,
    }),
    async close() {
      http.close();
    },
  };
}

const breakersOf = (monitor: Monitor): BreakerCapability => ({
  state: (name) => (monitor.names.includes(name) ? monitor.checks([name])[0]?.breaker : undefined),
  async reset(name, signal) {
    signal.throwIfAborted();
    return monitor.names.includes(name) ? untilAborted(monitor.reset(name), signal) : undefined;
  },
});
