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

/** `DATABASE_URL, … or WEBSOCKET_URL`, for messages. */
export function anyUrlVariable(): string {
  const names = Object.values(URL_VARIABLES);
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

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
