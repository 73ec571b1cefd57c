/** What the environment of a run was, as far as it can make a difference to tests; holds no secret and no time. */
export interface Fingerprint {
  readonly environment: string;
  /** Greenlight's own version, of whoever looked. */
  readonly greenlight: string;
  /** What is deployed there, where it was said (`--release`, GREENLIGHT_RELEASE). */
  readonly release?: string;
  /** The revision of the tests, as the CI system tells it. */
  readonly revision?: string;
  readonly dependencies: Readonly<Record<string, FingerprintDependency>>;
}

export interface FingerprintDependency {
  readonly kind: string;
  readonly status: "pass" | "warn" | "fail" | "unknown";
  /** What the server says of itself, such as `PostgreSQL 18.1`. */
  readonly version?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  /** Who serves, and how much that proves, where one of several may. */
  readonly serving?: string;
  readonly assurance?: "real" | "emulator" | "mock";
}
