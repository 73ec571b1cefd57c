import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DependencyName } from "../src/sandbox/dependency.ts";
import { type Environment, startEnvironment } from "../src/sandbox/environment.ts";
import { freePort } from "../src/sandbox/ports.ts";
import type { Settings } from "./arguments.ts";
import type { Cores } from "./cores.ts";
import { ask } from "./http.ts";
import { launch, type Running, untilAnswer } from "./launch.ts";
import { ours, type ServerKind } from "./servers.ts";

const backends = ["postgres", "clickhouse", "redis"] as const;

/** Real backends behind fault proxies, and the means to start servers on them. Ends all it started. */
export interface Lab {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  say(text: string): void;
  /** Starts a server on the backends, or on ports that nothing listens on. */
  launch(kind: ServerKind, options?: LabLaunchOptions): Promise<Running>;
  /** The same, and waits until it answers 200, or 503 where `dead`. */
  launchReady(kind: ServerKind, options?: LabLaunchOptions): Promise<Running>;
  stop(servers: readonly Running[]): Promise<void>;
  close(): Promise<void>;
}

export interface LabLaunchOptions {
  readonly name?: string;
  /** Give it ports that nothing listens on instead of the backends. */
  readonly dead?: boolean;
  /** Reach the backends through the fault proxies, which cost a busy client a part of its rate. */
  readonly proxied?: boolean;
  /** Leave out the "error" listeners of the peers. */
  readonly listeners?: boolean;
  /** More variables, for example those of an access mode. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface LabOptions {
  readonly settings: Settings;
  readonly cores: Cores | undefined;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Starts the backends and takes down one healthy answer of Greenlight's for the bare servers to give. */
export async function openLab({ settings, cores, signal, say }: LabOptions): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), "greenlight-bench-"));
  const bodyFile = join(folder, "body.json");
  const running = new Set<Running>();
  let environment: Environment | undefined;

  async function close(): Promise<void> {
    await stop([...running]);
    await environment?.close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function stop(servers: readonly Running[]): Promise<void> {
    await Promise.all(servers.map((server) => server.stop()));
    for (const server of servers) {
      running.delete(server);
    }
  }

  async function open(): Promise<Lab> {
    say("Starting Postgres, ClickHouse and Redis ...");
    // Counting each statement; no statements but those of the servers under test.
    const postgres = { settings: { shared_preload_libraries: "pg_stat_statements", autovacuum: "off" } };
    const opened = await startEnvironment({ signal, postgres, dependencies: [...backends] });
    environment = opened;
    const deadUrls = {
      DATABASE_URL: `postgres://app:app@127.0.0.1:${await freePort()}/app`,
      CLICKHOUSE_URL: `http://app:app@127.0.0.1:${await freePort()}/app`,
      REDIS_URL: `redis://app:app@127.0.0.1:${await freePort()}/0`,
    };
    const lab: Lab = {
      settings,
      environment: opened,
      signal,
      say,
      stop,
      close,
      async launch(
        kind,
        { name, dead = false, proxied = false, listeners = true, variables: more = {} } = {},
      ) {
        signal.throwIfAborted();
        const variables = {
          ...(dead ? deadUrls : backendUrls(opened, proxied)),
          BODY_FILE: bodyFile,
          LISTENERS: listeners ? "yes" : "no",
          LOG_LEVEL: "error",
          ...(kind.role === "ours" ? { GREENLIGHT_ENVIRONMENT: "bench" } : {}),
          ...more,
        };
        const server = await launch({ kind, name, cores, variables });
        running.add(server);
        return server;
      },
      async launchReady(kind, options = {}) {
        const server = await lab.launch(kind, options);
        await untilAnswer(server, [options.dead === true ? 503 : 200], signal);
        return server;
      },
    };
    const source = await lab.launchReady(ours);
    writeFileSync(bodyFile, (await ask(source.url, 1000)).body);
    await stop([source]);
    return lab;
  }

  try {
    return await open();
  } catch (error) {
    await close();
    throw error;
  }
}

function backendUrls({ dependencies }: Environment, proxied: boolean): Record<string, string> {
  const url = (name: DependencyName): string => {
    const dependency = dependencies.get(name);
    return (proxied ? dependency?.url() : dependency?.server.url()) ?? "";
  };
  return { DATABASE_URL: url("postgres"), CLICKHOUSE_URL: url("clickhouse"), REDIS_URL: url("redis") };
}
