import { dependentsOf } from "../../services/drift/dependents.ts";
import { addressOf } from "../../services/drift/reading.ts";
import { explainKey, knownKeys, namedKeys } from "../drift/explain-key.ts";
import { compareOrEnd, prepareDrift } from "../drift/prepare.ts";
import { EXIT } from "../exit-codes.ts";
import { renderDriftExplain } from "../views/drift-explain-human.ts";
import type { ExplainReport } from "../views/drift-report.ts";
import { writeResult } from "../views/write.ts";
import type { CommandContext } from "./context.ts";
import type { ConfigDriftOptions } from "./config-drift.ts";
import { unknownName } from "./unknown-name.ts";
import type { ReadConfig } from "./read-config.ts";

export interface DriftExplainOptions extends ConfigDriftOptions {
  readonly key: string;
}

/** Says all that is known of a key, in every source that has it. */
export async function driftExplain(context: CommandContext, options: DriftExplainOptions): Promise<number> {
  const { cwd, signal } = context;
  const prepared = await prepareDrift(context, options.config);
  const look = await compareOrEnd(context, prepared);
  const { drift } = prepared.config;
  const named = namedKeys(look, options.key);
  if (named.length === 0) {
    const known = knownKeys(look).map(({ source, key }) => addressOf(source, key));
    throw unknownName("key", options.key, { known, listWith: "greenlight config baseline --json" });
  }
  const facts = factsOf(prepared);
  const usedBy = (source: string, key: string) =>
    dependentsOf({ source, key, reading: look.reading, ...facts });
  const keys: ExplainReport["keys"][number][] = [];
  for (const each of named) keys.push(await explainKey(each, { drift, look, cwd, signal, usedBy }));
  const result: ExplainReport = {
    schemaVersion: 1,
    command: "config drift explain",
    baseline: drift.baseline.shown,
    keys,
  };
  writeResult(context, options, { result, human: renderDriftExplain });
  return EXIT.ok;
}

function factsOf({ config, origins, file }: ReadConfig) {
  const configured = new Map(
    Object.entries(origins).flatMap(([path, origin]) =>
      origin.kind === "variable" ? [[path, origin.name] as const] : [],
    ),
  );
  const suites = new Map(
    config.suites.map(({ name, requirements }) => [name, requirements.map(({ dependency }) => dependency)]),
  );
  return { configured, suites, config: file };
}
