/** The dependencies that a command looks at from here: configured ones, or those of URLs on the command line. */
import { createDependency } from "../../services/dependencies/create.ts";
import type { Dependency } from "../../services/dependencies/dependency.ts";
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import { anyUrlVariable } from "../config/variables.ts";
import { EXIT } from "../exit-codes.ts";
import { CliError } from "./cli-error.ts";
import type { ConfigReader } from "./read-config.ts";
import { unknownName } from "./unknown-name.ts";
import { optionsOfUrls } from "./url-arguments.ts";

/** A dependency and the name it goes by in the result. */
export interface Candidate {
  readonly name: string;
  readonly dependency: Dependency;
}

export interface CandidateOptions {
  readonly urls?: readonly string[];
  /** The longest one climb may take, whatever the configuration says. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Makes all candidates; no connection is opened.
 *
 * @throws {CliError} for a URL that cannot be read, faults of the configuration, or nothing to look at.
 */
export async function createCandidates(
  readConfig: ConfigReader,
  { urls = [], timeoutMs }: CandidateOptions,
): Promise<Candidate[]> {
  const found = urls.length > 0 ? await optionsOfUrls(urls) : await configuredOptions(readConfig);
  const limited = timeoutMs === undefined ? found : found.map((options) => limit(options, timeoutMs));
  return nameAll(await Promise.all(limited.map((options) => createDependency(options))));
}

/** @throws {CliError} naming the first that is not there. */
export function selectNamed(candidates: readonly Candidate[], names: readonly string[]): Candidate[] {
  const known = candidates.map(({ name }) => name);
  return names.map((wanted) => {
    const candidate = candidates.find(({ name }) => name === wanted);
    if (candidate === undefined) throw unknownName("dependency", wanted, { known });
    return candidate;
  });
}

async function configuredOptions(readConfig: ConfigReader): Promise<readonly DependencyOptions[]> {
  const { dependencies } = (await readConfig()).config;
  if (dependencies.length === 0) throw nothingToObserve();
  return dependencies;
}

/** What a command says that has nothing to look at. */
export const nothingToObserve = (): CliError =>
  new CliError(EXIT.config, "no dependency is configured.", {
    hint: `Set ${anyUrlVariable()}, name what is to be observed in greenlight.yaml, or run: greenlight check postgres://user@host/database`,
  });

function limit(options: DependencyOptions, timeoutMs: number): DependencyOptions {
  const totalMs = Math.min(options.deadlines.totalMs, timeoutMs);
  return { ...options, deadlines: { ...options.deadlines, totalMs } };
}

/** The ways to name a dependency, shortest first. */
const NAMINGS: readonly ((dependency: Dependency) => string)[] = [
  ({ name }) => name,
  ({ kind, target: { host, port } }) => `${kind}@${host}:${port}`,
  ({ kind, target: { host, port, database } }) =>
    `${kind}@${host}:${port}${database === undefined ? "" : `/${database}`}`,
];

/** By the shortest way that tells it from the others; where none does, numbered. */
export function nameAll(dependencies: readonly Dependency[]): Candidate[] {
  const names = dependencies.map((dependency) => {
    const naming = NAMINGS.find(
      (name) => dependencies.filter((other) => name(other) === name(dependency)).length === 1,
    );
    return (naming ?? NAMINGS.at(-1))?.(dependency) ?? dependency.name;
  });
  return dependencies.map((dependency, index) => {
    const name = names[index] ?? dependency.name;
    const earlier = names.slice(0, index).filter((other) => other === name).length;
    return { name: earlier === 0 ? name : `${name}#${earlier + 1}`, dependency };
  });
}
