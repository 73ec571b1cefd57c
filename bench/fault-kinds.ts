import type { DependencyName, SandboxDependency } from "../src/sandbox/dependency.ts";
import type { Environment } from "../src/sandbox/environment.ts";

/** A fault of section "Faults" of the report: what breaks, how, and what is to be seen of it. */
export interface FaultKind {
  readonly id: string;
  readonly title: string;
  /** What a fit answer may say: `503` while it lasts, or `200` throughout because nothing is wrong with the backends. */
  readonly truth: "503" | "200";
  /** From here on, a 200 while the fault lasts is false. Milliseconds. */
  readonly shownWithinMs: number;
  /** Whether the fault is there before the servers start. */
  readonly beforeStart: boolean;
  /** Whether the peers have "error" listeners. */
  readonly listeners: boolean;
  begin(environment: Environment): Promise<void>;
  end(environment: Environment): Promise<void>;
}

const closedMs = 100;
const frozenMs = 2000;

/** The faults, in the order in which they run. */
export const faultKinds: readonly FaultKind[] = [
  frozen("A", "Postgres frozen (SIGSTOP)", "postgres"),
  {
    ...fault("B", "Redis killed"),
    begin: async (environment) => get(environment, "redis").server.signal("SIGKILL"),
    end: (environment) => get(environment, "redis").restart(),
  },
  { ...stopped("C", "Postgres restarted, peers without error listeners"), listeners: false },
  stopped("C2", "Postgres restarted, peers with error listeners"),
  frozen("D", "Redis frozen (SIGSTOP)", "redis"),
  { ...stopped("E", "Booted while Postgres was down"), beforeStart: true },
  {
    ...fault("F", "Open connections dead, backends fine"),
    truth: "200",
    begin: async ({ dependencies }) => {
      for (const { proxy } of dependencies.values()) {
        await proxy.setMode("blackhole-established");
      }
    },
    end: async ({ dependencies }) => {
      for (const { proxy } of dependencies.values()) {
        await proxy.setMode("none");
      }
    },
  },
];

function fault(id: string, title: string) {
  return {
    id,
    title,
    truth: "503",
    shownWithinMs: closedMs,
    beforeStart: false,
    listeners: true,
  } as const;
}

function frozen(id: string, title: string, name: DependencyName): FaultKind {
  return {
    ...fault(id, title),
    shownWithinMs: frozenMs,
    begin: async (environment) => get(environment, name).server.signal("SIGSTOP"),
    end: async (environment) => get(environment, name).server.signal("SIGCONT"),
  };
}

function stopped(id: string, title: string): FaultKind {
  return {
    ...fault(id, title),
    begin: (environment) => get(environment, "postgres").server.stop(),
    end: (environment) => get(environment, "postgres").restart(),
  };
}

function get({ dependencies }: Environment, name: DependencyName): SandboxDependency {
  const dependency = dependencies.get(name);
  if (dependency === undefined) {
    throw new Error(`The environment has no ${name}.`);
  }
  return dependency;
}
