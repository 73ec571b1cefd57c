/** A failure of the sandbox itself, with a stable code for callers and tests. */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SandboxError";
    this.code = code;
  }
}

export type SandboxErrorCode =
  | "BINARY_MISSING"
  | "START_FAILED"
  | "START_TIMEOUT"
  | "ABORTED"
  | "PORT_TAKEN"
  | "NO_FREE_PORT"
  | "NOT_RUNNING"
  | "USAGE";
