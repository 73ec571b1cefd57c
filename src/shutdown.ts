import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { EXIT } from "./exit-codes.ts";
import type { Services } from "./services.ts";

export interface ShutdownOptions {
  readonly process: NodeJS.Process;
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly logger: Logger;
  /** Between readiness going 503 and the listener closing, in ms: one poll of whoever routes to us. Default 500. */
  readonly graceMs?: number;
  /** For requests under way; then connections are cut, those that never sent a whole request among them. Default 4000. */
  readonly drainMs?: number;
  /** Cloud Run kills ten seconds after SIGTERM. Default 9000 ms. */
  readonly deadlineMs?: number;
}

/**
 * Ends the process in order: readiness first, then the listener and what is under way, then the connections. An
 * error nobody handled is logged and ends it with code 70: a process in an unknown state must not say `pass`.
 */
export function handleShutdown(options: ShutdownOptions): void {
  const { process, app, services, logger, graceMs = 500, drainMs = 4000, deadlineMs = 9000 } = options;
  let ending = false;

  async function end(reason: string, code: number): Promise<void> {
    if (ending) return;
    ending = true;
    process.exitCode = code;
    services.lifecycle.enter("draining");
    // Those who wait ask whoever takes this one's place; nobody is let in by one that stops looking.
    services.gate.drain();
    logger.info({ reason }, "draining");
    setTimeout(() => {
      logger.error({ deadlineMs }, "draining took too long");
      process.exit(code === EXIT.ok ? EXIT.software : code);
    }, deadlineMs).unref();
    if (code === EXIT.ok) await new Promise((resolve) => setTimeout(resolve, graceMs));
    setTimeout(() => app.server.closeAllConnections(), drainMs).unref();
    await Promise.allSettled([app.close(), services.close()]);
    logger.info({ reason }, "stopped");
    if (code !== EXIT.ok) process.exit(code);
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (ending) process.exit(signal === "SIGINT" ? 130 : 143);
      void end(signal, EXIT.ok);
    });
  }
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, event);
      // Also when it is ending already: then it is no orderly end any more.
      process.exitCode = EXIT.software;
      void end(event, EXIT.software);
    });
  }
}
