/** env-files: the dialects of env files, their layers, and which layer a value comes from; text comes in, nothing is opened. */

/** `dotenv` is that of Node, `compose` that of a Compose `env_file`, `docker` that of `docker run --env-file`. */
export const DIALECTS = ["dotenv", "python-dotenv", "compose", "docker"] as const;

export type Dialect = (typeof DIALECTS)[number];

/** As people call them. */
export const DIALECT_NAMES: Readonly<Record<Dialect, string>> = {
  dotenv: "dotenv (Node)",
  "python-dotenv": "python-dotenv",
  compose: "Compose env_file",
  docker: "docker --env-file",
};
