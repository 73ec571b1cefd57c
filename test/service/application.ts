import { afterAll } from "vitest";
import type { AppOptions } from "../../src/app.ts";
import { buildApp } from "../../src/app.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { FindingSource } from "../../src/findings/source.ts";
import { createServices, type Services, type ServicesOptions } from "../../src/services.ts";
import { type Clock, systemClock } from "../../services/clock.ts";
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { SuiteOptions } from "../../services/gate/suite.ts";

/** Quick enough for tests, slow enough for a busy machine. */
export const QUICK: Readonly<Record<string, string>> = {
  GREENLIGHT_PROBE_INTERVAL: "250ms",
  GREENLIGHT_PROBE_DEADLINES_CONNECT: "800ms",
  GREENLIGHT_PROBE_DEADLINES_QUERY: "400ms",
};

export interface Application {
  readonly url: string;
  readonly port: number;
  readonly services: Services;
  close(): Promise<void>;
}

export interface ApplicationOptions extends Partial<AppOptions> {
  /** Variables of the process, as a user would set them; `QUICK` lies beneath. */
  readonly env: Readonly<Record<string, string>>;
  /** Default true; without it nothing is ever observed. */
  readonly observe?: boolean;
  readonly clock?: Clock;
  /** In place of those that the variables configure. */
  readonly dependencies?: readonly DependencyOptions[];
  readonly suites?: readonly SuiteOptions[];
  readonly suiteDependencies?: readonly DependencyOptions[];
  /** What is looked at for findings; nothing is looked at before the registry is told to. Default: nothing. */
  readonly sources?: readonly FindingSource[];
  readonly strictness?: Config["strictness"];
  readonly waivers?: Config["waivers"];
  /** What may be applied without a person. */
  readonly autoApply?: readonly string[];
  /** In place of the store and the actions. */
  readonly remediation?: ServicesOptions["remediation"];
}

export async function configFor(env: Readonly<Record<string, string>>): Promise<Config> {
  const result = await loadConfig({ env });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.config;
}

/** The service in this process, on a port of its own. */
export async function startApplication({
  env,
  observe = true,
  clock = systemClock,
  dependencies,
  suites,
  suiteDependencies,
  sources = [],
  strictness,
  waivers,
  autoApply,
  remediation = {},
  ...app
}: ApplicationOptions): Promise<Application> {
  const found = await configFor({ ...QUICK, ...env });
  const config: Config = {
    ...found,
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(suites === undefined ? {} : { suites }),
    ...(suiteDependencies === undefined ? {} : { suiteDependencies }),
    ...(strictness === undefined ? {} : { strictness }),
    ...(waivers === undefined ? {} : { waivers }),
    ...(autoApply === undefined ? {} : { remediation: { ...found.remediation, autoApply } }),
  };
  const version = "0.0.0-test";
  const services = createServices({ config, clock, version, surroundings: { env }, sources, remediation });
  const instance = await buildApp(services, { access: config.access, ...app });
  const url = await instance.listen({ host: "127.0.0.1", port: 0 });
  services.standings.start();
  services.lifecycle.enter("ready");
  if (observe) await services.monitor.start();
  return {
    url,
    port: Number(new URL(url).port),
    services,
    async close() {
      await instance.close();
      await services.close();
    },
  };
}

/** The same for the tests of a file; stopped after the last one. */
export async function useApplication(options: ApplicationOptions): Promise<Application> {
  const application = await startApplication(options);
  afterAll(() => application.close());
  return application;
}
