import type { Lab } from "../lab.ts";
import type { Running } from "../launch.ts";
import { load, type Manner, type Slice } from "../load.ts";
import { bareFastify, bareNodeHttp, constant, ours, peers } from "../servers.ts";
import { median, ratios, rotate, type Spread, spread, spreadRounds } from "../statistics.ts";

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
/** Greenlight, asked with other bytes each time, so that it reads every request. */
export const readName = "greenlight, reading every request";
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
    const present = guestRounds.has(round) ? servers.present : servers.always;
    for (const connections of rotate(connectionCounts, round)) {
      for (const { name, server, manner } of rotate(present, round)) {
        const slice = await load({ server, connections, seconds: 1, signal, manner });
        taken.push({ name, round, connections, slice });
      }
    }
  }
  await lab.stop(servers?.all ?? []);
  const names = [...new Set(taken.map(({ name }) => name))];
  return connectionCounts.flatMap((connections) => names.map((name) => summarise(name, connections, taken)));
}

/** A server and how it is asked. */
interface Contender {
  readonly name: string;
  readonly server: Running;
  readonly manner?: Manner;
}

interface Servers {
  /** Those of every round. */
  readonly always: readonly Contender[];
  readonly present: readonly Contender[];
  readonly all: readonly Running[];
}

const asUsual = (server: Running): Contender => ({ name: server.name, server });

/** Starts all servers, guests where there is a round for them, and warms each up. */
async function launchAll(lab: Lab, withGuests: boolean): Promise<Servers> {
  const { signal } = lab;
  const [own, ...others] = await Promise.all([
    lab.launchReady(ours),
    lab.launchReady(bareFastify),
    lab.launchReady(bareNodeHttp),
    lab.launchReady(constant),
    lab.launchReady(ours, { name: downName, dead: true }),
  ]);
  const guests = await Promise.all((withGuests ? peers : []).map((kind) => lab.launchReady(kind)));
  const reading = { name: readName, server: own, manner: { kind: "varies" } } as const;
  const always = [...[own, ...others].map(asUsual), reading];
  const present = [...always, ...guests.map(asUsual)];
  for (const { server, manner } of present) {
    await load({ server, connections: connectionCounts[0], seconds: 1, signal, manner });
  }
  return { always, present, all: [own, ...others, ...guests] };
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
    cpuUsPerRequest: median(slices.map(cpu)),
    toBareFastify: to(bareFastify.name),
    toBareNodeHttp: to(bareNodeHttp.name),
    toOurs: to(ours.name),
    cpuToBareFastify: to(bareFastify.name, cpu),
    bad: slices.reduce((sum, each) => sum + each.bad, 0),
    socketErrors: slices.reduce((sum, each) => sum + each.socketErrors, 0),
  };
}
