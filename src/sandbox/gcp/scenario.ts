import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory, removeDirectory } from "../directory.ts";
import type { SandboxDependency } from "../dependency.ts";
import { type Environment, startEnvironment } from "../environment.ts";
import type { Durations } from "./call.ts";
import { type FakeGcp, startGcp } from "./gcp.ts";
import { acme } from "./names.ts";
import { reach, type Reach } from "./reach.ts";
import { type ScenarioName, scenarios } from "./scenarios.ts";

/** A running scenario: a real Postgres, a fake of Google Cloud, and a configuration for the command line. */
export interface RunningScenario {
  readonly name: ScenarioName;
  readonly environment: Environment;
  readonly postgres: SandboxDependency;
  readonly gcp: FakeGcp;
  /** Where the configuration is; it goes with `close`. */
  readonly folder: string;
  /** The configuration file. */
  readonly file: string;
  /** What the command line needs of variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether the service of the fake reaches its instance now. */
  reach(): Reach;
  /** Called when that changes. */
  onReach(listener: (found: Reach) => void): void;
  /** Resolves once the proxy does what the world says. */
  settled(): Promise<void>;
  close(): Promise<void>;
  /** The same at once, for a process about to exit. */
  destroy(): void;
}

export interface ScenarioOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: seconds, as somebody who watches can bear. */
  readonly durations?: Partial<Durations>;
  /** Runs already, with a Postgres before which nobody else sets faults, and is left running without one. */
  readonly environment?: Environment;
}

const watchable: Durations = { connector: 3000, service: 2000, sql: 3000, api: 1000, iam: 3000 };
const way = { service: acme.service, instance: acme.sql };

/** Starts everything with the scenario's fault in force. Throws what the parts throw, and leaves nothing then. */
export async function startScenario(
  name: ScenarioName,
  { signal, durations, environment: given }: ScenarioOptions = {},
): Promise<RunningScenario> {
  const environment = given ?? (await startEnvironment({ signal, dependencies: ["postgres"] }));
  const leave = async (): Promise<void> => {
    if (given === undefined) await environment.close();
    else await environment.dependencies.get("postgres")?.setMode("none");
  };
  let gcp: FakeGcp | undefined;
  let folder: string | undefined;
  try {
    const postgres = environment.dependencies.get("postgres");
    if (postgres === undefined) throw new TypeError("The environment has no Postgres.");
    const fake = await startGcp({ durations: { ...watchable, ...durations } });
    gcp = fake;
    fake.edit((world) => scenarios[name].arrange(world));
    const listeners = new Set<(found: Reach) => void>();
    const tie = tieProxy(
      postgres,
      () => reach(fake.world, way),
      (found) => {
        for (const listener of listeners) listener(found);
      },
    );
    fake.onChange(tie.update);
    tie.update();
    await tie.settled();
    folder = await makeDirectory("scenario");
    const made = folder;
    const file = join(made, "greenlight.yaml");
    writeFileSync(file, configuration(fake, made), { mode: 0o600 });
    mkdirSync(join(made, "gcloud"));
    return {
      name,
      environment,
      postgres,
      gcp: fake,
      folder: made,
      file,
      variables: {
        GREENLIGHT_CONFIG: file,
        DATABASE_URL: postgres.url(),
        // Credentials of whoever tries this stay out of it.
        CLOUDSDK_CONFIG: join(made, "gcloud"),
        ...fake.env(),
      },
      reach: () => reach(fake.world, way),
      onReach: (listener) => void listeners.add(listener),
      settled: tie.settled,
      async close() {
        await fake.close();
        await tie.settled();
        await leave();
        removeDirectory(made);
      },
      destroy() {
        if (given === undefined) environment.destroy();
        removeDirectory(made);
      },
    };
  } catch (error) {
    await gcp?.close();
    await leave();
    if (folder !== undefined) removeDirectory(folder);
    throw error;
  }
}

/** Sets the proxy to what the world says, one change after the other. */
function tieProxy(postgres: SandboxDependency, now: () => Reach, onSet: (found: Reach) => void) {
  let last = Promise.resolve();
  const set = async (): Promise<void> => {
    const found = now();
    const mode = found.kind === "reached" ? "none" : found.mode;
    if (postgres.mode === mode) return;
    await postgres.setMode(mode);
    onSet(found);
  };
  return {
    update(): void {
      last = last.then(set, set);
    },
    settled: () => last,
  };
}

/** JSON, of which YAML is the greater part. */
function configuration(gcp: FakeGcp, folder: string): string {
  const config = {
    environment: "staging",
    dependencies: { postgres: { url: "${DATABASE_URL}" } },
    suites: { database: ["postgres"] },
    gcp: {
      project: acme.project,
      region: acme.region,
      service: "greenlight-api",
      remediator: acme.remediator,
      dependencies: { postgres: { sql: `${acme.project}:${acme.region}:db` } },
      network: "default",
      subnet: "default",
      connector: { name: "staging-connector", range: "10.8.0.0/28" },
      endpoints: { all: gcp.url },
    },
    store: { path: join(folder, "greenlight.db") },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
