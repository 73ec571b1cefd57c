/** URLs on the command line → options; checked like configuration, and never shown. */
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { ConfigResult } from "../config/config.ts";
import { type KeyTable, readKeyTable } from "../config/keys.ts";
import { loadConfig } from "../config/load.ts";
import { describeUrl, nearestScheme } from "../config/redact.ts";
import { type SingleKind, URL_VARIABLES } from "../config/variables.ts";
import { usageError } from "./cli-error.ts";

/** The kind of dependency that a scheme names. `http` is ClickHouse's, as in CLICKHOUSE_URL. */
const KINDS: Readonly<Record<string, SingleKind | "tcp">> = {
  postgres: "postgres",
  postgresql: "postgres",
  clickhouse: "clickhouse",
  clickhouses: "clickhouse",
  http: "clickhouse",
  https: "clickhouse",
  redis: "redis",
  rediss: "redis",
  valkey: "redis",
  valkeys: "redis",
  ws: "websocket",
  wss: "websocket",
  tcp: "tcp",
  tls: "tcp",
};

/** @throws {CliError} for the first URL that cannot be read; it says which by position. */
export async function optionsOfUrls(urls: readonly string[]): Promise<DependencyOptions[]> {
  const table = readKeyTable();
  const all = await Promise.all(urls.map((url, index) => optionsOfUrl(url, index, table)));
  return all.flat();
}

async function optionsOfUrl(
  url: string,
  index: number,
  table: KeyTable,
): Promise<readonly DependencyOptions[]> {
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1] ?? "";
  const kind = Object.hasOwn(KINDS, scheme) ? KINDS[scheme] : undefined;
  if (kind === undefined) {
    const schemes = Object.keys(KINDS);
    const close = nearestScheme(url, schemes);
    const expected = `a URL that starts with ${schemes.map((name) => `${name}://`).join(", ")}`;
    throw argumentError({
      index,
      expected,
      found: describeUrl(url),
      suggestion: close && `did you mean ${close}://?`,
    });
  }
  const result = await (kind === "tcp"
    ? loadTarget(url, table)
    : loadConfig({ env: { [URL_VARIABLES[kind]]: url }, table }));
  if (result.ok) return result.config.dependencies;
  const [fault] = result.faults;
  throw argumentError({ index, expected: "a URL that can be used", found: describeUrl(url), ...fault });
}

/** Targets have no variable of their own: a file that says no more than the URL. */
async function loadTarget(url: string, table: KeyTable): Promise<ConfigResult> {
  const text = "dependencies: { tcp: [{ name: tcp, url: '${URL}' }] }";
  return loadConfig({ env: { URL: url }, file: { path: "argument", text }, table });
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
