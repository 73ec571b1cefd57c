import { setTimeout as sleep } from "node:timers/promises";
import { type Counters, type Counts, openCounters, type Sessions } from "../counters.ts";
import type { Lab } from "../lab.ts";
import type { Running } from "../launch.ts";
import { load } from "../load.ts";
import { ours, peers } from "../servers.ts";

/** What the backends counted while Greenlight ran. */
export interface OwnObservations {
  readonly at: "idle" | "full load";
  readonly seconds: number;
  readonly requests: number;
  /** Observations of each backend in an interval of one second. */
  readonly perInterval: Counts;
  /** Most connections open at one time; each carries one observation at a time. */
  readonly mostSessions: Sessions;
}

/** What the backends counted while a peer was under load. */
export interface PeerObservations {
  readonly name: string;
  readonly requests: number;
  readonly perRequest: Counts;
  readonly perSecond: Counts;
}

export interface Observations {
  readonly own: readonly OwnObservations[];
  readonly peers: readonly PeerObservations[];
}

const loadedConnections = 256;
const sampleMs = 50;

/** Reads the backends' own counters: Greenlight idle and under full load, each peer under load. */
export async function measureObservations(lab: Lab): Promise<Observations> {
  const counters = await openCounters(lab.environment);
  try {
    lab.say("Observations: greenlight");
    const own = [await measureOwn(lab, counters, "idle"), await measureOwn(lab, counters, "full load")];
    const others: PeerObservations[] = [];
    for (const kind of peers) {
      lab.say(`Observations: ${kind.name}`);
      others.push(await measurePeer(lab, counters, kind));
    }
    return { own, peers: others };
  } finally {
    await counters.close();
  }
}

async function measureOwn(lab: Lab, counters: Counters, at: OwnObservations["at"]): Promise<OwnObservations> {
  const server = await lab.launchReady(ours, { proxied: true });
  const window = {
    from: await counters.counts(),
    at: performance.now(),
    samples: [await counters.sessions()],
  };
  const requests = await sampleDuring(workFor(at, lab, server), async () => {
    window.samples.push(await counters.sessions());
  });
  const seconds = (performance.now() - window.at) / 1000;
  const perInterval = rates(window.from, await counters.counts(), seconds);
  await lab.stop([server]);
  return { at, seconds, requests, perInterval, mostSessions: most(window.samples) };
}

/** Resolves with the number of requests. */
async function workFor(at: OwnObservations["at"], lab: Lab, server: Running): Promise<number> {
  const { signal } = lab;
  const seconds = lab.settings.observeSeconds;
  if (at === "idle") {
    await sleep(seconds * 1000, undefined, { signal });
    return 0;
  }
  return (await load({ server, connections: loadedConnections, seconds, signal })).requests;
}

async function sampleDuring<T>(work: Promise<T>, sample: () => Promise<void>): Promise<T> {
  const progress = { over: false };
  const watched = work.finally(() => (progress.over = true));
  while (!progress.over) {
    await sample();
    await Promise.race([sleep(sampleMs), watched]);
  }
  return watched;
}

async function measurePeer(
  lab: Lab,
  counters: Counters,
  kind: (typeof peers)[number],
): Promise<PeerObservations> {
  const server = await lab.launchReady(kind);
  const from = await counters.counts();
  const slice = await load({
    server,
    connections: 32,
    seconds: 1,
    signal: lab.signal,
  });
  const to = await counters.counts();
  await lab.stop([server]);
  return {
    name: kind.name,
    requests: slice.requests,
    perRequest: rates(from, to, slice.requests),
    perSecond: rates(from, to, slice.seconds),
  };
}

function rates(from: Counts, to: Counts, by: number): Counts {
  return {
    postgres: (to.postgres - from.postgres) / by,
    clickhouse: (to.clickhouse - from.clickhouse) / by,
    redis: (to.redis - from.redis) / by,
  };
}

function most(samples: readonly Sessions[]): Sessions {
  const of = (name: keyof Sessions): number => Math.max(...samples.map((sample) => sample[name]));
  return {
    postgres: of("postgres"),
    clickhouse: of("clickhouse"),
    redis: of("redis"),
    activeInPostgres: of("activeInPostgres"),
  };
}
