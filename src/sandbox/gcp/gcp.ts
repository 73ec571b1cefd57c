import { createDispatch } from "./dispatch.ts";
import { type Durations, type Scene } from "./call.ts";
import { compute, memorystore, secretManager, serviceNetworking } from "./data-apis.ts";
import { createFaults, type Fault } from "./faults.ts";
import { seed } from "./fixtures.ts";
import { acme } from "./names.ts";
import { listen, type Logged } from "./http.ts";
import { iam, iamCredentials, resourceManager } from "./identity.ts";
import { startMetadata } from "./metadata.ts";
import { createOperations, type Planned } from "./operations.ts";
import { createPolicies } from "./policies.ts";
import { run } from "./run.ts";
import { serviceUsage } from "./service-usage.ts";
import { comparable, type Snapshot } from "./snapshot.ts";
import { sqlAdmin } from "./sql-admin.ts";
import { type FakeTime, realTime } from "./time.ts";
import { createTokens } from "./tokens.ts";
import { vpcAccess } from "./vpc-access.ts";
import { createWorld, type World } from "./world.ts";

export interface GcpOptions {
  /** Default: the machine's own. */
  time?: FakeTime;
  /** How long operations take; default 20 ms each, and IAM is in force at once. */
  durations?: Partial<Durations>;
  /** Makes the world that it starts with; default `seed`. */
  seed?: (world: World) => void;
}

/** A running fake of Google Cloud, and its metadata server. */
export interface FakeGcp {
  /** Each API is below a prefix of its own: `${url}/run/v2/…`. */
  readonly url: string;
  /** For `GCE_METADATA_HOST`: `127.0.0.1:PORT`. */
  readonly metadataHost: string;
  readonly durations: Durations;
  /** What a program needs to have its credentials here. */
  env(): Record<string, string>;
  readonly world: World;
  /** Changes the world behind everybody's back. */
  edit(change: (world: World) => void): void;
  /** Called after whatever may have changed the world; the function returned ends that. */
  onChange(listener: () => void): () => void;
  inject(fault: Fault): void;
  clearFaults(): void;
  /** Decides how the next operation of an API ends, and when. */
  planOperation(planned: Planned): void;
  /** Operations under way that will end. */
  pending(): number;
  /** What came since the start, or since the last `forget`. */
  requests(): readonly Logged[];
  forget(): void;
  /** The world without what a change and its opposite leave behind: etags, generations, names of revisions. */
  snapshot(): Snapshot;
  /** An access token of an account. */
  token(email: string): string;
  close(): Promise<void>;
}

const controlApis = [serviceUsage, vpcAccess, run, resourceManager, iam, iamCredentials];
const dataApis = [sqlAdmin, memorystore, secretManager, compute, serviceNetworking];
const tokenMs = 3_600_000;
const quick: Durations = { connector: 20, service: 20, sql: 20, api: 20, iam: 0 };

/** Starts both servers on free ports of 127.0.0.1. */
export async function startGcp(options: GcpOptions = {}): Promise<FakeGcp> {
  const { time = realTime } = options;
  const durations: Durations = { ...quick, ...options.durations };
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  let spreading = false;
  const policies = createPolicies({
    now: () => time.now(),
    delayMs: () => (spreading ? durations.iam : 0),
    onSpread: (due) => void time.at(due, changed),
  });
  const world = createWorld(policies);
  (options.seed ?? seed)(world);
  spreading = true;
  const tokens = createTokens(() => time.now());
  const operations = createOperations(time, changed);
  const faults = createFaults();
  const log: Logged[] = [];
  const scene: Scene = { world, operations, time, durations, mint: tokens.mint, busy: new Set() };
  const apis = [...controlApis, ...dataApis];
  const now = (): number => time.now();
  const answer = createDispatch({ apis, scene, tokens });
  const listener = await listen({ answer, faults, log, now, onWritten: changed });
  const project = world.projects.get(acme.project) ?? {
    id: acme.project,
    number: acme.number,
    enabled: new Set(),
  };
  const metadata = await startMetadata(
    { project, region: acme.region, account: () => acme.runtime },
    world,
    tokens,
  );
  return {
    url: listener.url,
    metadataHost: metadata.host,
    durations,
    env: () => ({ GCE_METADATA_HOST: metadata.host, METADATA_SERVER_DETECTION: "assume-present" }),
    world,
    edit(change) {
      spreading = false;
      try {
        change(world);
      } finally {
        spreading = true;
      }
      changed();
    },
    onChange(each) {
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    inject: faults.inject,
    clearFaults: faults.clear,
    planOperation: operations.plan,
    pending: operations.pending,
    requests: () => [...log],
    forget: () => void (log.length = 0),
    snapshot: () => comparable(world),
    token: (email) => tokens.mint(email, tokenMs),
    async close() {
      // Operations under way end later, and nobody is to hear of it.
      listeners.clear();
      await Promise.all([listener.close(), metadata.close()]);
    },
  };
}
