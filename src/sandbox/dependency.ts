import type { FaultProxy } from "./fault-proxy.ts";
import type { SandboxServer, UrlOptions } from "./server.ts";

/** What `startEnvironment` starts unless told otherwise. */
export const databaseNames = ["postgres", "clickhouse", "redis"] as const;

/** The dependencies a sandbox can have. */
export const dependencyNames = [...databaseNames, "auth", "auth-mock", "websocket"] as const;

export type DependencyName = (typeof dependencyNames)[number];

/** A server and the proxy in front of it. */
export interface SandboxDependency {
  readonly name: DependencyName;
  readonly server: SandboxServer;
  readonly proxy: FaultProxy;
  /** The fault in force, of the proxy or of the server itself; `none` when there is none. */
  readonly mode: string;
  /** The faults that it can have. */
  readonly modes: readonly string[];
  /** Connection string through the proxy. */
  url(options?: UrlOptions): string;
  /**
   * Sets a fault of the proxy or of the server in place of the last one; `none` takes back either.
   * Throws `USAGE` for one that is not among `modes`, and `NOT_RUNNING` for one of a server that is down.
   */
  setMode(mode: string, options?: { ms?: number | undefined }): Promise<void>;
  /** Restarts the server and returns once it can be reached through the proxy too. */
  restart(options?: { signal?: AbortSignal | undefined }): Promise<void>;
  close(): Promise<void>;
}
