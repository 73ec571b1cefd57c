import type { Lab } from "../lab.ts";
import type { Running } from "../launch.ts";
import { load, type Manner, type Slice } from "../load.ts";
import { bareFastify, bareNodeHttp, constant, ours } from "../servers.ts";
import { maximum, median, rotate } from "../statistics.ts";
import { connectionCounts, downName } from "./throughput.ts";

/** How long the answers of one server take under one load. */
export interface Latency {
  readonly name: string;
  readonly load: "full" | "half";
  readonly connections: number;
  readonly slices: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  /** Median over the slices, and the worst of them. */
  readonly p99Ms: number;
  readonly worstP99Ms: number;
}

interface Load {
  readonly load: Latency["load"];
  readonly connections: number;
  readonly manner: Manner;
}

/** So long that the first answers on 256 new connections are far less than one in a hundred. */
const seconds = 5;

const most = Math.max(...connectionCounts);

/**
 * Under full load each connection asks again as soon as it has its answer, which keeps any server saturated; that is
 * measured on connections that are open already.
 * Under half load each rests after an answer, so long that all together come to half of the highest rate at most; what is
 * left is the server's own time.
 */
export async function measureLatency(lab: Lab): Promise<readonly Latency[]> {
  const { settings, say, signal } = lab;
  const servers = await Promise.all([
    lab.launchReady(ours),
    lab.launchReady(ours, { name: downName, dead: true }),
    lab.launchReady(bareFastify),
    lab.launchReady(bareNodeHttp),
    lab.launchReady(constant),
  ]);
  const loads: readonly Load[] = [
    ...connectionCounts.map((connections): Load => ({
      load: "full",
      connections,
      manner: { kind: "settles" },
    })),
    { load: "half", connections: most, manner: await halfOf(servers, signal) },
  ];
  const taken: { readonly name: string; readonly load: Load; readonly slice: Slice }[] = [];
  for (let round = 0; round < settings.latencySlices; round += 1) {
    say(`Latency: round ${round + 1} of ${settings.latencySlices}`);
    for (const each of loads) {
      const { connections, manner } = each;
      for (const server of rotate(servers, round)) {
        const slice = await load({ server, connections, seconds, signal, manner });
        taken.push({ name: server.name, load: each, slice });
      }
    }
  }
  await lab.stop(servers);
  return loads.flatMap((each) =>
    servers.map(({ name }) => {
      const slices = taken.filter((one) => one.name === name && one.load === each).map(({ slice }) => slice);
      return {
        name,
        load: each.load,
        connections: each.connections,
        slices: slices.length,
        requestsPerSecond: median(slices.map(({ requestsPerSecond }) => requestsPerSecond)),
        p50Ms: median(slices.map(({ p50Ms }) => p50Ms)),
        p99Ms: median(slices.map(({ p99Ms }) => p99Ms)),
        worstP99Ms: maximum(slices.map(({ p99Ms }) => p99Ms)),
      };
    }),
  );
}

/** Warms all servers up, and has clients rest so long that the slowest of them is asked for half of what it can give. */
async function halfOf(servers: readonly Running[], signal: AbortSignal): Promise<Manner> {
  const full: number[] = [];
  for (const server of servers) {
    // The first is slower than what follows.
    await load({ server, connections: most, seconds: 1, signal });
    full.push((await load({ server, connections: most, seconds: 1, signal })).requestsPerSecond);
  }
  return { kind: "rests", meanMs: (most * 1000) / (Math.min(...full) / 2) };
}
