/** The variables with customary names; all others are named after their key. */

/** The variable that has each dependency observed. Targets in lists have none. */
export const URL_VARIABLES = {
  postgres: "DATABASE_URL",
  clickhouse: "CLICKHOUSE_URL",
  redis: "REDIS_URL",
  auth: "AUTH_URL",
  websocket: "WEBSOCKET_URL",
} as const;

export type SingleKind = keyof typeof URL_VARIABLES;

/** The kinds of the default group `database`. */
export const DATABASES = ["postgres", "clickhouse", "redis"] as const;

/** `DATABASE_URL, CLICKHOUSE_URL or REDIS_URL`, for messages; all of them unless told which. */
export function anyUrlVariable(kinds: readonly SingleKind[] = ALL_KINDS): string {
  const names = kinds.map((kind) => URL_VARIABLES[kind]);
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

const ALL_KINDS = Object.keys(URL_VARIABLES) as SingleKind[];

/** By dotted key. */
export const CUSTOMARY: Readonly<Record<string, string>> = {
  "listen.host": "HOST",
  "listen.port": "PORT",
  logLevel: "LOG_LEVEL",
  "dependencies.auth.stagingUrl": "AUTH_STAGING_URL",
  "dependencies.auth.localUrl": "AUTH_LOCAL_URL",
  "dependencies.auth.mockUrl": "AUTH_MOCK_URL",
  ...Object.fromEntries(
    Object.entries(URL_VARIABLES).map(([kind, variable]) => [`dependencies.${kind}.url`, variable]),
  ),
};
