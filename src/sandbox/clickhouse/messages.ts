import type { ClickHouseUser } from "./authentication.ts";

/** What the parent gives to the child that holds the engine. */
export interface ClickHouseConfig {
  directory: string;
  port: number;
  users: readonly ClickHouseUser[];
  tls?: { certFile: string; keyFile: string } | undefined;
}

/** What the child tells its parent. */
export type ClickHouseMessage = { type: "ready" } | { type: "queries"; count: number };

/** The variable through which the configuration travels. */
export const configVariable = "GREENLIGHT_SANDBOX_CLICKHOUSE";
