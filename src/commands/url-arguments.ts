/** URLs on the command line → options; checked like configuration, and never shown. */
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import { loadConfig } from "../config/load.ts";
import { describeUrl, nearestScheme } from "../config/redact.ts";
import { usageError } from "./cli-error.ts";

/** The variable that would configure a dependency of this scheme. */
const VARIABLES: Readonly<Record<string, string>> = {
  postgres: "DATABASE_URL",
  postgresql: "DATABASE_URL",
  clickhouse: "CLICKHOUSE_URL",
  clickhouses: "CLICKHOUSE_URL",
  http: "CLICKHOUSE_URL",
  https: "CLICKHOUSE_URL",
  redis: "REDIS_URL",
  rediss: "REDIS_URL",
  valkey: "REDIS_URL",
  valkeys: "REDIS_URL",
};

/** @throws {CliError} for the first URL that cannot be read; it says which by position. */
export async function optionsOfUrls(urls: readonly string[]): Promise<DependencyOptions[]> {
  const all = await Promise.all(urls.map(optionsOfUrl));
  return all.flat();
}

async function optionsOfUrl(url: string, index: number): Promise<readonly DependencyOptions[]> {
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1] ?? "";
  const variable = Object.hasOwn(VARIABLES, scheme) ? VARIABLES[scheme] : undefined;
  if (variable === undefined) {
    const schemes = Object.keys(VARIABLES);
    const close = nearestScheme(url, schemes);
    const expected = `a URL that starts with ${schemes.map((name) => `${name}://`).join(", ")}`;
    throw argumentError({
      index,
      expected,
      found: describeUrl(url),
      suggestion: close && `did you mean ${close}://?`,
    });
  }
  const result = await loadConfig({ env: { [variable]: url } });
  if (result.ok) return result.config.dependencies;
  const [fault] = result.faults;
  throw argumentError({ index, expected: "a URL that can be used", found: describeUrl(url), ...fault });
}

function argumentError(problem: {
  index: number;
  expected: string;
  found: string;
  suggestion?: string | undefined;
}) {
  const { index, expected, found, suggestion } = problem;
  return usageError(
    `URL ${index + 1}: expected ${expected}; found ${found}.`,
    suggestion && `Try: ${suggestion}`,
  );
}
