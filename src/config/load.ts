/** The configuration of a process: defaults, then the file, then the variables, all faults at once. */
import { dirname } from "node:path";
import { readFlags } from "../../services/policy/read-flags.ts";
import { resolveAccess } from "./access.ts";
import { checkDraft } from "./check.ts";
import type {
  ConfigFault,
  ConfigFile,
  ConfigResult,
  ConfigSource,
  ConfigWarning,
  Environment,
} from "./config.ts";
import { resolveContext } from "./context.ts";
import { kindsIn, namesIn, resolveDependencies } from "./dependencies.ts";
import { type Draft, emptyDraft, placeOf } from "./draft.ts";
import { resolveDrift } from "./drift.ts";
import { resolveEnvFiles } from "./env-files.ts";
import { draftFromFile } from "./from-file.ts";
import { applyVariables, overriddenKeys } from "./from-variables.ts";
import { resolveGcp } from "./gcp.ts";
import { checkNames, resolveGroups } from "./groups.ts";
import type { ResolveInput } from "./input.ts";
import { readVariable } from "./interpolate.ts";
import { type KeyTable, inMany, patternOf, readKeyTable } from "./keys.ts";
import { resolveListen } from "./listen.ts";
import { resolveRemediation } from "./remediation.ts";
import { applyPolicy, checkPolicies, resolvePolicy } from "./policies.ts";
import { resolveStore } from "./store.ts";
import { resolveSuites } from "./suites.ts";
import { checkTimes } from "./sanity.ts";
import type { Parsed } from "./schema.ts";
import { anyUrlVariable } from "./variables.ts";
import { resolveWaivers } from "./waivers.ts";

export interface LoadInput {
  readonly env: Environment;
  readonly file?: ConfigFile | undefined;
  /** In place of a file. */
  readonly draft?: Draft;
  /** Wall-clock ms, for what is limited in time. Default: that of the machine. */
  readonly now?: number;
  /** Of whoever loads several. Default: read off the schema anew. */
  readonly table?: KeyTable;
}

/** Never throws for what a user wrote: what is wrong is in `faults`, complete. */
export async function loadConfig(input: LoadInput): Promise<ConfigResult> {
  const { env, file, now = Date.now(), table = readKeyTable() } = input;
  const base = file
    ? await draftFromFile({ file, env, table, overridden: overriddenKeys(env, table) })
    : (input.draft ?? emptyDraft());
  const draft = applyVariables(base, env, table);
  const checked = checkDraft(draft, table);
  const faults = [...draft.faults, ...checked.faults];
  if (!checked.parsed) return { ok: false, faults };
  return resolve(checked.parsed, { draft: { ...draft, faults }, env, file, table, now });
}

interface Context {
  readonly draft: Draft;
  readonly env: Environment;
  readonly file: ConfigFile | undefined;
  readonly table: KeyTable;
  readonly now: number;
}

async function resolve(parsed: Parsed, { draft, env, file, table, now }: Context): Promise<ConfigResult> {
  const faults: ConfigFault[] = [...draft.faults];
  const warnings: ConfigWarning[] = [];
  const input: ResolveInput = {
    environment: parsed.environment,
    probe: parsed.probe,
    onCloudRun: readVariable(env, "K_SERVICE") !== undefined,
    flags: readFlags(env),
    sources: draft.sources,
    place: (path) => placeOf(draft.sources, path),
    directoryOf: (path) =>
      file && draft.sources.get(path)?.kind !== "variable" ? (file.directory ?? dirname(file.path)) : ".",
    broken: new Set(faults.flatMap((fault) => fault.path ?? [])),
    hidden: draft.hidden,
    report: (fault) => faults.push(fault),
    warn: (warning) => warnings.push(warning),
  };
  const dependencies = await resolveDependencies(parsed, input);
  checkNames(parsed, input);
  const present = namesIn(draft.root);
  checkPolicies(parsed, present, input);
  const waivers = resolveWaivers(parsed, input, now);
  const groups = resolveGroups(parsed.groups, present, input);
  const suites = resolveSuites(
    parsed.suites,
    { dependencies, groups, present, kinds: kindsIn(parsed) },
    input,
  );
  const context = resolveContext(parsed, dependencies, input);
  const { policy, strictness } = resolvePolicy(parsed, dependencies, input);
  const listen = resolveListen(parsed, input);
  const access = resolveAccess(parsed.access, listen, input);
  const drift = resolveDrift(parsed, input);
  const envFiles = resolveEnvFiles(parsed.envFiles, input);
  const gcp = resolveGcp(parsed.gcp, input, env);
  const remediation = resolveRemediation(parsed.remediation, input);
  const store = await resolveStore(parsed, { input, env, hasFile: file !== undefined });
  if (![...input.broken].some((path) => TIMES.test(path))) checkTimes(parsed, input);
  if (faults.length > 0) return { ok: false, faults };
  if (dependencies.length === 0) {
    const message = `no dependency is configured: set ${anyUrlVariable()}`;
    warnings.push({ where: "configuration", path: "dependencies", message });
  }
  const { maxAge, breaker, thresholds } = parsed.probe;
  const { failures, successes, reset, operation } = breaker;
  const config = {
    environment: parsed.environment,
    context,
    listen,
    access,
    logLevel: parsed.logLevel,
    probe: {
      maxAgeMs: maxAge,
      breaker: { failures, successes, resetMs: reset, operationMs: operation },
      thresholds,
    },
    dependencies,
    groups,
    ...suites,
    suites: applyPolicy(suites.suites, policy),
    policy,
    strictness,
    waivers,
    drift,
    envFiles,
    gcp,
    remediation,
    store,
    ...((parsed.store.path ?? parsed.store.url) !== undefined && { standingStore: store }),
  };
  return { ok: true, config, sources: sourcesOf(draft, table), warnings };
}

/** With one of these broken, a default stands in for it, and comparing others with that would mislead. */
const TIMES = /interval|deadlines|breaker|maxAge|warnAbove|^probe$/;

/** Every key of the table that applies, and any other the file sets; mappings themselves are left out. */
function sourcesOf({ sources }: Draft, table: KeyTable): Record<string, ConfigSource> {
  const used = (path: string) => {
    const section = /^dependencies\.\w+/.exec(path)?.[0];
    return section === undefined || [...sources.keys()].some((key) => key.startsWith(section));
  };
  const rows = table.rows.filter((row) => !inMany(row.path) && used(row.path));
  const defaults = rows.map((row) => [row.path, { kind: "default" }] as const);
  const given = [...sources].filter(([path]) => {
    const pattern = patternOf(path);
    // A suite may be a list and nothing else; its own place is that of all it says.
    if (/^suites\.[^.]+$/.test(path)) return true;
    return !table.sections.has(pattern) && !table.sections.has(`${pattern}[]`);
  });
  return Object.fromEntries<ConfigSource>([...defaults, ...given]);
}
