import { afterAll } from "vitest";
import type { DependencyName, SandboxDependency } from "../../src/sandbox/dependency.ts";
import {
  type Environment,
  type EnvironmentOptions,
  startDependency,
  startEnvironment,
} from "../../src/sandbox/environment.ts";

/**
 * Starts one dependency behind its proxy for the tests of a file (call it at the top of the file, with await),
 * and stops it after the last one.
 */
export async function useDependency(
  name: DependencyName,
  options?: EnvironmentOptions,
): Promise<SandboxDependency> {
  const dependency = await startDependency(name, options);
  afterAll(() => dependency.close());
  return dependency;
}

/** The same for a whole environment with its control server. */
export async function useEnvironment(options?: EnvironmentOptions): Promise<Environment> {
  const environment = await startEnvironment(options);
  afterAll(() => environment.close());
  return environment;
}
