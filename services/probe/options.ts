/** How observations are taken; shared by all dependencies. Milliseconds throughout. */
export interface ProbeOptions {
  /** A snapshot older than this is refreshed in the request, or served as `stale`. */
  readonly maxAgeMs: number;
  readonly breaker: {
    /** Consecutive failures that open it. Default 5. */
    readonly failures: number;
    /** Consecutive successes of a half-open trial that close it. Default 2. */
    readonly successes: number;
    /** Default 30 000. */
    readonly resetMs: number;
    /** The longest one call may take, whatever its own deadlines say. Default 10 000. */
    readonly operationMs: number;
  };
  /** Consecutive observations needed to change a status; definite causes need one. */
  readonly thresholds: { readonly fail: number; readonly pass: number };
}
