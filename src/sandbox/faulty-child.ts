import { startNodeChild } from "./node-child.ts";
import { type OwnFaults, trackFaults } from "./own-faults.ts";
import type { ManagedProcess } from "./process.ts";
import type { SandboxServer } from "./server.ts";
import { type Address, supervise } from "./supervise.ts";

/** A program of the sandbox that serves, and can be told to do it wrongly. */
export interface FaultyChildOptions {
  name: string;
  program: URL;
  /** Its variables, beside PATH. */
  env: NodeJS.ProcessEnv;
  /** The names of its faults. */
  modes: readonly string[];
  address: Address;
  signal: AbortSignal | undefined;
}

/** The handle also sets faults of the server itself. */
export interface FaultyServer extends SandboxServer {
  readonly faults: OwnFaults;
}

/** Starts it and keeps track of it and its faults. Throws `START_FAILED`, `START_TIMEOUT` or `ABORTED`. */
export async function startFaultyChild(options: FaultyChildOptions): Promise<FaultyServer> {
  const { name, program, env, address } = options;
  const faults = trackFaults(name, options.modes);
  async function start(signal: AbortSignal | undefined): Promise<ManagedProcess> {
    const managed = await startNodeChild({ name, program, env, signal });
    faults.attach(managed);
    return managed;
  }
  return Object.assign(await supervise({ name, address, start }, options.signal), { faults });
}
