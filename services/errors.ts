import type { CauseCode } from "./causes.ts";

/** Errors of Greenlight's own making; all carry a stable code. */
export class GreenlightError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GreenlightError";
    this.code = code;
  }
}

/** A deadline of ours ran out; `waitedFor` says for what. Thrown by `withDeadline`. */
export class DeadlineError extends GreenlightError {
  readonly waitedFor: string;
  readonly ms: number;
  constructor(waitedFor: string, ms: number) {
    super("DEADLINE", `no answer to ${waitedFor} within ${ms} ms`);
    this.name = "DeadlineError";
    this.waitedFor = waitedFor;
    this.ms = ms;
  }
}

/** A fault whose cause is known where it is found, such as an expectation about content that does not hold. */
export class CauseError extends GreenlightError {
  declare readonly code: CauseCode;
  constructor(code: CauseCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = "CauseError";
  }
}
