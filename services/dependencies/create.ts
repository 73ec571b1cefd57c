import { type Clock, systemClock } from "../clock.ts";
import type { Dependency } from "./dependency.ts";
import type { DependencyOptions } from "./options.ts";

/**
 * Makes the adapter for one configured dependency. The drivers are loaded here and not before: a process that checks
 * one kind of server does not pay for the others.
 */
export async function createDependency(
  options: DependencyOptions,
  clock: Clock = systemClock,
): Promise<Dependency> {
  switch (options.kind) {
    case "postgres":
      return (await import("./postgres.ts")).createPostgres(options);
    case "clickhouse":
      return (await import("./clickhouse.ts")).createClickhouse(options);
    case "redis":
      return (await import("./redis.ts")).createRedis(options);
    case "auth":
      return (await import("./auth/auth.ts")).createAuth(options, clock);
    case "websocket":
      return (await import("./websocket.ts")).createWebsocket(options);
    case "http":
      return (await import("./http.ts")).createHttp(options);
    case "tcp":
      return (await import("./tcp.ts")).createTcp(options);
    default:
      throw new TypeError(`no adapter for ${JSON.stringify(options satisfies never)}`);
  }
}
