/** Drift: the sources under their names, and the paths they are read at. */
import { isAbsolute, join, normalize } from "node:path";
import type { Dialect } from "../../services/env-files/dialect.ts";
import type { IgnoreRule } from "../../services/drift/ignore.ts";
import { type ResolveInput, faultAt } from "./input.ts";
import type { Parsed } from "./schema.ts";
import type { ParsedDrift } from "./schema-drift.ts";

/** A path as it was written, and where it is: absolute, or relative to the folder of the process. */
export interface NamedPath {
  readonly shown: string;
  readonly path: string;
}

export type DriftSourceOptions =
  /** `id` names the source in the baseline and in messages: `env:.env.staging`. */
  | { readonly id: string; readonly kind: "env"; readonly file: NamedPath; readonly dialect: Dialect }
  | { readonly id: string; readonly kind: "variables"; readonly patterns: readonly string[] }
  | { readonly id: string; readonly kind: "cloudrun" | "configmap" | "compose"; readonly file: NamedPath };

export interface DriftOptions {
  readonly baseline: NamedPath;
  readonly keyFile?: NamedPath;
  /** Empty when nothing is compared. */
  readonly sources: readonly DriftSourceOptions[];
  readonly ignore: readonly IgnoreRule[];
  /** Between two looks of the service at all findings. */
  readonly everyMs: number;
}

/** Reports a source that is named twice. */
export function resolveDrift({ drift }: Pick<Parsed, "drift">, input: ResolveInput): DriftOptions {
  const at = (key: string, shown: string): NamedPath => ({
    shown: normalized(shown),
    path: shown.startsWith("~/") || isAbsolute(shown) ? shown : join(input.directoryOf(key), shown),
  });
  const sources = drift.sources.map((source, index) =>
    optionsOf(source, (path) => at(`drift.sources.${index}`, path)),
  );
  for (const [index, { id }] of sources.entries()) {
    if (sources.findIndex((other) => other.id === id) === index) continue;
    faultAt(input, `drift.sources.${index}`, {
      expected: "each source once",
      found: "one that is named before",
    });
  }
  return {
    baseline: at("drift.baseline", drift.baseline),
    ...(drift.keyFile !== undefined && { keyFile: at("drift.keyFile", drift.keyFile) }),
    sources,
    ignore: drift.ignore.map(({ key, reason }) => ({ pattern: key, reason })),
    everyMs: drift.every,
  };
}

type ParsedSource = ParsedDrift["sources"][number];

function optionsOf(source: ParsedSource, at: (path: string) => NamedPath): DriftSourceOptions {
  const { env, dialect = "dotenv", variables, cloudrun, configmap } = source;
  if (env !== undefined) return { id: `env:${normalized(env)}`, kind: "env", file: at(env), dialect };
  if (variables !== undefined) {
    const patterns = [...new Set(variables)].toSorted();
    return { id: `variables:${patterns.join(",")}`, kind: "variables", patterns };
  }
  const kind = cloudrun !== undefined ? "cloudrun" : configmap !== undefined ? "configmap" : "compose";
  const shown = source[kind] ?? "";
  return { id: `${kind}:${normalized(shown)}`, kind, file: at(shown) };
}

/** `./a/../b` is `b`: one file has one name, whoever wrote it. */
const normalized = (path: string): string => normalize(path).replaceAll("\\", "/");
