import type { Environment } from "../config/config.ts";

/** Names of what is a secret by its name. */
const NAMES = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY/i;
/** Shorter ones would take words out of sentences. */
const SHORTEST = 6;

/** Values of variables that are secrets by their names, for a redactor. Paths of files with secrets are none. */
export const secretVariables = (env: Environment): string[] =>
  Object.entries(env).flatMap(([name, value = ""]) =>
    NAMES.test(name) && value.length >= SHORTEST && !value.startsWith("/") ? [value] : [],
  );
