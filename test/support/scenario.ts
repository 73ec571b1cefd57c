import { afterAll } from "vitest";
import { type Environment, standBefore } from "../../src/sandbox/environment.ts";
import { type RunningScenario, type ScenarioOptions, startScenario } from "../../src/sandbox/gcp/scenario.ts";
import type { ScenarioName } from "../../src/sandbox/gcp/scenarios.ts";
import { startPostgres } from "../../src/sandbox/postgres/postgres.ts";
import { onFreePort } from "../../src/sandbox/ports.ts";

export type StartScenario = (name: ScenarioName, options?: ScenarioOptions) => Promise<RunningScenario>;

/**
 * Starts one Postgres for the scenarios of a file (call it at the top of the file, with await), and stops it after the
 * last test. Each scenario has a proxy of its own before it, so that several can run side by side.
 */
export async function useScenarios(): Promise<StartScenario> {
  const server = await onFreePort(startPostgres);
  afterAll(() => server.close());
  return async (name, options) => {
    const postgres = await standBefore("postgres", server);
    const environment: Environment = {
      dependencies: new Map([["postgres", postgres]]),
      control: "",
      close: () => postgres.close(),
      destroy: () => undefined,
    };
    const scenario = await startScenario(name, { ...options, environment });
    return {
      ...scenario,
      async close() {
        await scenario.close();
        await environment.close();
      },
    };
  };
}
