/** URLs on the command line → options; checked like configuration, and never shown. */
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { ConfigFault } from "../config/config.ts";
import { readKeyTable } from "../config/keys.ts";
import { type LoadInput, loadConfig } from "../config/load.ts";
import { describeUrl, nearestScheme } from "../config/redact.ts";
import { type SingleKind, URL_VARIABLES } from "../config/variables.ts";
import { type CliError, usageError } from "./cli-error.ts";

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
  const given = urls.map((url, index) => ({ url, index, kind: kindOf(url, index) }));
  const table = readKeyTable();
  const all: DependencyOptions[] = [];
  for (const batch of batchesOf(given)) {
    const result = await loadConfig({ ...inputOf(batch), table });
    if (!result.ok) throw faultOf(batch, result.faults);
    for (const { kind, index } of batch) {
      const options = result.config.dependencies.find((each) => each.kind === kind);
      if (options !== undefined) all[index] = options;
    }
  }
  return all;
}

interface Given {
  readonly url: string;
  readonly index: number;
  readonly kind: SingleKind | "tcp";
}

/** Of each kind one at most, as a configuration has them: those of different kinds are read together. */
function batchesOf(given: readonly Given[]): Given[][] {
  const batches: Given[][] = [];
  for (const each of given) {
    const batch = batches.find((others) => others.every(({ kind }) => kind !== each.kind));
    if (batch === undefined) batches.push([each]);
    else batch.push(each);
  }
  return batches;
}

/** A target has no variable of its own. */
function inputOf(batch: readonly Given[]): LoadInput {
  const target = batch.find(({ kind }) => kind === "tcp");
  const env = Object.fromEntries(
    batch.flatMap(({ kind, url }) => (kind === "tcp" ? [] : [[URL_VARIABLES[kind], url]])),
  );
  if (target === undefined) return { env };
  const root = { dependencies: { tcp: [{ name: "tcp", url: target.url }] } };
  return { env, draft: { root, sources: new Map(), hidden: new Set([TARGET_PATH]), faults: [] } };
}

const TARGET_PATH = "dependencies.tcp.0.url";

function faultOf(batch: readonly Given[], faults: readonly ConfigFault[]): CliError {
  const [first] = faults;
  const { url = "", index = 0 } =
    batch.find(({ kind }) => kind !== "tcp" && first?.where === URL_VARIABLES[kind]) ??
    batch.find(({ kind }) => kind === "tcp" && first?.path === TARGET_PATH) ??
    batch[0] ??
    {};
  return argumentError({ index, expected: "a URL that can be used", found: describeUrl(url), ...first });
}

function kindOf(url: string, index: number): Given["kind"] {
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1] ?? "";
  const kind = Object.hasOwn(KINDS, scheme) ? KINDS[scheme] : undefined;
  if (kind !== undefined) return kind;
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

function argumentError(problem: {
  index: number;
  expected: string;
  found: string;
  suggestion?: string | undefined;
}): CliError {
  const { index, expected, found, suggestion } = problem;
  return usageError(
    `URL ${index + 1}: expected ${expected}; found ${found}.`,
    suggestion && `Try: ${suggestion}`,
  );
}
