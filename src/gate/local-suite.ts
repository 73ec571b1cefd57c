import type { DependencyOptions } from "../../services/dependencies/options.ts";
import { createDependency } from "../../services/dependencies/create.ts";
import type { SuiteOptions } from "../../services/gate/suite.ts";
import type { ProbeOptions } from "../../services/probe/options.ts";
import { nameAll } from "../commands/candidates.ts";
import { CliError } from "../commands/cli-error.ts";
import type { ConfigReader } from "../commands/read-config.ts";
import { unknownName } from "../commands/unknown-name.ts";
import { optionsOfUrls } from "../commands/url-arguments.ts";
import { loadConfig } from "../config/load.ts";
import { DEFAULT_STABLE_MS } from "../config/suites.ts";
import { anyUrlVariable } from "../config/variables.ts";
import { EXIT } from "../exit-codes.ts";

/** A suite, and how to observe what it requires from here. */
export interface LocalSuite {
  readonly suite: SuiteOptions;
  readonly dependencies: readonly DependencyOptions[];
  readonly probe: ProbeOptions;
  readonly environment: string;
}

/**
 * The suite of that name in the configuration; undefined when nothing at all is configured here.
 *
 * @throws {CliError} 78 for faults of the configuration, and for a suite that it does not have.
 */
export async function configuredSuite(
  readConfig: ConfigReader,
  name: string,
): Promise<LocalSuite | undefined> {
  const { config } = await readConfig();
  if (config.dependencies.length === 0) return undefined;
  const suite = config.suites.find((each) => each.name === name);
  if (suite === undefined)
    throw unknownSuite(
      name,
      config.suites.map((each) => each.name),
    );
  const { probe, environment } = config;
  return { suite, dependencies: [...config.dependencies, ...config.suiteDependencies], probe, environment };
}

/**
 * The suite `all` of everything that the URLs name, all of it required.
 *
 * @throws {CliError} for a URL that cannot be read.
 */
export async function suiteOfUrls(urls: readonly string[]): Promise<LocalSuite> {
  const dependencies = await named(await optionsOfUrls(urls));
  const result = await loadConfig({ env: {} });
  if (!result.ok) throw new TypeError("the defaults are no configuration");
  const { probe, environment } = result.config;
  const requirements = dependencies.map(
    ({ name }) => ({ dependency: name, observed: name, level: "required", assurance: "real" }) as const,
  );
  const suite = { name: "all", requirements, stableMs: DEFAULT_STABLE_MS, graceMs: 0, credentials: [] };
  return { suite, dependencies, probe, environment };
}

/** Two URLs of one kind are told apart by where they lead. */
async function named(options: readonly DependencyOptions[]): Promise<readonly DependencyOptions[]> {
  const distinct = new Set(options.map(({ name }) => name)).size === options.length;
  if (distinct) return options;
  const names = nameAll(await Promise.all(options.map((each) => createDependency(each))));
  return options.map((each, index) => ({ ...each, name: names[index]?.name ?? each.name }));
}

export const unknownSuite = (name: string, known: readonly string[]): CliError =>
  unknownName("suite", name, { known, listWith: "greenlight config check", exitCode: EXIT.config });

export const nothingConfigured = (): CliError =>
  new CliError(EXIT.config, "no dependency is configured.", {
    hint: `Set ${anyUrlVariable()}, name what the suite requires in greenlight.yaml, give --url of a service, or run: greenlight wait postgres://user@host/database`,
  });
