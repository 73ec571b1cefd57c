import { parseCompose } from "./compose.ts";
import type { Dialect } from "./dialect.ts";
import { parseDocker } from "./docker.ts";
import { parseDotenv } from "./dotenv.ts";
import type { ParsedEnv } from "./env-file.ts";
import { parsePythonDotenv } from "./python-dotenv.ts";

const PARSERS: Readonly<Record<Dialect, (text: string) => ParsedEnv>> = {
  dotenv: parseDotenv,
  "python-dotenv": parsePythonDotenv,
  compose: parseCompose,
  docker: parseDocker,
};

/** What this dialect reads in the text. Never throws: what is wrong is in `faults`. */
export function parseEnv(text: string, dialect: Dialect): ParsedEnv {
  return PARSERS[dialect](text);
}
