import type { FaultProxy } from "./fault-proxy.ts";
import type { SandboxServer, UrlOptions } from "./server.ts";

export type DependencyName = "postgres" | "clickhouse" | "redis";

/** The dependencies a sandbox can have. */
export const dependencyNames: readonly DependencyName[] = ["postgres", "clickhouse", "redis"];

/** A server and the proxy in front of it. */
export interface SandboxDependency {
  readonly name: DependencyName;
  readonly server: SandboxServer;
  readonly proxy: FaultProxy;
  /** Connection string through the proxy. */
  url(options?: UrlOptions): string;
  /** Restarts the server and returns once it can be reached through the proxy too. */
  restart(options?: { signal?: AbortSignal | undefined }): Promise<void>;
  close(): Promise<void>;
}
