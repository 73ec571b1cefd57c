import type { Lab } from "../lab.ts";
import { load, type Slice } from "../load.ts";
import { bareFastify, bareNodeHttp, constant, ours } from "../servers.ts";
import { maximum, median, rotate } from "../statistics.ts";
import { downName } from "./throughput.ts";

/** How long answers take while the clients together ask for at most half of what the server could give. */
export interface Latency {
  readonly name: string;
  readonly slices: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  /** Median over the slices, and the worst of them. */
  readonly p99Ms: number;
  readonly worstP99Ms: number;
}

const connections = 256;

/**
 * Clients that ask again at once keep any server saturated, and what they wait for is each other. Here each rests after
 * an answer, so long that 256 of them come to half of the highest rate at most; what is left is the server's own time.
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
  const full: number[] = [];
  for (const server of servers) {
    // The first is slower than what follows.
    await load({ server, connections, seconds: 1, signal });
    full.push((await load({ server, connections, seconds: 1, signal })).requestsPerSecond);
  }
  const thinkMs = (connections * 1000) / (Math.min(...full) / 2);
  const taken = new Map<string, Slice[]>(servers.map(({ name }) => [name, []]));
  for (let round = 0; round < settings.shortSlices; round += 1) {
    say(`Latency at half load: round ${round + 1} of ${settings.shortSlices}`);
    for (const server of rotate(servers, round)) {
      taken.get(server.name)?.push(await load({ server, connections, seconds: 1, signal, thinkMs }));
    }
  }
  await lab.stop(servers);
  return [...taken].map(([name, slices]) => ({
    name,
    slices: slices.length,
    requestsPerSecond: median(slices.map((each) => each.requestsPerSecond)),
    p50Ms: median(slices.map((each) => each.p50Ms)),
    p99Ms: median(slices.map((each) => each.p99Ms)),
    worstP99Ms: maximum(slices.map((each) => each.p99Ms)),
  }));
}
