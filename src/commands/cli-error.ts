import { EXIT } from "../exit-codes.ts";

/** Ends a command with a message on stderr and this exit code. */
export class CliError extends Error {
  readonly exitCode: number;
  /** What to run or set instead. */
  readonly hint: string | undefined;
  constructor(
    exitCode: number,
    message: string,
    { hint, ...options }: ErrorOptions & { hint?: string | undefined } = {},
  ) {
    super(message, options);
    this.name = "CliError";
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** Wrong arguments. */
export const usageError = (message: string, hint?: string): CliError =>
  new CliError(EXIT.usage, message, { hint });
