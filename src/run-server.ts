import type { Logger } from "pino";
import { systemClock } from "../services/clock.ts";
import { buildApp } from "./app.ts";
import { loadConfig } from "./config/load.ts";
import { readConfigFile } from "./config/file.ts";
import { formatFaults } from "./config/format.ts";
import { anyUrlVariable } from "./config/variables.ts";
import { EXIT } from "./exit-codes.ts";
import { findingSources } from "./findings/sources.ts";
import { createLogger } from "./logger.ts";
import { secretsOf } from "./secrets.ts";
import { createServices, type Services } from "./services.ts";
import { handleShutdown } from "./shutdown.ts";
import { readVersion } from "./version.ts";

export interface RunServerOptions {
  readonly process: NodeJS.Process;
  /** A configuration file; default: `GREENLIGHT_CONFIG`, then `greenlight.yaml` where the process stands. */
  readonly configPath?: string | undefined;
  readonly port?: number | undefined;
}

/**
 * Runs the service until it is told to stop. Sets the exit code; does not throw for what a user wrote.
 */
export async function runServer({ process, configPath, port }: RunServerOptions): Promise<void> {
  const env = port === undefined ? process.env : { ...process.env, PORT: String(port) };
  const read = await readConfigFile({ env, cwd: process.cwd(), path: configPath });
  const result = read.ok ? await loadConfig({ env, file: read.file }) : read;
  if (!result.ok) {
    process.stderr.write(`${formatFaults(result.faults)}\n`);
    process.exitCode = EXIT.config;
    return;
  }
  const { config, warnings, sources: origins } = result;
  if (config.dependencies.length === 0) {
    process.stderr.write(
      `No dependency is configured; nothing was started.\n\nNext: set ${anyUrlVariable()}, or name them in greenlight.yaml.\n`,
    );
    process.exitCode = EXIT.config;
    return;
  }
  const logger = createLogger({ level: config.logLevel, secrets: secretsOf(config) });
  const file = read.ok ? read.file : undefined;
  const sources = findingSources({ config, origins, file, env, cwd: process.cwd(), clock: systemClock });
  const surroundings = { env, cwd: process.cwd() };
  const services = createServices({
    config,
    clock: systemClock,
    version: readVersion(),
    surroundings,
    sources,
    onStandingNews: (news) =>
      news.kind === "read"
        ? logger.info("holds and leases are read from the store")
        : logger.warn({ why: news.why }, "the store of holds and leases cannot be used"),
    remediation: {
      onAutoApply: (news) =>
        logger.warn({ ...news }, news.kind === "started" ? "applied by itself" : "not applied by itself"),
    },
  });
  const app = await buildApp(services, {
    access: config.access,
    onCloudRun: process.env.K_SERVICE !== undefined && process.env.K_SERVICE !== "",
    onAlarm: (message) => logger.error({ mode: config.access.mode }, message),
    onError: (error, facts) => logger.error({ err: error, ...facts }, "request failed"),
  });
  // Before listening: loading a driver, and using it for the first time, hold the event loop for longer than an answer
  // may take. A dependency that does not answer delays the start by no more than this.
  await services.monitor.prepare();
  handleShutdown({ process, app, services, logger });
  for (const warning of warnings) logger.warn({ where: warning.where, path: warning.path }, warning.message);
  logChanges(services, logger);
  services.findings.watch.start();
  services.standings.start();
  await services.monitor.start();
  await services.views.all.refresh(FIRST_ROUND_MS);
  try {
    const address = await app.listen(config.listen);
    logger.info(`listening at ${address}`);
  } catch (error) {
    logger.fatal({ err: error, ...config.listen }, "cannot listen there");
    await Promise.allSettled([app.close(), services.close()]);
    process.exitCode = EXIT.unavailable;
    return;
  }
  services.lifecycle.enter("ready");
}

/** The first round of observations may delay listening by this many milliseconds. */
const FIRST_ROUND_MS = 250;

function logChanges({ monitor }: Services, logger: Logger): void {
  monitor.subscribe(({ name, state, before }) => {
    if (before?.status === state.status && before.cause?.code === state.cause?.code) return;
    const level = state.status === "pass" ? "info" : "warn";
    logger[level](
      { dependency: name, status: state.status, cause: state.cause?.code, detail: state.cause?.message },
      `${name} is ${state.status}`,
    );
  });
}
