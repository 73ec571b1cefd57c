import type { ClickHouseUser } from "./authentication.ts";

/** What the parent gives to the child that holds the engine. */
export interface ClickHouseConfig {
  directory: string;
  port: number;
  users: readonly ClickHouseUser[];
  tls?: { certFile: string; keyFile: string } | undefined;
}

/** What the child tells its parent: that it listens, or how many queries it has been sent. */
export type ClickHouseMessage = "ready" | number;

/** The variable through which the configuration travels, as JSON. */
export const configVariable = "GREENLIGHT_SANDBOX_CLICKHOUSE";
