import { type DestinationStream, type Logger, pino, type LevelWithSilent } from "pino";
import { createRedact, type Redact } from "../services/redact.ts";

/** pino's levels in Cloud Logging's words. */
const SEVERITIES: Readonly<Record<string, string>> = {
  trace: "DEBUG",
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  fatal: "CRITICAL",
};

export interface LoggerOptions {
  readonly level: LevelWithSilent;
  /** Everything that must never be written: passwords of connection URLs, tokens. */
  readonly secrets: readonly string[];
  readonly destination?: DestinationStream;
}

/**
 * One JSON object a line, as Cloud Logging reads it (`severity`, `message`, RFC 3339 `time`). Every line passes the
 * redactor as a whole, after it is written, so that no way of logging a value can go round it.
 */
export function createLogger({ level, secrets, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      messageKey: "message",
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ severity: SEVERITIES[label] ?? "DEFAULT" }) },
      hooks: {
        streamWrite: redactLine(
          createRedact(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])),
        ),
      },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

const redactLine =
  (redact: Redact): ((line: string) => string) =>
  (line) =>
    redact(line);
