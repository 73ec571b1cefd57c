import type { Lab } from "../lab.ts";
import type { Running } from "../launch.ts";
import { load, type Slice } from "../load.ts";
import { bareFastify, bareNodeHttp, constant, ours, peers } from "../servers.ts";
import { maximum, median, ratios, rotate, type Spread, spread, spreadRounds } from "../statistics.ts";

/** One server at one number of connections. */
export interface Throughput {
  readonly name: string;
  readonly connections: number;
  readonly slices: number;
  /** Slices in which others worked on the server's core. */
  readonly disturbed: number;
  /** Whether these are left out; they are not when too few would remain. */
  readonly leftOut: boolean;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  /** Median over the slices, and the worst of them. */
  readonly p99Ms: number;
  readonly worstP99Ms: number;
  readonly cpuUsPerRequest: number;
  /** Rate over that of another server in the same round. */
  readonly toBareFastify: Spread;
  readonly toBareNodeHttp: Spread;
  readonly toOurs: Spread;
  /** Processor time for a request over bare Fastify's in the same round. */
  readonly cpuToBareFastify: Spread;
  readonly bad: number;
  readonly socketErrors: number;
}

/** The name of the second Greenlight, whose backends are all down. */
export const downName = "greenlight, all backends down";
/** The share of the server's core that others may take during a slice. */
export const mostForeign = 0.05;
/** How many rounds a process lives. */
const roundsPerLife = 2;
export const connectionCounts = [32, 256] as const;

/**
 * All servers alive at once, loaded one after the other, round after round, each round in another order. Two processes of
 * one program differ by some per cent, for as long as they live: all are started anew every few rounds.
 */
export async function measureThroughput(lab: Lab): Promise<readonly Throughput[]> {
  const { settings, say, signal } = lab;
  const guestRounds = spreadRounds(settings.slices, settings.peerSlices);
  const taken: Taken[] = [];
  let servers: Servers | undefined;
  for (let round = 0; round < settings.slices; round += 1) {
    say(`Throughput: round ${round + 1} of ${settings.slices}`);
    if (servers === undefined || round % roundsPerLife === 0) {
      await lab.stop(servers?.all ?? []);
      const rounds = Array.from({ length: roundsPerLife }, (_, index) => round + index);
      servers = await launchAll(
        lab,
        rounds.some((each) => guestRounds.has(each)),
      );
    }
    const present = guestRounds.has(round) ? servers.all : servers.always;
    for (const connections of rotate(connectionCounts, round)) {
      for (const server of rotate(present, round)) {
        taken.push({
          name: server.name,
          round,
          connections,
          slice: await slice(server, connections, signal),
        });
      }
    }
  }
  await lab.stop(servers?.all ?? []);
  const names = [...new Set(taken.map(({ name }) => name))];
  return connectionCounts.flatMap((connections) => names.map((name) => summarise(name, connections, taken)));
}

interface Servers {
  /** Those of every round. */
  readonly always: readonly Running[];
  readonly all: readonly Running[];
}

/** Starts all servers, guests where there is a round for them, and warms each up. */
async function launchAll(lab: Lab, withGuests: boolean): Promise<Servers> {
  const always = await Promise.all([
    lab.launchReady(ours),
    lab.launchReady(bareFastify),
    lab.launchReady(bareNodeHttp),
    lab.launchReady(constant),
    lab.launchReady(ours, { name: downName, dead: true }),
  ]);
  const guests = await Promise.all((withGuests ? peers : []).map((kind) => lab.launchReady(kind)));
  const all = [...always, ...guests];
  for (const server of all) {
    await slice(server, connectionCounts[0], lab.signal);
  }
  return { always, all };
}

function slice(server: Running, connections: number, signal: AbortSignal): Promise<Slice> {
  return load({ server, connections, seconds: 1, signal });
}

const rate = (slice: Slice): number => slice.requestsPerSecond;
const cpu = (slice: Slice): number => slice.cpuUsPerRequest;

/** One slice and where it belongs. */
export interface Taken {
  readonly name: string;
  readonly round: number;
  readonly connections: number;
  readonly slice: Slice;
}

/** The slices in which the server had its core to itself; all, when these are too few to judge by. */
function undisturbed(taken: readonly Taken[]): readonly Taken[] {
  const kept = taken.filter((each) => !isDisturbed(each));
  return kept.length * 3 < taken.length ? taken : kept;
}

const isDisturbed = ({ slice }: Taken): boolean => slice.foreign > mostForeign;

/** Sums up the slices of one server at one number of connections; ratios are within a round. */
export function summarise(name: string, connections: number, taken: readonly Taken[]): Throughput {
  const all = taken.filter((each) => each.name === name && each.connections === connections);
  const of = (who: string): readonly Taken[] =>
    undisturbed(taken.filter((each) => each.name === who && each.connections === connections));
  const byRound = (who: string, value: (slice: Slice) => number): ReadonlyMap<number, number> =>
    new Map(of(who).map((each) => [each.round, value(each.slice)]));
  const to = (other: string, value = rate): Spread =>
    spread(ratios(byRound(name, value), byRound(other, value)));
  const slices = of(name).map((each) => each.slice);
  return {
    name,
    connections,
    slices: slices.length,
    disturbed: all.filter(isDisturbed).length,
    leftOut: slices.length < all.length,
    requestsPerSecond: median(slices.map(rate)),
    p50Ms: median(slices.map((each) => each.p50Ms)),
    p99Ms: median(slices.map((each) => each.p99Ms)),
    worstP99Ms: maximum(slices.map((each) => each.p99Ms)),
    cpuUsPerRequest: median(slices.map(cpu)),
    toBareFastify: to(bareFastify.name),
    toBareNodeHttp: to(bareNodeHttp.name),
    toOurs: to(ours.name),
    cpuToBareFastify: to(bareFastify.name, cpu),
    bad: slices.reduce((sum, each) => sum + each.bad, 0),
    socketErrors: slices.reduce((sum, each) => sum + each.socketErrors, 0),
  };
}
