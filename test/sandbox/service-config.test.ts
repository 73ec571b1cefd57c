import { expect, test } from "vitest";
import { formatFaults } from "../../src/config/format.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { DependencyName } from "../../src/sandbox/dependency.ts";
import type { Environment } from "../../src/sandbox/environment.ts";
import { serviceConfig, serviceVariables } from "../../src/sandbox/service-config.ts";
import { useEnvironment } from "../support/environment.ts";

const whole = await useEnvironment({ dependencies: ["redis", "auth", "auth-mock", "websocket"] });

/** The same environment, as if there were these of it alone. */
const only = (...names: readonly DependencyName[]): Environment => ({
  ...whole,
  dependencies: new Map([...whole.dependencies].filter(([name]) => names.includes(name))),
});

async function suitesOf(environment: Environment) {
  const text = serviceConfig(environment, {});
  const env = serviceVariables(environment, {});
  const result = await loadConfig({ env, file: { path: "greenlight.yaml", text } });
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return Object.fromEntries(
    result.config.suites.map(({ name, requirements }) => [
      name,
      requirements.map(({ dependency, assurance }) => `${dependency} ${assurance}`),
    ]),
  );
}

test("the service has the suites database and e2e, of what was started", async () => {
  expect(await suitesOf(whole)).toEqual({
    database: ["redis real"],
    all: ["redis real", "auth real", "websocket real"],
    e2e: ["redis real", "auth real", "websocket real"],
  });
});

test("where a mock is all there is, it will do for e2e, and not for all", async () => {
  expect(await suitesOf(only("auth-mock"))).toEqual({ all: ["auth real"], e2e: ["auth mock"] });
});

test("without an auth service it is not required", async () => {
  expect(await suitesOf(only("websocket"))).toEqual({ all: ["websocket real"], e2e: ["websocket real"] });
});
