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
 * redactor after it is written, value by value, so that no way of logging a value can go round it and the line stays JSON.
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
        streamWrite: redactLine(createRedact(secrets)),
      },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

const SECRET_NAME = /(?:password|passwd|pwd|secret|token|api[_-]?key)$/i;

function redactLine(redact: Redact): (line: string) => string {
  const clean = (name: string, value: unknown): unknown => {
    if (value === null || typeof value === "boolean") return value;
    if (SECRET_NAME.test(name)) return "[redacted]";
    return typeof value === "string" ? redact(value) : value;
  };
  return (line) => `${JSON.stringify(JSON.parse(line, clean))}\n`;
}
